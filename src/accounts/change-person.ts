import { isDeepStrictEqual } from 'node:util'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { recordFactChanges } from './account-changes.ts'
import { may } from './account-state.ts'
import { accountSaved } from './events.ts'
import { noteNewTwins } from './note-new-twins.ts'
import { personChangedMail } from './person-mails.ts'
import { findPerson, type PersonChange, writePerson } from './person-store.ts'
import { lockAccount } from './store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/** The members of a person that a holder changes. */
export type PersonMember = keyof PersonChange

/**
 * Changes what a holder tells of oneself, and tells the holder. Only what differs is written and recorded;
 * where nothing does, nothing happens. No court's own record and no notice address follows.
 * @returns which members were changed. `not-possible`: nobody uses the account any more.
 */
export async function changePerson(
  tx: Transaction,
  { accountId, to }: { readonly accountId: AccountId; readonly to: PersonChange },
  by: By,
): Promise<Outcome<readonly PersonMember[], 'not-possible'>> {
  const account = await lockAccount(tx, accountId)
  const present = await findPerson(tx, accountId)
  if (!account || !present || !may(account, 'sign-in')) return refused('not-possible')
  const fields = (Object.keys(to) as PersonMember[]).filter(
    (field) => !isDeepStrictEqual(present[field], to[field]),
  )
  if (fields.length === 0) return ok(fields)
  const changed = Object.fromEntries(fields.map((field) => [field, to[field]])) as PersonChange
  await writePerson(tx, accountId, changed)
  await recordFactChanges(tx, accountId, present, { ...present, ...changed })
  await recordEvent(tx, accountSaved({ accountId, change: 'changed', fields, by }))
  await tellHolder(tx, await findHolder(tx, accountId), personChangedMail, { fields })
  if (fields.includes('givenName') || fields.includes('familyName')) {
    const { givenName, familyName } = present
    await noteNewTwins(tx, accountId, { givenName, familyName }, by)
  }
  return ok(fields)
}
