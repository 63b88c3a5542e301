import type { By } from '../audit/by.ts'
import { type Day, momentIn } from '../days.ts'
import { type Outcome, ok } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { type ChangeGoLiveRefusal, writeGoLiveChange } from './change-go-live.ts'
import type { Court } from './court.ts'

/**
 * Sets the day of a court's go-live to that of an apply file, from whatever state it is in; the day begins
 * at midnight there. Null: it is not known.
 */
export async function syncGoLive(
  tx: Transaction,
  { id, timeZone }: Pick<Court, 'id' | 'timeZone'>,
  goLiveOn: Day | null,
  by: By,
): Promise<Outcome<void, ChangeGoLiveRefusal>> {
  const liveAt = goLiveOn && momentIn(goLiveOn, '00:00', timeZone)
  const written = await writeGoLiveChange(tx, { courtId: id, change: { kind: 'set', liveAt } }, by)
  return written.ok ? ok() : written
}
