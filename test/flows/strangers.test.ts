import { expect } from 'vitest'
import { assertion, assertionForm, newProofKey, proof } from '../oidc/raw-requests.ts'
import { listAudited } from '../support/audited.ts'
import { basicHeader, getPasswordForm, newBrowser } from '../support/court.ts'
import { sql } from '../support/database.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'

/** What a stranger can make us keep: docs/decisions/0035, line by line. */

const from = (address: string) => ({ 'x-forwarded-for': address })

const test = kit()
  .override('signOnOptions', {
    storage: 'database',
    settings: {
      CSO_TRUSTED_PROXIES: '127.0.0.1/32',
      CSO_LIMIT_SIGN_IN_PER_ADDRESS: '20/60',
      CSO_LIMIT_FAILURES_PER_WIDE_NETWORK: '60/300',
      CSO_PASSWORD_QUEUE: '200',
      CSO_LIMIT_PAGES_PER_ADDRESS: '20/300',
      CSO_LOG_LEVEL: 'error',
    },
  })
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('keyless', { scope: 'file' }, ({ court }) =>
    court('ncwb', {
      method: 'private_key_jwt',
      metadata: { jwks: undefined, jwks_uri: 'https://127.0.0.1/keys' },
    }),
  )
  .extend('signer', { scope: 'file' }, ({ court }) => court('ca4', { method: 'private_key_jwt' }))
  .extend('form', async ({ browser, ncwd }) => {
    const asked = await browser.get((await ncwd.authorize()).url, from('192.0.2.1'))
    return getPasswordForm(await browser.get(asked.location!, from('192.0.2.1')))
  })
  .extend(
    'guess',
    ({ browser, form }) =>
      (username: string, address: string) =>
        browser.post(
          form.action,
          { ...form.fields, username, password: 'a wrong guess' },
          from(address),
        ),
  )
  /** How many rows each table has. */
  .extend('rows', { scope: 'file' }, ({ signOn }) => async () => {
    const db = signOn.services.db.prisma
    const [audit, failures, limits, shortLived, sessions, browsers] = await Promise.all([
      db.auditEvent.count(),
      db.signInFailures.count(),
      db.rateLimit.count(),
      sql<{ count: number }>(signOn.services.db, 'SELECT count(*) FROM short_lived'),
      db.session.count(),
      db.knownBrowser.count(),
    ])
    return { audit, failures, limits, shortLived: shortLived[0]!.count, sessions, browsers }
  })
  /** What `work` adds to each table. */
  .extend('added', { scope: 'file' }, ({ rows }) => async (work: () => Promise<unknown>) => {
    const before = await rows()
    await work()
    const after = await rows()
    return Object.fromEntries(
      Object.entries(after).map(([name, count]) => [
        name,
        count - before[name as keyof typeof before],
      ]),
    )
  })

const times = (count: number, work: (index: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

test('sign-ins refused by the window of an address are one audit row, and make neither counters nor rows', async ({
  guess,
  added,
}) => {
  await times(20, (index) => guess(`filler-${index}`, '203.0.113.1'))
  const statuses = new Set<number>()
  const more = await added(() =>
    times(100, async (index) =>
      statuses.add((await guess(`other-${index}`, '203.0.113.1')).status),
    ),
  )
  expect([...statuses]).toEqual([429])
  expect(more).toEqual({
    audit: 1,
    failures: 0,
    limits: 0,
    shortLived: 0,
    sessions: 0,
    browsers: 0,
  })
})

test('wrong passwords for made-up names are one audit row, and a row each until their wide network is refused', async ({
  added,
  guess,
}) => {
  const more = await added(async () => {
    for (let part = 0; part < 20; part += 1) {
      await times(5, (index) => guess(`made-up-${part}-${index}`, `198.51.100.${part}`))
    }
  })
  // One for the names, one for the refusals of the network.
  expect(more['audit']).toBeLessThanOrEqual(2)
  expect(more['failures']).toBeGreaterThanOrEqual(60)
  expect(more['failures']).toBeLessThan(70)
  const after = await added(() =>
    times(50, (index) => guess(`late-${index}`, `198.51.100.${150 + index}`)),
  )
  expect(after).toEqual({
    audit: 0,
    failures: 0,
    limits: 0,
    shortLived: 0,
    sessions: 0,
    browsers: 0,
  })
}, 60_000)

test('tries at a name that is paused are one audit row', async ({ guess, added }) => {
  for (let count = 0; count < 5; count += 1) await guess(nora.username, '192.0.2.20')
  const more = await added(() => times(14, () => guess(nora.username, '192.0.2.20')))
  expect(more).toMatchObject({ audit: 1, failures: 0, limits: 0 })
})

test('an invented cookie of a known browser is no question to the database', async ({
  signOn,
  browser,
  form,
  guess,
}) => {
  const cookie = `cso-known-browser=${'a'.repeat(43)}.${'b'.repeat(43)}`
  const { db } = signOn.services
  const before = db.statementCount
  const answer = await browser.post(
    form.action,
    { ...form.fields, username: nora.username, password: 'a wrong guess' },
    {
      ...from('203.0.113.1'),
      cookie: `${browser.cookies.header(new URL(form.action))}; ${cookie}`,
    },
  )
  expect(answer.status).toBe(429)
  const withoutCookie = db.statementCount - before
  await guess(nora.username, '203.0.113.1')
  expect(db.statementCount - before).toBe(2 * withoutCookie)
})

test('opened authorization requests make an interaction each, no session, and no audit row', async ({
  ncwd,
  added,
}) => {
  const { url } = await ncwd.authorize()
  const more = await added(() =>
    times(10, async () => {
      const stranger = newBrowser()
      expect((await stranger.get(url, from('192.0.2.30'))).status).toBe(303)
      await stranger.stop()
    }),
  )
  expect(more).toEqual({
    audit: 0,
    failures: 0,
    limits: 1,
    shortLived: 10,
    sessions: 0,
    browsers: 0,
  })
})

test('of the authorization requests that one address opens, no more are kept than its window has', async ({
  ncwd,
  added,
}) => {
  const { url } = await ncwd.authorize()
  const statuses: number[] = []
  const more = await added(() =>
    times(50, async () => {
      const stranger = newBrowser()
      statuses.push((await stranger.get(url, from('192.0.2.31'))).status)
      await stranger.stop()
    }),
  )
  expect(statuses.filter((status) => status === 303)).toHaveLength(20)
  expect(statuses.filter((status) => status === 429)).toHaveLength(30)
  expect(more).toEqual({
    audit: 0,
    failures: 0,
    limits: 1,
    shortLived: 20,
    sessions: 0,
    browsers: 0,
  })
})

test('an assertion or a proof under a bad signature leaves no mark, and the right one passes after it', async ({
  ncwd,
  signer,
  signOn,
  browser,
  added,
}) => {
  const endpoint = ncwd.rp.serverMetadata().introspection_endpoint!
  const token = { token: 'unknown' }
  const good = await assertion(signer, signOn.issuer)
  const forged = `${good.slice(0, good.lastIndexOf('.'))}.${'A'.repeat(86)}`
  const key = newProofKey()
  const pushing = ncwd.rp.serverMetadata().pushed_authorization_request_endpoint!
  const goodProof = await proof(key, 'POST', pushing)
  const forgedProof = `${goodProof.slice(0, goodProof.lastIndexOf('.'))}.${'A'.repeat(86)}`
  const { searchParams } = new URL((await ncwd.authorize()).url)
  const push = (dpop: string) =>
    browser.post(pushing, Object.fromEntries(searchParams), {
      ...from('192.0.2.41'),
      ...basicHeader(ncwd.clientId, ncwd.secret),
      dpop,
    })
  const none = await added(async () => {
    for (let count = 0; count < 3; count += 1) {
      const headers = from('192.0.2.41')
      const refused = await browser.post(
        endpoint,
        { ...token, client_id: signer.clientId, ...assertionForm(forged) },
        headers,
      )
      expect(refused.status).toBe(401)
      expect((await push(forgedProof)).status).toBe(400)
    }
  })
  expect(none['shortLived']).toBe(0)
  // The same jti was not used up by who only copied it: it leaves its mark now, and passes once.
  const marks = await added(async () => {
    for (const status of [200, 401]) {
      const form = { ...token, ...assertionForm(good) }
      expect((await browser.post(endpoint, form, from('192.0.2.41'))).status).toBe(status)
    }
    expect((await push(goodProof)).status).toBe(201)
    expect((await push(goodProof)).status).toBe(400)
  })
  // Two marks and the pushed request.
  expect(marks['shortLived']).toBe(3)
})

test('clients that do not prove themselves are one audit row for each, and store nothing', async ({
  ncwd,
  added,
  browser,
}) => {
  const headers = { ...from('192.0.2.40'), ...basicHeader(ncwd.clientId, 'not the secret') }
  const { token_endpoint, pushed_authorization_request_endpoint, introspection_endpoint } =
    ncwd.rp.serverMetadata()
  const more = await added(() =>
    times(30, async (index) => {
      const endpoints = [
        token_endpoint,
        pushed_authorization_request_endpoint,
        introspection_endpoint,
      ]
      const answer = await browser.post(
        endpoints[index % 3]!,
        { grant_type: 'authorization_code', code: 'c', token: 't', response_type: 'code' },
        headers,
      )
      expect(answer.status).toBe(401)
    }),
  )
  expect(more['audit']).toBeLessThanOrEqual(2)
  expect(more).toMatchObject({ failures: 0, limits: 1, shortLived: 0, sessions: 0 })
})

test('a client whose keys cannot be read is one audit row, however many wait for them', async ({
  keyless,
  signOn,
  added,
  browser,
}) => {
  const { token_endpoint: endpoint = '' } = keyless.rp.serverMetadata()
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const assertion = () =>
    [
      part({ alg: 'ES256', kid: 'unknown' }),
      part({
        iss: keyless.clientId,
        sub: keyless.clientId,
        aud: signOn.issuer,
        jti: Math.random().toString(),
        exp: Math.floor(Date.now() / 1000) + 30,
      }),
      'c2lnbmF0dXJl',
    ].join('.')
  const more = await added(() =>
    times(20, async () => {
      const answer = await browser.post(
        endpoint,
        {
          grant_type: 'authorization_code',
          code: 'c',
          client_id: keyless.clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion(),
        },
        from('192.0.2.50'),
      )
      expect(answer.status).toBe(401)
    }),
  )
  // One for the keys, one for the proof.
  expect(more['audit']).toBeLessThanOrEqual(2)
  expect(more['shortLived']).toBe(0)
})

test('what was counted is one row with its number when the server stops', async ({
  signOn,
  added,
  guess,
}) => {
  await signOn.services.refusals.close()
  const about = { ip: '203.0.113.0/24' }
  const counted = await listAudited(signOn.services.db, 'account.sign-in-refused', about)
  const byReason = counted.map(({ detail }) => detail as Record<string, unknown>)
  // Those whose form was read name the client, those who were turned away at the door do not.
  const tooMany = byReason.filter(({ reason }) => reason === 'too-many')
  expect(tooMany.length).toBeLessThanOrEqual(2)
  expect(tooMany.reduce((sum, { repeats }) => sum + Number(repeats), 0)).toBe(101)
  // From a network that the door lets in: what it turns away after the end is counted no more.
  const more = await added(() => guess('nobody-again', '198.18.7.1'))
  expect(more).toMatchObject({ audit: 1 })
})
