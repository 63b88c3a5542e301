import { createTransport, type NodemailerError } from 'nodemailer'
import type { Config } from '../config/config.ts'
import { type Outcome, ok, refused } from '../outcome.ts'

/** A message as it goes out. */
export type OutgoingMail = {
  /** The same on every try, so that a mailbox can tell what came twice. */
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export type MailTransport = {
  /**
   * Hands a message over.
   * @returns refused where the server says that the address will never take a message.
   * @throws MailFault where it was not taken this time.
   */
  send(
    mail: OutgoingMail,
  ): Promise<Outcome<void, { readonly reason: 'address-refused'; readonly refusal: string }>>
}

/** A message was not taken; in words for the operator, without an address or what a server said of it. */
export class MailFault extends Error {
  override readonly name = 'MailFault'
}

type MailSettings = NonNullable<Config['mail']>

const seconds = { connect: 10, greeting: 10, silence: 15, all: 30 }

/** Over SMTP, a connection for each message; certificates are always checked. */
export function createSmtpTransport({ url, from }: MailSettings): MailTransport {
  const { protocol, hostname, port, username, password } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const secure = protocol === 'smtps:'
  const smtp = createTransport({
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // What stays on this machine may be in the clear; elsewhere nobody takes the encryption away.
    requireTLS: !secure && !isLoopback(host),
    ...(username && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    dnsTimeout: seconds.connect * 1000,
    connectionTimeout: seconds.connect * 1000,
    greetingTimeout: seconds.greeting * 1000,
    socketTimeout: seconds.silence * 1000,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ messageId, to, subject, text, html }) {
      try {
        await smtp.sendMail({
          messageId,
          // It writes into what it is given.
          from: { ...from },
          to: { name: '', address: to },
          envelope: { from: from.address, to: [to] },
          subject,
          text,
          html,
          // Nobody's holiday answer is wanted (RFC 3834 section 5).
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.timeout(seconds.all * 1000),
        })
        return ok()
      } catch (error) {
        const failure = error as NodemailerError
        const refusal = addressRefusal(failure)
        if (refusal) return refused('address-refused', { refusal })
        throw new MailFault(faultOf(failure))
      }
    },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1'
}

/** Codes of RFC 3463 that tell of the address itself: it does not exist, or takes no mail any more. */
const ofTheAddress = /^5\.(?:1\.(?:1|2|3|6|10)|2\.1)$/
/** Replies of RFC 5321 and RFC 7504 that tell so where a server gives no further code. */
const withoutFurtherCode = new Set([550, 551, 553, 556])

/**
 * What the server said of the address, where it refuses it for good; undefined for everything else. A
 * reply about us (no relaying, a policy, a bad sender) or about a full mailbox is nothing that the
 * holder of the address has to be told.
 */
function addressRefusal({ command, responseCode, response }: NodemailerError): string | undefined {
  if (command !== 'RCPT TO' || typeof responseCode !== 'number' || responseCode < 500) return
  const said = String(response ?? '')
  const further = furtherCode(said)
  const isFinal = further
    ? ofTheAddress.test(further)
    : withoutFurtherCode.has(responseCode) && !/relay/i.test(said)
  return isFinal ? [responseCode, further].filter(Boolean).join(' ') : undefined
}

function furtherCode(response: string): string | undefined {
  return /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
}

function faultOf({ code, command, message, responseCode, response }: NodemailerError): string {
  if (code === 'EABORT') return `the mail server took longer than ${seconds.all} seconds`
  if (command === 'STARTTLS') return 'the mail server offers no encryption (STARTTLS)'
  if (/certificate/i.test(message)) return 'the certificate of the mail server is not good'
  if (typeof responseCode === 'number') {
    const reply = [responseCode, furtherCode(String(response ?? ''))].filter(Boolean).join(' ')
    return code === 'EAUTH'
      ? `the mail server does not take our user and password (${reply})`
      : `the mail server did not take a message (${reply} to ${command})`
  }
  // The operating system's own code says more than that it was a socket.
  const system = /\bE[A-Z]{5,}\b/.exec(message)?.[0]
  return `the mail server was not reached, or fell silent (${system ?? code ?? 'unknown'})`
}
