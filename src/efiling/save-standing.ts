import { standingChanged } from '../audit/events.ts'
import { appendEvent } from '../audit/store.ts'
import { dateColumn, dayOfColumn } from '../days.ts'
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
  if (before && isSame(readStanding(before), standing)) return

  const data = {
    ...standing,
    actions: [...standing.actions],
    sinceOn: standing.sinceOn && dateColumn(standing.sinceOn),
    endsOn: standing.endsOn && dateColumn(standing.endsOn),
  }
  const { version } = await tx.standing.upsert({
    where: key,
    create: { accountId, courtId, ...data },
    update: { ...data, version: { increment: 1 } },
  })
  await appendEvent(tx, standingChanged({ accountId, courtId, status: standing.status, version }))
}

type StandingRow = NonNullable<Awaited<ReturnType<Transaction['standing']['findUnique']>>>

function readStanding(row: StandingRow): Standing {
  return {
    ...row,
    role: row.role as Standing['role'],
    actions: row.actions as Standing['actions'][number][],
    sinceOn: row.sinceOn && dayOfColumn(row.sinceOn),
    endsOn: row.endsOn && dayOfColumn(row.endsOn),
  }
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
