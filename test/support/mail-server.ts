import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { inject } from 'vitest'

/** For a server on https where no mail is sent: there is nobody at that port. */
export const nobodysMail = {
  CSO_MAIL_URL: 'smtp://127.0.0.1:1',
  CSO_MAIL_FROM: 'no-reply@courts.test',
}

/** A message that the server took. */
export type ReceivedMail = {
  /** Whom it was delivered to, whatever its headers say. */
  readonly recipients: readonly string[]
  readonly messageId: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Every address that its text names. */
  readonly links: readonly string[]
  /** Codes to type in: six digits on a line of their own. */
  readonly codes: readonly string[]
  /** As it came over the line. */
  readonly source: string
}

/** What the server answers to the sender, to a recipient or to a message, in place of taking it. */
export type MailReply = { readonly code: number; readonly text: string }

export type MailServer = {
  readonly port: number
  /** The settings with which Central Sign-On sends by this server. */
  readonly settings: { readonly CSO_MAIL_URL: string; readonly CSO_MAIL_FROM: string }
  /** The same by way of another address, for a proxy between them. */
  settingsBy(host: string): MailServer['settings']
  /** Everything it took, the oldest first. */
  readonly mails: readonly ReceivedMail[]
  /** Messages that came, those that were answered otherwise included. */
  readonly messageCount: number
  /** Is asked what to answer; undefined is the usual. */
  answer: (at: 'sender' | 'recipient' | 'message', address: string) => MailReply | undefined
  stop(): Promise<void>
}

let trusted: string | undefined

/** What NODE_EXTRA_CA_CERTS does when a process starts. */
function trust(authority: string): void {
  if (trusted === authority) return
  setDefaultCACertificates([...getCACertificates('default'), authority])
  trusted = authority
}

/**
 * A mail server on loopback that takes mail over STARTTLS alone, and from its one user alone, and keeps
 * it.
 */
export async function startMailServer(): Promise<MailServer> {
  const { authority, certificate, key } = inject('mailCertificate')
  trust(authority)
  const user = 'central-sign-on'
  const password = randomBytes(12).toString('base64')
  const mails: ReceivedMail[] = []
  let messageCount = 0
  let answer: MailServer['answer'] = () => undefined

  const asked = (
    at: Parameters<typeof answer>[0],
    address: string,
    callback: (error?: Error | null) => void,
  ) => {
    const reply = answer(at, address)
    if (!reply) return callback()
    callback(Object.assign(new Error(reply.text), { responseCode: reply.code }))
  }
  const server = new SMTPServer({
    key,
    cert: certificate,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth(auth, session, callback) {
      const isRight = session.secure && auth.username === user && auth.password === password
      callback(isRight ? null : new Error('wrong'), isRight ? { user } : undefined)
    },
    onMailFrom: ({ address }, _session, callback) => asked('sender', address, callback),
    onRcptTo: ({ address }, _session, callback) => asked('recipient', address, callback),
    onData(stream, { envelope }, callback) {
      const recipients = envelope.rcptTo.map(({ address }) => address)
      text(stream)
        .then(async (source) => {
          messageCount += 1
          const received = { ...(await parse(source)), recipients }
          asked('message', recipients.join(), (error) => {
            if (!error) mails.push(received)
            callback(error)
          })
        })
        .catch(callback)
    },
  })
  // A client that breaks off is what some tests are about.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const settingsBy = (host: string) => ({
    CSO_MAIL_URL: `smtp://${user}:${encodeURIComponent(password)}@${host}`,
    CSO_MAIL_FROM: 'Central Sign-On <no-reply@courts.test>',
  })
  return {
    port,
    settings: settingsBy(`127.0.0.1:${port}`),
    settingsBy,
    mails,
    get messageCount() {
      return messageCount
    },
    get answer() {
      return answer
    },
    set answer(next) {
      answer = next
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function parse(source: string): Promise<Omit<ReceivedMail, 'recipients'>> {
  // Loaded with the first message: most files of tests send none.
  const { simpleParser } = await import('mailparser')
  const mail = await simpleParser(source)
  const body = mail.text ?? ''
  const addresses = (value: typeof mail.from | typeof mail.to) =>
    [value ?? []].flat().map((each) => each.text)
  return {
    messageId: mail.messageId ?? '',
    from: addresses(mail.from).join(', '),
    to: addresses(mail.to).join(', '),
    subject: mail.subject ?? '',
    text: body,
    html: mail.html || '',
    links: body.match(/\bhttps?:\/\/\S*[^\s.,;:)]/g) ?? [],
    codes: body.match(/^\d{6}$/gm) ?? [],
    source,
  }
}
