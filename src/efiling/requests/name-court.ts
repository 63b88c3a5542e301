import { listCourtNames } from '../../courts/store.ts'
import type { CourtId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'

/** The name of a court in a message; its id where it has none. */
export async function nameCourt(db: Queryable, courtId: CourtId): Promise<string> {
  return (await listCourtNames(db, [courtId])).get(courtId) ?? courtId
}
