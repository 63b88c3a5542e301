import { now } from '../clock.ts'
import type { AccountId, CourtId } from '../ids.ts'
import type { Queryable } from '../storage/db.ts'
import { findFacts } from './facts.ts'
import { listRightCourts } from './right-store.ts'
import { efilingEntry } from './standing.ts'
import { statusWords } from './standing-words.ts'

/** The courts where somebody has a right that is in force or suspended, or waits for one, with a word for it. */
export async function listOpenCourts(
  db: Queryable,
  accountId: AccountId,
): Promise<{ readonly id: CourtId; readonly name: string; readonly label: string }[]> {
  const facts = await findFacts(db, accountId, await listRightCourts(db, accountId), undefined)
  if (!facts) return []
  const at = now()
  return facts.courts.flatMap((court) => {
    const { status } = efilingEntry(court, facts.account, court.right, undefined, at)
    const isOpen = status === 'active' || status === 'pending' || status === 'suspended'
    return isOpen ? [{ id: court.id, name: court.name, label: statusWords[status].label }] : []
  })
}
