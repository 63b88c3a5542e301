import { now } from '../clock.ts'
import { ok } from '../outcome.ts'
import type { MailTransport, OutgoingMail } from './transport.ts'

export type KeptMail = OutgoingMail & { readonly sentAt: Date }

/** In place of a mail server, in development: keeps the newest mails of this process in memory. */
export type Mailbox = MailTransport & {
  /** The newest first. */
  readonly mails: readonly KeptMail[]
}

const mostKept = 100

export function createMailbox(): Mailbox {
  const mails: KeptMail[] = []
  return {
    mails,
    async send(mail) {
      mails.unshift({ ...mail, sentAt: now() })
      mails.splice(mostKept)
      return ok()
    },
  }
}
