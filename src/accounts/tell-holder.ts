import type { AccountId } from '../ids.ts'
import { queueMail } from '../mail/queue-mail.ts'
import type { MailWords } from '../mail/words.ts'
import type { Transaction } from '../storage/db.ts'
import { may, stateOf } from './account-state.ts'
import type { HolderFacts } from './state-mails.ts'

/** Where the holder reads what happens to the account; undefined where nobody is written to. */
export type ToldHolder = { readonly id: AccountId; readonly to: string } & HolderNames
type HolderNames = { readonly username: string; readonly number: string }

/**
 * The confirmed address of an account, as it is before the act that its holder is told of. An address
 * that nobody confirmed may be somebody else's, and learns nothing.
 */
export async function findHolder(tx: Transaction, id: AccountId): Promise<ToldHolder | undefined> {
  const row = await tx.prisma.account.findUnique({ where: { id } })
  if (!row?.email || !row.isEmailVerified) return undefined
  if (!may({ state: stateOf(row) }, 'be-written-to')) return undefined
  return { id, to: row.email, username: row.username, number: row.number }
}

/** Queues a message to the holder, in the transaction of what it tells. */
export async function tellHolder<Facts extends HolderFacts>(
  tx: Transaction,
  holder: ToldHolder | undefined,
  words: MailWords<Facts>,
  more: Omit<Facts, keyof HolderNames>,
): Promise<void> {
  if (!holder) return
  const { id: accountId, to, username, number } = holder
  const facts = { username, number, ...more } as unknown as Facts
  await queueMail(tx, { words, to, accountId, facts })
}
