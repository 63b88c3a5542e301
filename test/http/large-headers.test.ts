import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { createCourt, newBrowser, openPage, signInAt } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'

/** Any court and any script below the parent domain sets cookies that come to us as well. */

const test = kit()
  .override('people', [nora])
  /** Everything that comes back for a request with these headers, as it goes over the wire. */
  .extend(
    'answerTo',
    { scope: 'file' },
    ({ signOn }) =>
      (...headers: string[]): Promise<string> => {
        const socket = connect(signOn.config.listen.port, '127.0.0.1')
        const host = `Host: ${new URL(signOn.issuer).host}`
        const lines = [
          'GET /courts HTTP/1.1',
          host,
          'Accept: text/html',
          'Connection: close',
          ...headers,
        ]
        socket.write(`${lines.join('\r\n')}\r\n\r\n`)
        return text(socket)
      },
  )

const cookiesOf = (kibibytes: number) =>
  Array.from({ length: kibibytes }, (_, index) => `c${index}=${'x'.repeat(1024 - 6)}`).join('; ')

test('a person whose browser holds 60 KiB of cookies of others signs in', async ({ signOn }) => {
  const court = await createCourt(signOn, 'ncwd')
  const browser = newBrowser()
  const { hostname } = new URL(signOn.issuer)
  const many = cookiesOf(60)
    .split('; ')
    .map((cookie) => `${cookie}; Path=/`)
  browser.cookies.store(new URL(`http://${hostname}/`), many)
  const { url, checks } = await court.authorize()
  const page = await openPage(browser, signOn, url)
  const callback = await signInAt(browser, signOn, page, nora.username)
  await court.redeem(callback, checks)
  const [sent] = browser.transcript
  expect(sent!.requestHeaders['cookie']!.length).toBeGreaterThan(60_000)
  await browser.stop()
})

describe.each([66, 300])('%i KiB of cookies', (kibibytes) => {
  test('are too many: a page says so, what to do and who helps', async ({ answerTo, signOn }) => {
    const answer = await answerTo(`Cookie: ${cookiesOf(kibibytes)}`)
    const [head = '', page = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 431 /)
    expect(head).toMatch(/^Content-Type: text\/html/m)
    expect(head).toMatch(/^Content-Security-Policy: default-src 'none'/m)
    expect(head).toMatch(/^Cache-Control: no-store/m)
    expect(Number(/^Content-Length: (\d+)/m.exec(head)?.[1])).toBe(Buffer.byteLength(page))
    expect(page).toContain('<h1>Your browser holds too many cookies</h1>')
    expect(page).toContain('uscourts.gov')
    expect(page).toContain('PACER Service Center')
    // Whatever it loaded or led to here would be refused in the same way.
    expect(page).not.toMatch(/src=|href="(?!tel:)|<script|<link/)
    const requestId = /^X-Request-Id: (.+)$/m.exec(head)![1]!.trim()
    expect(page).toContain(`<code id="request-id">${requestId.slice(0, 8)}</code>`)

    const lines = signOn.logLines.filter((line) => line.includes(requestId))
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', status: 431, peer: '127.0.0.1' })
    expect(lines[0]).not.toContain('xxxx')
  })
})

test('what is no request is a bad one, as before', async ({ signOn }) => {
  const socket = connect(signOn.config.listen.port, '127.0.0.1')
  socket.write('no such thing\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
})
