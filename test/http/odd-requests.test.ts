import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { createHttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'

/** What no browser sends: the mistake of the sender, and no fault of ours in the log. */

const test = kit()
  .extend(
    'faults',
    { scope: 'file' },
    ({ signOn }) =>
      () =>
        signOn.logLines.filter((line) => line.includes('"level":"error"')),
  )
  .extend('openSocket', { scope: 'file' }, ({ signOn }) => async () => {
    const socket = connect(signOn.config.listen.port, '127.0.0.1')
    await once(socket, 'connect')
    return socket
  })

describe.each(['/oidc/auth', '/oidc/session/end', '/account/sign-out'])('a form at %s', (path) => {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }

  test.for(['gzip', 'br', 'unheard-of'])(
    'encoded as %s is not unpacked',
    async (encoding, { signOn, faults }) => {
      const client = createHttpClient()
      const headers = { ...type, 'content-encoding': encoding }
      const answer = await client.post(`${signOn.issuer}${path}`, 'no such thing', headers)
      await client.stop()
      // Signing out is never refused: it goes on without what cannot be read.
      expect(answer.status).toBe(path === '/oidc/session/end' ? 303 : 415)
      expect(faults()).toEqual([])
    },
  )

  test('that ends early is no store that broke off', async ({ signOn, openSocket, faults }) => {
    const before = signOn.logLines.length
    const socket = await openSocket()
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${new URL(signOn.issuer).host}\r\nContent-Length: 9\r\n` +
        `Content-Type: ${type['content-type']}\r\n\r\na=`,
    )
    setTimeout(() => socket.destroy(), 100)
    await expect
      .poll(() => signOn.logLines.slice(before).some((line) => line.includes(path)))
      .toBe(true)
    expect(faults()).toEqual([])
  })
})

test.for(['http://', 'http://[/account'])(
  'the target %s is a bad request',
  async (target, { openSocket, signOn, faults }) => {
    const socket = await openSocket()
    const host = new URL(signOn.issuer).host
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
    expect(faults()).toEqual([])
  },
)
