import { maybeSamePerson } from '../../accounts/same-person.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import type { AccountId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { requestAssignmentChanged } from '../events.ts'
import {
  type ClerkRefusal,
  openForClerk,
  type SeenRequest,
  worksAtCourt,
} from './open-for-clerk.ts'
import { writeAssignment } from './queue-store.ts'

/** `not-colleague`: who would get it works at this court no more, or may be the person who asks. */
export type AssignRefusal = ClerkRefusal | { readonly reason: 'not-colleague' }

/**
 * Takes a request on, takes it over from a colleague, hands it to one, or gives it back. Who has it does not decide
 * who may decide: it says who looks after it, and no version grows by it.
 * @param wanted.from who had it on the page; of twenty who take it on at once one has it.
 * @param wanted.to who gets it: who acts, or somebody else of this court; null to give it back.
 */
export async function assignRequest(
  db: Database,
  wanted: SeenRequest & { readonly from: AccountId | null; readonly to: AccountId | null },
  by: By,
): Promise<Outcome<void, AssignRefusal>> {
  const { courtId, staffId, from, to } = wanted
  return inTransaction(db, async (tx) => {
    const opened = await openForClerk(tx, wanted)
    if (!opened.ok) return opened
    const { id, accountId, number } = opened.value
    if (to !== null && to !== staffId) {
      if (!(await worksAtCourt(tx, to, courtId))) return refused('not-colleague')
      if (await maybeSamePerson(tx, to, accountId)) return refused('not-colleague')
    }
    if (!(await writeAssignment(tx, id, { from, to }))) return refused('changed-meanwhile')
    await recordEvent(tx, requestAssignmentChanged({ accountId, courtId, number, to, by }))
    return ok()
  })
}
