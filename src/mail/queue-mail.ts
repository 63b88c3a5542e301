import { randomUUID } from 'node:crypto'
import type { AccountId } from '../ids.ts'
import { enqueue, enqueueMany } from '../jobs/store.ts'
import type { Transaction } from '../storage/db.ts'
import { insertMail, insertMails } from './store.ts'
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

/**
 * Sends many mails of one kind to addresses of which no account is known, as `queueMail` does one. How many
 * wait at a time is the caller's: the mails of everybody else wait behind them.
 * @param about of all of them.
 * @param mails each with an id of its own, which the caller may keep.
 */
export async function queueMails<Facts extends MailFacts>(
  tx: Transaction,
  words: MailWords<Facts>,
  about: LinkAbout,
  mails: readonly { readonly id: string; readonly to: string; readonly facts: Facts }[],
): Promise<void> {
  if (!mails.every(({ to }) => isMailAddress(to))) {
    throw new Error('a mail was to go to what is no address')
  }
  await insertMails(tx, { kind: words.name, about }, mails)
  await enqueueMany(
    tx,
    sendMailJob,
    mails.map(({ id }) => ({ mailId: id })),
  )
}
