import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { twinFound } from './events.ts'
import { twinByChangeMail } from './person-mails.ts'
import { findHolder, tellHolder } from './tell-holder.ts'
import { findLikeness, isSame, type Likeness, listTwins, lockTwins } from './twins.ts'

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
  const same = await sameAs(tx, accountId, like)
  const known = await sameAs(tx, accountId, { ...like, ...before })
  const others = same.filter((id) => !known.includes(id))
  if (others.length === 0) return
  await recordEvent(tx, twinFound({ accountId, others, by }))
  for (const other of others) {
    await tellHolder(tx, await findHolder(tx, other), twinByChangeMail, {})
  }
}

async function sameAs(
  tx: Transaction,
  accountId: AccountId,
  like: { readonly [Member in keyof Likeness]: Likeness[Member] | null },
): Promise<AccountId[]> {
  const { givenName, familyName, birthDateMark, emailCanonical } = like
  if (givenName === null || familyName === null) return []
  if (birthDateMark === null || emailCanonical === null) return []
  const twins = await listTwins(tx, { givenName, familyName, birthDateMark, emailCanonical })
  return twins.filter(isSame).flatMap(({ accountId: id }) => (id === accountId ? [] : [id]))
}
