import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { Day } from '../days.ts'
import type { CourtId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { courtGoLiveChanged } from './events.ts'
import { writeGoLive } from './store.ts'

/** Sets the day of a court's go-live to that of an apply file; null: it is not known. */
export async function syncGoLive(
  tx: Transaction,
  courtId: CourtId,
  goLiveOn: Day | null,
  by: By,
): Promise<void> {
  await writeGoLive(tx, courtId, goLiveOn)
  await recordEvent(tx, courtGoLiveChanged({ courtId, goLiveOn, by }))
}
