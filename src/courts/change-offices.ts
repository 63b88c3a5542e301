import { isDeepStrictEqual } from 'node:util'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { CourtId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { type ChangeRefusal, changerOf } from './change-practice.ts'
import { courtOfficesChanged } from './events.ts'
import type { KeptOffice } from './office.ts'
import { findKeptOffices, insertOffices } from './office-store.ts'
import type { ListRefusal } from './ordered-list.ts'

/**
 * Changes the list of a court's offices, as `changePractice` changes its practice: a new version with its
 * audit row, and nothing where somebody saved since version `basedOn`.
 */
export function changeOffices(
  db: Database,
  change: {
    readonly courtId: CourtId
    readonly basedOn: number
    readonly change: (offices: readonly KeptOffice[]) => Outcome<readonly KeptOffice[], ListRefusal>
  },
  by: By,
): Promise<Outcome<void, ChangeRefusal>> {
  const { courtId, basedOn } = change
  return inTransaction<Outcome<void, ChangeRefusal>>(db, async (tx) => {
    const before = await findKeptOffices(tx, courtId)
    if (before.version !== basedOn) return refused('changed-meanwhile')
    const offices = change.change(before.offices)
    if (!offices.ok) return offices
    return writeOffices(tx, courtId, { before, offices: offices.value }, by)
  })
}

/** Writes the version after `before`; of two that do so at once, one writes. */
export async function writeOffices(
  tx: Transaction,
  courtId: CourtId,
  {
    before,
    offices,
  }: {
    readonly before: { readonly version: number; readonly offices: readonly KeptOffice[] }
    readonly offices: readonly KeptOffice[]
  },
  by: By,
): Promise<Outcome<void, 'changed-meanwhile'>> {
  if (isDeepStrictEqual(before.offices, offices)) return ok()
  const version = before.version + 1
  const isWritten = await insertOffices(tx, courtId, { version, offices }, changerOf(by))
  if (!isWritten) return refused('changed-meanwhile')
  await recordEvent(tx, courtOfficesChanged({ courtId, version, count: offices.length, by }))
  return ok()
}
