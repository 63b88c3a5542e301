import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { createSmtpTransport } from '../../src/mail/transport.ts'
import { makeCertificate } from '../support/certificate.ts'
import { freePort } from '../support/free-port.ts'
import { startMailServer } from '../support/mail-server.ts'

const mail = {
  messageId: '<1@sso.test>',
  to: 'jane.doe@example.com',
  subject: 'A new password',
  text: 'Hello\n',
  html: '<p>Hello</p>',
}
const CSO_MAIL_FROM = 'no-reply@courts.test'

const sendBy = (CSO_MAIL_URL: string) =>
  createSmtpTransport(loadConfig({ CSO_MAIL_URL, CSO_MAIL_FROM }).mail!).send(mail)

/** A server without users; how many messages it took. */
async function startPlain(host: string, options: ConstructorParameters<typeof SMTPServer>[0]) {
  let taken = 0
  const port = await freePort()
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, _session, callback) {
      stream.resume().on('end', () => {
        taken += 1
        callback()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  return { port, taken: () => taken }
}

const inTheClear = { disabledCommands: ['STARTTLS', 'AUTH'] }
const ofTheRun = () => {
  const { certificate, key } = inject('mailCertificate')
  return { cert: certificate, key }
}
const badCertificate = 'the certificate of the mail server is not good'

describe('a mail server', () => {
  test('on this machine may take mail in the clear', async () => {
    const server = await startPlain('127.0.0.1', inTheClear)
    expect(await sendBy(`smtp://127.0.0.1:${server.port}`)).toEqual({ ok: true, value: undefined })
    expect(server.taken()).toBe(1)
  })

  test('elsewhere gets none without encryption, and no password', async () => {
    // By this name it is not known to be this machine.
    const server = await startPlain('127.0.0.2', { ...inTheClear, disabledCommands: ['STARTTLS'] })
    const url = `smtp://cso:secret@127.0.0.2:${server.port}`
    await expect(sendBy(url)).rejects.toThrow('offers no encryption')
    expect(server.taken()).toBe(0)
  })

  test('with a certificate that nobody signed gets none', async () => {
    const own = makeCertificate({ withAddress: true })
    onTestFinished(own.remove)
    const [key, cert] = [own.keyFile, own.certificateFile].map((file) => readFileSync(file, 'utf8'))
    for (const secure of [false, true]) {
      const server = await startPlain('127.0.0.1', { key: key!, cert: cert!, secure })
      const url = `${secure ? 'smtps' : 'smtp'}://127.0.0.1:${server.port}`
      await expect(sendBy(url), url).rejects.toThrow(badCertificate)
      expect(server.taken()).toBe(0)
    }
  })

  test('with a certificate for another address gets none', async () => {
    const usual = getCACertificates('default')
    setDefaultCACertificates([...usual, inject('mailCertificate').authority])
    onTestFinished(() => setDefaultCACertificates(usual))
    const server = await startPlain('127.0.0.2', ofTheRun())
    await expect(sendBy(`smtp://127.0.0.2:${server.port}`)).rejects.toThrow(badCertificate)
    expect(server.taken()).toBe(0)
  })

  test('that speaks TLS from the first byte is reached at smtps://', async () => {
    const usual = getCACertificates('default')
    setDefaultCACertificates([...usual, inject('mailCertificate').authority])
    onTestFinished(() => setDefaultCACertificates(usual))
    const server = await startPlain('127.0.0.1', { ...ofTheRun(), secure: true })
    expect(await sendBy(`smtps://127.0.0.1:${server.port}`)).toMatchObject({ ok: true })
    expect(server.taken()).toBe(1)
  })

  test('that sends a byte now and then is given up after half a minute', async () => {
    const dripping = createServer((socket) => {
      socket.on('error', () => {})
      socket.write('220-slow\r\n')
      const drip = setInterval(() => socket.write('220-slow\r\n'), 2000)
      socket.once('close', () => clearInterval(drip))
    })
    const port = await freePort()
    await new Promise<void>((resolve) => dripping.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => new Promise((resolve) => dripping.close(() => resolve())))
    await expect(sendBy(`smtp://127.0.0.1:${port}`)).rejects.toThrow(/fell silent|longer than 30/)
  }, 45_000)

  test('of the tests takes nothing from strangers', async () => {
    const server = await startMailServer()
    onTestFinished(() => server.stop())
    await expect(sendBy(`smtp://127.0.0.1:${server.port}`)).rejects.toThrow(/530/)
  })
})
