import { describe, expect } from 'vitest'
import { basicHeader, errorIn } from '../support/court.ts'
import { dumpStores, listKept } from '../support/dump-stores.ts'
import { createHttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import { obtainCode, send } from './raw-requests.ts'

/** What is too much or cannot be kept is refused before anything is written. */

const test = kit()
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend(
    'kept',
    { scope: 'file' },
    ({ signOn }) =>
      () =>
        listKept(signOn.services),
  )

describe('what nobody has asked for is not written', () => {
  const oversized: [string, string][] = [
    ['state', 's'.repeat(4097)],
    ['nonce', 'n'.repeat(257)],
    ['login_hint', 'l'.repeat(257)],
    ['scope', `openid ${'x'.repeat(510)}`],
    ['claims', JSON.stringify({ id_token: { ['c'.repeat(4096)]: null } })],
    ['acr_values', 'a'.repeat(513)],
    ['ui_locales', 'en '.repeat(400).trim()],
    ['claims_locales', 'en '.repeat(400).trim()],
    ['redirect_uri', `https://ncwd.test/${'r'.repeat(512)}`],
    ['resource', `https://ecf.ncwd.uscourts.gov/${'r'.repeat(512)}`],
    ['code_challenge', 'c'.repeat(1025)],
    ['id_token_hint', 'i'.repeat(8193)],
    ['display', 'd'.repeat(1025)],
    ['prompt', 'login '.repeat(300).trim()],
    ['max_age', '1'.repeat(1025)],
    ['response_mode', 'q'.repeat(1025)],
  ]
  /** What the engine does not know it ignores, and does not keep either. */
  const ignored: [string, string][] = [
    ['unknown', 'u'.repeat(6000)],
    ['web_message_uri', `https://ncwd.test/${'w'.repeat(6000)}`],
  ]

  test.for(oversized)(
    'an authorization request with an oversized %s',
    async ([name, value], { kept, ncwd }) => {
      const before = await kept()
      const { url } = await ncwd.authorize({ [name]: value })
      const answer = await createHttpClient().get(url)
      expect([400, 303]).toContain(answer.status)
      if (answer.status === 303) {
        expect(answer.location).toMatch(/^https:\/\/ncwd\.test\/callback\?error=/)
      }
      expect(await kept()).toEqual(before)
    },
  )

  test('and the log says of which parameter there was too much, under the number on the page', async ({
    ncwd,
    signOn,
  }) => {
    const { url } = await ncwd.authorize({ state: 's'.repeat(4097) })
    const answer = await createHttpClient().get(url)
    const requestId = answer.headers['x-request-id']
    const lines = signOn.logLines.map((line) => JSON.parse(line))
    const refused = lines.find(
      (line) => line.requestId === requestId && line.msg === 'request refused',
    )
    expect(refused).toMatchObject({ reason: 'invalid_request', detail: 'state is too long' })
  })

  test.for(oversized)(
    'a pushed request with an oversized %s',
    async ([name, value], { kept, ncwd, at, signOn }) => {
      const before = await kept()
      const { url } = await ncwd.authorize({ [name]: value })
      const answer = await send(at('/oidc/par'), {
        headers: basicHeader(ncwd.clientId, ncwd.secret),
        form: [...new URL(url).searchParams],
      })
      // Of the scopes that are not known none is left to be too long.
      if (name === 'scope') {
        expect(answer.status).toBe(201)
        expect(await dumpStores(signOn.services)).not.toContain('x'.repeat(510))
        return
      }
      expect(answer.status).toBe(400)
      expect(await kept()).toEqual(before)
    },
  )

  /** PostgreSQL takes neither a NUL nor half a surrogate pair; JSON may spell them as escapes. */
  const unstorable: [string, string][] = [
    ['state', 'a\0b'],
    ['nonce', 'a\0b'],
    ['login_hint', 'a\0b'],
    ['claims', '{"id_token":{"email":{"value":"a\\u0000b"}}}'],
    ['claims', '{"userinfo":{"a\\u0000b":null}}'],
    ['claims', '{"id_token":{"email":{"value":"\\ud800"}}}'],
  ]

  test.for(unstorable)(
    'a request with a character in %s that is not kept: %j',
    async ([name, value], { kept, ncwd, at }) => {
      const before = await kept()
      const { url } = await ncwd.authorize({ [name]: value })
      expect((await createHttpClient().get(url)).status).toBe(400)
      const pushed = await send(at('/oidc/par'), {
        headers: basicHeader(ncwd.clientId, ncwd.secret),
        form: [...new URL(url).searchParams],
      })
      expect(pushed).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect(await kept()).toEqual(before)
    },
  )

  test.for(ignored)(
    'an authorization request with the parameter %s',
    async ([name, value], { ncwd, at, signOn }) => {
      const { url } = await ncwd.authorize({ [name]: value })
      const answer = await createHttpClient().get(url)
      expect(answer.location).toMatch(/\/sign-in\//)
      const pushed = await send(at('/oidc/par'), {
        headers: basicHeader(ncwd.clientId, ncwd.secret),
        form: [...new URL(url).searchParams],
      })
      expect(pushed.status).toBe(201)
      expect(await dumpStores(signOn.services)).not.toContain(value)
    },
  )

  test('an authorization request that names its court a hundred times', async ({
    kept,
    ncwd,
    at,
  }) => {
    const before = await kept()
    const { url } = await ncwd.authorize()
    const resources = '&resource=https://ecf.ncwd.uscourts.gov/'.repeat(100)
    expect((await createHttpClient().get(`${url}${resources}`)).status).toBe(400)
    const pushed = await send(at('/oidc/par'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: [...new URL(`${url}${resources}`).searchParams],
    })
    expect(pushed.status).toBe(400)
    expect(await kept()).toEqual(before)
  })

  test('a pushed request of 33 KiB', async ({ kept, at, ncwd }) => {
    const before = await kept()
    const answer = await send(at('/oidc/par'), {
      headers: basicHeader(ncwd.clientId, ncwd.secret),
      form: { client_id: ncwd.clientId, filler: 'x'.repeat(33 * 1024) },
    })
    expect(answer.status).toBe(413)
    expect(await kept()).toEqual(before)
  })

  test('a state of 4,096 bytes comes back whole', async ({ signOn, ncwd, browser }) => {
    const state = 's'.repeat(4096)
    const { callback } = await obtainCode(signOn, ncwd, browser, nora.username, {
      state,
      nonce: 'n'.repeat(256),
    })
    expect(new URL(callback).searchParams.get('state')).toBe(state)
  })

  test('a parameter that is given twice is refused', async ({ ncwd, kept }) => {
    const { url } = await ncwd.authorize()
    for (const name of ['state', 'redirect_uri', 'client_id', 'scope', 'nonce']) {
      const before = await kept()
      const twice = await createHttpClient().get(`${url}&${name}=again`)
      if (twice.location) expect(errorIn(twice.location)).toBe('invalid_request')
      else expect(twice.status).toBe(400)
      expect(await kept()).toEqual(before)
    }
  })
})
