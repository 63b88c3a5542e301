import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { twinByChangeMail } from './person-mails.ts'
import { recordTwins } from './review-twins.ts'
import { findLikeness, type Likeness, listSame, lockTwins } from './twins.ts'

/** What of a likeness was another one before. */
type Before = { readonly [Member in keyof Likeness]?: Likeness[Member] | null }

/**
 * After a change of the name or the e-mail address: where it made the account the same as another one in
 * all of name, date of birth and address, that is recorded for support, and the holder of the other one is
 * told. The account is not held, unlike a new one: it may have rights to file, and today may be the last
 * day. One that was the same before was looked at then, and is no news.
 */
export async function noteNewTwins(
  tx: Transaction,
  accountId: AccountId,
  before: Before,
  by: By,
): Promise<void> {
  const like = await findLikeness(tx, accountId)
  if (!like) return
  await lockTwins(tx, like)
  const same = await listSame(tx, accountId, like)
  const known = await listKnown(tx, accountId, { ...like, ...before })
  const others = same.filter((id) => !known.includes(id))
  if (others.length > 0) await recordTwins(tx, { accountId, others, words: twinByChangeMail }, by)
}

/** Those that it was the same as before; who had no name or address was like nobody. */
async function listKnown(
  tx: Transaction,
  accountId: AccountId,
  before: { readonly [Member in keyof Likeness]: Likeness[Member] | null },
): Promise<AccountId[]> {
  const { givenName, familyName, birthDateMark, emailCanonical } = before
  if (givenName === null || familyName === null) return []
  if (birthDateMark === null || emailCanonical === null) return []
  return listSame(tx, accountId, { givenName, familyName, birthDateMark, emailCanonical })
}
