import { loadTemplates, renderShell, webAddress } from '../http/page-shell.ts'
import type { KeptMail } from './mailbox.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** The mails that no mail server got, as their text, the newest first. */
export function mailboxPage(model: { nonce: string; mails: readonly KeptMail[] }): string {
  const mails = model.mails.map(({ to, subject, text, sentAt }) => ({
    to,
    subject,
    sentAt: sentAt.toISOString(),
    paragraphs: text
      .trim()
      .split('\n\n')
      .map((paragraph) => paragraph.split('\n').map((line) => ({ line, url: webAddress(line) }))),
  }))
  return renderShell({
    nonce: model.nonce,
    title: 'Mailbox',
    body: template('mailbox', { mails }),
  })
}
