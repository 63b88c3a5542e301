import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import type { MailWords } from '../mail/words.ts'
import type { Transaction } from '../storage/db.ts'
import { twinFound } from './events.ts'
import { holdAccount } from './hold-account.ts'
import type { HolderFacts } from './state-mails.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

type FoundTwins = {
  readonly accountId: AccountId
  /** The accounts that are just like it. */
  readonly others: readonly AccountId[]
  /** What the holders of the others are told. */
  readonly words: MailWords<HolderFacts>
}

/**
 * Holds an account until somebody has compared it with others that are just like it; their holders are
 * told. One that is in review already stays so, and has these beside it, too.
 */
export async function reviewTwins(tx: Transaction, found: FoundTwins, by: By): Promise<void> {
  await holdAccount(tx, found.accountId, 'review', by)
  await recordTwins(tx, found, by)
}

/** Records for support that an account is just like others, and tells the holders of these. */
export async function recordTwins(
  tx: Transaction,
  { accountId, others, words }: FoundTwins,
  by: By,
): Promise<void> {
  await recordEvent(tx, twinFound({ accountId, others, by }))
  for (const id of others) await tellHolder(tx, await findHolder(tx, id), words, {})
}
