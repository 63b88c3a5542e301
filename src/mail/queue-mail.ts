import { randomUUID } from 'node:crypto'
import type { AccountId } from '../ids.ts'
import { enqueue } from '../jobs/store.ts'
import type { Transaction } from '../storage/db.ts'
import { insertMail } from './store.ts'
import { isMailAddress, type LinkAbout, type MailFacts, type MailWords } from './words.ts'

/** The name of the job. */
export const sendMailJob = 'send-mail'

/**
 * Sends a mail, if the transaction of what it tells is committed, as soon as the mail server takes it:
 * the caller waits for the database alone.
 * @param mail.words one of the list that the processes are started with.
 * @param mail.about goes into the link, and comes back from it (`findLink`, `useLink`).
 * @throws Error for what is no address: it should not have come this far.
 */
export async function queueMail<Facts extends MailFacts>(
  tx: Transaction,
  mail: {
    readonly words: MailWords<Facts>
    readonly to: string
    readonly accountId?: AccountId | undefined
    readonly facts: Facts
    readonly about?: LinkAbout
  },
): Promise<void> {
  const { words, to, accountId, facts, about = {} } = mail
  if (!isMailAddress(to)) throw new Error('a mail was to go to what is no address')
  const id = randomUUID()
  await insertMail(tx, { id, kind: words.name, to, accountId, facts, about })
  await enqueue(tx, sendMailJob, { mailId: id })
}
