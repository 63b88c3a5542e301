import { helpLine } from '../help-line.ts'
import { loadTemplates, renderShell, webAddress } from '../http/page-shell.ts'
import { dayAndTime } from '../time-in-words.ts'
import type { KeptMail } from './mailbox.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** The mails that no mail server got, as their text, the newest first. */
export function mailboxPage(model: { nonce: string; mails: readonly KeptMail[] }): string {
  const mails = model.mails.map(({ to, subject, text, sentAt }) => ({
    to,
    subject,
    sentAt: sentAt.toISOString(),
    sentAtText: dayAndTime(sentAt),
    paragraphs: text
      .trim()
      .split('\n\n')
      .map((paragraph) => paragraph.split('\n').map(asPieces)),
  }))
  return renderShell({
    nonce: model.nonce,
    title: 'Mailbox',
    body: template('mailbox', { mails }),
  })
}

/** A line as a program that shows mail has it: addresses and the telephone number can be pressed. */
function asPieces(line: string): { text: string; url?: string | undefined }[] {
  const url = webAddress(line)
  if (url) return [{ text: line, url }]
  const [before = '', ...rest] = line.split(helpLine.phone)
  const call = { text: helpLine.phone, url: helpLine.call }
  return [{ text: before }, ...rest.flatMap((text) => [call, { text }])]
}
