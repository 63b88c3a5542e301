import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import type { MailWords } from '../mail/words.ts'
import type { Transaction } from '../storage/db.ts'
import { twinFound } from './events.ts'
import { holdAccount } from './hold-account.ts'
import type { HolderFacts } from './state-mails.ts'
import { findHolder, tellHolder } from './tell-holder.ts'
import type { Twin } from './twins.ts'

/**
 * Holds an account until somebody has compared it with others that are just like it; their holders are
 * told. One that is in review already stays so, and has these beside it, too.
 */
export async function reviewTwins(
  tx: Transaction,
  about: {
    readonly accountId: AccountId
    readonly same: readonly Twin[]
    /** What the holders of the others are told. */
    readonly words: MailWords<HolderFacts>
  },
  by: By,
): Promise<void> {
  const { accountId, same, words } = about
  await holdAccount(tx, accountId, 'review', by)
  const others = same.map((twin) => twin.accountId)
  await recordEvent(tx, twinFound({ accountId, others, by }))
  for (const id of others) await tellHolder(tx, await findHolder(tx, id), words, {})
}
