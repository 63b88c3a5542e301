import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
} from 'vitest'
import { apacheFolder, apacheKnows, startApache } from '../support/apache.ts'
import { newBrowser, openPage, signInAt } from '../support/court.ts'
import { adapted, documentedBlocks } from '../support/documented.ts'
import { freePort } from '../support/free-port.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { jane, nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.ts'

const [basic = '', newer = '', key = ''] = documentedBlocks('integrate.md', 'apache')
const withSecret = apacheKnows(newer) ? basic + newer : basic
const withKey = withSecret.replace(/^(Include|OIDCProviderTokenEndpointAuth) .*\n/gm, '') + key

const shown = (variable: string) => `<!--#echo encoding="none" var="${variable}" -->`
const page = `{ "user": "${shown('REMOTE_USER')}", "facts": ${shown('OIDC_userinfo_json')} }`

const zofia = {
  ...nora,
  number: '7000011',
  username: 'zofia-zoltowska',
  email: 'zofia@example.com',
  given_name: 'Zofia',
  family_name: 'Żółtowska',
}
const newSecret = () => randomBytes(32).toString('base64url')

let proxy: TlsProxy
let signOn: SignOn

beforeAll(async () => {
  const [port, targetPort] = [await freePort(), await freePort()]
  proxy = await startTlsProxy(port, targetPort)
  signOn = await startSignOn({
    issuer: proxy.url,
    port: targetPort,
    settings: { CSO_TRUSTED_PROXIES: '127.0.0.0/8' },
  })
  await signOn.apply({ accounts: [jane, nora, zofia] })
})
afterAll(async () => {
  await signOn.stop()
  await proxy.stop()
})

type KeyFiles = { readonly publicPem: string; readonly privatePem: string }

/** A key pair as Apache reads it, and as it is registered. */
function pemPair({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) {
  const alg = publicKey.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256'
  return {
    publicPem: String(publicKey.export({ format: 'pem', type: 'spki' })),
    privatePem: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'court-1', alg, use: 'sig' }] },
  }
}

/** Apache reads the keys when it reads its settings. */
function knowsKeyLines({ publicPem, privatePem }: KeyFiles): boolean {
  const folder = apacheFolder()
  writeFileSync(join(folder.path, 'cso-key.pub.pem'), publicPem)
  writeFileSync(join(folder.path, 'cso-key.pem'), privatePem)
  const isKnown = apacheKnows(adapted(key, { '/etc/apache2/': `${folder.path}/` }))
  folder.remove()
  return isKnown
}

const isSignOn = (to: URL) => to.origin === signOn.issuer

type CourtOptions = {
  readonly settings: string
  readonly metadata: object
  readonly keys?: KeyFiles
}
type ApacheCourt = Awaited<ReturnType<typeof startCourt>>

/** A court behind Apache with documented settings, registered under an id of its own. */
async function startCourt({ settings, metadata, keys }: CourtOptions) {
  const port = await freePort()
  const url = `https://127.0.0.1:${port}`
  const folder = apacheFolder()
  const secret = newSecret()
  const id = `ncwd-apache-${port}`
  const registration = {
    id,
    kind: 'court',
    name: 'CM/ECF behind Apache',
    courts: ['ncwd'],
    ...(!keys && { secrets: [secret] }),
    metadata: {
      redirect_uris: [`${url}/cso/callback`],
      post_logout_redirect_uris: [`${url}/signed-out`],
      ...metadata,
    },
  }
  await signOn.apply({ clients: [registration] })
  const ours = adapted(settings, {
    'https://<issuer>': proxy.url,
    'https://ecf.ncwd.uscourts.gov': url,
    'ncwd-cmecf': id,
    '/usr/local/sbin/read-cso-passphrase': `/bin/echo ${secret}`,
    '/etc/apache2/': `${folder.path}/`,
  })
  const apache = await startApache({
    port,
    folder,
    settings: `OIDCCABundlePath ${join(folder.path, 'authority.pem')}\n${ours}`,
    pages: { index: page, file: page, 'signed-out': '"You are signed out here."' },
    files: {
      'authority.pem': proxy.authority,
      'cso-secret.conf': `OIDCClientSecret ${secret}\n`,
      'cso-key.pem': keys?.privatePem ?? '',
      'cso-key.pub.pem': keys?.publicPem ?? '',
    },
  })
  return {
    url,
    id,
    registration,
    apache,
    /** Opens a protected page with a browser that has no session here, as far as Central Sign-On. */
    async open(browser: HttpClient, path = '/'): Promise<HttpResponse> {
      const sent = await browser.get(`${url}${path}`)
      return openPage(browser, signOn, sent.location ?? 'https://nowhere.invalid')
    },
    /** Goes back to Apache with the code; what is shown in the end. */
    async comeBack(browser: HttpClient, callback: string): Promise<HttpResponse> {
      return browser.followWhile(await browser.get(callback), (to) => to.origin === url)
    },
    async signIn(browser: HttpClient, username: string, path = '/'): Promise<HttpResponse> {
      const signInPage = await this.open(browser, path)
      return this.comeBack(browser, await signInAt(browser, signOn, signInPage, username))
    },
  }
}

const facts = (answer: HttpResponse) => answer.json<{ facts: Facts }>().facts
type Facts = { sub: string; name: string; efiling: { ncwd: { status: string; actions: string[] } } }

/** Signs out as the document says; where the browser is sent in the end. */
async function signOut(court: ApacheCourt, browser: HttpClient): Promise<string | undefined> {
  const back = encodeURIComponent(`${court.url}/signed-out`)
  const sent = await browser.get(`${court.url}/cso/callback?logout=${back}`)
  return (await browser.followWhile(sent, isSignOn)).location
}

describe('a court behind Apache', () => {
  const metadata = { token_endpoint_auth_method: 'client_secret_basic' }
  let court: ApacheCourt
  let browser: HttpClient

  beforeAll(async () => {
    court = await startCourt({ settings: withSecret, metadata })
  })
  afterAll(() => court.apache.stop())
  beforeEach(() => {
    browser = newBrowser()
  })
  afterEach(() => browser.stop())

  test('shows its page after a sign-in, with the facts of this court and PKCE on the way', async () => {
    const answer = await court.signIn(browser, jane.username)
    expect(answer.status).toBe(200)
    const { user, facts } = answer.json<{ user: string; facts: Facts }>()
    expect(user).toBe(facts.sub)
    expect(facts).toMatchObject({
      name: 'Jane Doe',
      email: jane.email,
      pacer: { account_number: jane.number, search: 'active' },
    })
    expect(Object.keys(facts.efiling)).toEqual(['ncwd'])
    expect(facts.efiling.ncwd).toMatchObject({
      status: 'active',
      filer_id: 'jdoe-ecf',
      actions: ['file', 'receive-notices'],
    })
    const asked = browser.transcript
      .map(({ url }) => new URL(url))
      .filter(({ pathname }) => pathname === '/oidc/auth')
    expect(asked).toHaveLength(1)
    expect(asked[0]!.searchParams.get('code_challenge_method')).toBe('S256')
    expect(asked[0]!.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    // The session is Apache's own now: nobody is asked again.
    expect((await browser.get(`${court.url}/file`)).status).toBe(200)
  })

  test('keeps those out who may not file, and spells every name as it is', async () => {
    const answer = await court.signIn(browser, zofia.username)
    expect(facts(answer).name).toBe('Zofia Żółtowska')
    expect(facts(answer).efiling.ncwd).toMatchObject({ status: 'none', actions: [] })
    const refused = await browser.get(`${court.url}/file`)
    expect(refused.status).toBe(401)
    expect(refused.text).not.toContain('facts')
  })

  test('sends whoever comes to a guarded page first through the sign-in, and back to it', async () => {
    const answer = await court.signIn(browser, jane.username, '/file')
    expect([answer.url, answer.status]).toEqual([`${court.url}/file`, 200])
  })

  test('leads whoever cancels to a page that asks nobody', async () => {
    const signInPage = await court.open(browser)
    const form = signInPage.forms().find(({ action }) => action.endsWith('/cancel'))!
    const sent = await browser.followWhile(await browser.submit(form), isSignOn)
    expect(sent.location).toContain('error=access_denied')
    const shown = await court.comeBack(browser, sent.location!)
    expect([shown.url, shown.status]).toEqual([`${court.url}/signed-out`, 200])
    // Somebody who tries again gets in.
    expect((await court.signIn(browser, jane.username)).status).toBe(200)
  })

  test('signs out for every court, and comes back to a page that asks nobody', async () => {
    await court.signIn(browser, nora.username)
    const left = await signOut(court, browser)
    expect(left).toBe(`${court.url}/signed-out`)
    // A page for everybody: one that asks for a sign-in would lead straight back to the password.
    const shown = await browser.get(left!)
    expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('signed out here')])
    const again = await court.open(browser)
    expect(again.forms().some((form) => 'password' in form.fields)).toBe(true)
  })
})

describe('a court behind Apache that asks again', () => {
  let court: ApacheCourt
  let browser: HttpClient

  beforeAll(async () => {
    court = await startCourt({
      // Every second instead of every minute; all else is as documented.
      settings: withSecret.replaceAll(/^(OIDCUserInfoRefreshInterval +)60/gm, '$11'),
      metadata: { token_endpoint_auth_method: 'client_secret_basic' },
    })
    browser = newBrowser()
    expect(facts(await court.signIn(browser, jane.username)).efiling.ncwd.status).toBe('active')
  })
  afterAll(async () => {
    await browser.stop()
    await court.apache.stop()
  })
  const filing = async () => (await browser.get(`${court.url}/file`)).status

  test('learns that a right was taken away, whatever the ID token said', async () => {
    const [atNcwd] = jane.standings
    expect(await filing()).toBe(200)
    await signOn.apply({ accounts: [{ ...jane, standings: [{ ...atNcwd, status: 'suspended' }] }] })
    await expect.poll(filing, { timeout: 5000 }).toBe(401)
    expect(facts(await browser.get(`${court.url}/`)).efiling.ncwd.status).toBe('suspended')
    await signOn.apply({ accounts: [jane] })
    await expect.poll(filing, { timeout: 5000 }).toBe(200)
  })

  test('has no facts any more of a person who signed out elsewhere', async () => {
    expect(await filing()).toBe(200)
    const account = await openPage(browser, signOn, `${signOn.issuer}/account`)
    const button = account.forms().find((form) => form.action.endsWith('/account/sign-out'))!
    await browser.followWhile(await browser.submit(button), isSignOn)
    await expect.poll(filing, { timeout: 5000 }).not.toBe(200)
    expect((await browser.get(`${court.url}/`)).text).not.toContain('jdoe-ecf')
  })
})

describe('a court behind Apache with a key of its own', () => {
  const ec = pemPair(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  const rsa = pemPair(generateKeyPairSync('rsa', { modulusLength: 2048 }))
  const metadata = { token_endpoint_auth_method: 'private_key_jwt' }

  test.runIf(knowsKeyLines(ec))('signs in by PAR, with ES256 and DPoP: FAPI 2.0', async () => {
    const court = await startCourt({
      settings: withKey,
      metadata: { ...metadata, profile: 'fapi2', jwks: ec.jwks },
      keys: ec,
    })
    onTestFinished(() => court.apache.stop())
    const browser = newBrowser()
    onTestFinished(() => browser.stop())
    const answer = await court.signIn(browser, jane.username, '/file')
    expect([answer.url, answer.status]).toEqual([`${court.url}/file`, 200])
    expect(facts(answer).efiling.ncwd.actions).toContain('file')
    const asked = new URL(browser.transcript[1]!.url)
    expect([...asked.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    expect(await signOut(court, browser)).toBe(`${court.url}/signed-out`)
  })

  test('is refused for the audience of its assertions where OIDCProfile is not set', async () => {
    const court = await startCourt({
      settings: withKey
        .replace(/^OIDCProfile .*\n/m, '')
        .replace(':ES256', '')
        .replaceAll('sig:', ''),
      metadata: { ...metadata, jwks: rsa.jwks, token_endpoint_auth_signing_alg: 'RS256' },
      keys: rsa,
    })
    onTestFinished(() => court.apache.stop())
    const browser = newBrowser()
    onTestFinished(() => browser.stop())
    const answer = await court.signIn(browser, jane.username)
    expect(answer.text).not.toContain('facts')
    const refusals = signOn.logLines.filter((line) => line.includes(court.id))
    expect(refusals.join()).toContain('the audience must be the issuer identifier alone')
  })
})
