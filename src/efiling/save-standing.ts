import { standingChanged } from '../audit/events.ts'
import { appendEvent } from '../audit/store.ts'
import type { AccountId, CourtId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import type { Standing } from './standing.ts'

/**
 * Brings a person's standing at a court to the given facts. Every change raises the version by one,
 * so that a court can tell an older fact from a newer one; no difference writes nothing.
 */
export async function saveStanding(
  tx: Transaction,
  accountId: AccountId,
  courtId: CourtId,
  standing: Omit<Standing, 'version'>,
): Promise<void> {
  const key = { accountId_courtId: { accountId, courtId } }
  const before = await tx.standing.findUnique({ where: key })
  const data = { ...standing, actions: [...standing.actions] }
  if (before && isSame(before as Standing, standing)) return

  const { version } = await tx.standing.upsert({
    where: key,
    create: { accountId, courtId, ...data },
    update: { ...data, version: { increment: 1 } },
  })
  await appendEvent(tx, standingChanged({ accountId, courtId, status: standing.status, version }))
}

function isSame(before: Standing, after: Omit<Standing, 'version'>): boolean {
  const facts = (standing: Omit<Standing, 'version'>) =>
    JSON.stringify([
      standing.status,
      standing.role,
      standing.filerId,
      standing.isAdmitted,
      [...standing.actions].sort(),
      standing.sinceOn,
      standing.endsOn,
    ])
  return facts(before) === facts(after)
}
