import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { text } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { createRemoteJWKSet, exportJWK, generateKeyPair, type JWTPayload, jwtVerify } from 'jose'
import { expect } from 'vitest'
import { startCourt } from '../../demo/courts/court-app.ts'
import { linkAccountPath } from '../../src/efiling/linking/linking-paths.ts'
import type { CourtId } from '../../src/ids.ts'
import { makeCertificate } from '../support/certificate.ts'
import { sql } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import type { HttpResponse } from '../support/http-client.ts'
import { addImported } from '../support/imported.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import { openAs } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
const person = { ...nora, email_verified: true }
const vera = { ...person, number: '7000097', username: 'vera-oldfiler', email: 'vera@example.com' }
const guesser = {
  ...person,
  number: '7000098',
  username: 'guesses-on',
  email: 'guesses@example.com',
}
const port = await freePort()
const url = `https://localhost:${port}/old-logins`
const demoPort = await freePort()

/** What the court was asked, and how it answers. */
const asked: { claims: JWTPayload; body: string }[] = []
let issuer = ''
let answers: 'as it should' | 'with a redirect' | 'with an error' | 'too much' = 'as it should'

const test = kit()
  .override('people', [person, guesser, vera])
  .override('signOnOptions', {
    settings: { CSO_OUTBOUND_LOOPBACK_HOSTS: `localhost:${port},localhost:${demoPort}` },
  })
  .extend('courtSystem', { scope: 'file', auto: true }, async ({ signOn }, { onCleanup }) => {
    issuer = signOn.issuer
    const certificate = makeCertificate()
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, certificate.authority])
    const keys = createRemoteJWKSet(new URL(`${issuer}/oidc/jwks`))
    const { certificateFile, keyFile } = certificate
    const tls = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
    const server = createServer(tls, async (request, response) => {
      const body = await text(request)
      const [, token = ''] = (request.headers.authorization ?? '').split('Bearer ')
      const expected = { issuer, audience: url, typ: 'old-login+jwt', maxTokenAge: 60 }
      const { payload } = await jwtVerify(token, keys, expected)
      asked.push({ claims: payload, body })
      if (answers === 'with a redirect') return response.writeHead(302, { location: url }).end()
      if (answers === 'with an error') return response.writeHead(500).end('{"verified":true}')
      const { login, password } = JSON.parse(body) as { login: string; password: string }
      const verified = login === 'court-login' && password === 'right'
      const filling = answers === 'too much' ? 'x'.repeat(20_000) : ''
      return response.end(JSON.stringify({ verified, filling }))
    })
    await new Promise<void>((done) => server.listen(port, 'localhost', done))
    await signOn.apply({ courts: [{ id: 'ncwb', old_login_verifier: url }] })
    onCleanup(async () => {
      setDefaultCACertificates(before)
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      certificate.remove()
    })
  })

const problemIn = ({ text: page }: HttpResponse) => page.match(/id="problem-heading">([^<]*)</)?.[1]

test('a court checks old logins itself, asked over https with a signed request', async ({
  signOn,
  browser,
  audited,
}) => {
  const { db } = signOn.services
  const importedId = await addImported(db, ncwb, { login: 'court-login', name: 'Nora Nowhere' })
  const page = await openAs(signOn, browser, person.username, linkAccountPath('ncwb'))
  const type = (login: string, oldPassword: string) =>
    browser.submit(page.form('old-login'), { login, oldPassword })

  // A court that does not answer as it should costs nobody a try.
  for (const how of ['with a redirect', 'with an error', 'too much'] as const) {
    answers = how
    const silent = await type('court-login', 'right')
    expect([how, silent.status, problemIn(silent)]).toEqual([
      how,
      422,
      'The system of the court does not answer',
    ])
  }
  answers = 'as it should'
  const [wrong, unknown] = [await type('court-login', 'wrong'), await type('nobody', 'right')]
  expect([wrong.status, unknown.status]).toEqual([422, 422])
  expect(problemIn(unknown)).toBe(problemIn(wrong))

  const names = await type('court-login', 'right')
  expect((await browser.submit(names.form('confirm-link'))).status).toBe(303)
  const rows = await sql<{ way: string }>(
    db,
    'SELECT way FROM account_links WHERE imported_id = $1::uuid',
    [importedId],
  )
  expect(rows).toEqual([{ way: 'verifier' }])
  expect(await audited('account.linked')).toMatchObject([{ detail: { way: 'verifier' } }])

  // The court is asked about a login that was not imported, too, and told what it can check.
  expect(asked.map(({ body }) => JSON.parse(body).login)).toContain('nobody')
  expect(new Set(asked.map(({ claims }) => claims.jti)).size).toBe(asked.length)
  for (const { claims, body } of asked) {
    expect(claims.exp! - claims.iat!).toBe(60)
    expect(claims['sha256']).toBe(createHash('sha256').update(body).digest('base64url'))
    expect(JSON.parse(body)).toMatchObject({ court: 'ncwb' })
  }
})

test('old passwords are sent nowhere but to the court’s own host', async ({ signOn }) => {
  for (const address of ['https://elsewhere.example/check', 'http://ecf.ncwb.uscourts.gov/check']) {
    const apply = signOn.apply({ courts: [{ id: 'ncwb', old_login_verifier: address }] })
    await expect(apply).rejects.toThrow('own host')
  }
})

test('the court of the demo answers for an account that came without a hash', async ({
  signOn,
  openBrowser,
  onTestFinished,
}) => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const demo = await startCourt({
    court: 'ncwd',
    issuer: signOn.issuer,
    port: demoPort,
    clientId: 'demo-ncwd',
    privateKey: await exportJWK(privateKey),
  })
  onTestFinished(() => demo.stop())
  const verifier = `${demo.url}/old-logins`
  await signOn.apply({ courts: [{ id: 'ncwd', old_login_verifier: verifier }] })
  await addImported(signOn.services.db, 'ncwd' as CourtId, { login: 'voldfiler', name: 'Vera' })
  const browser = openBrowser()
  const page = await openAs(signOn, browser, vera.username, linkAccountPath('ncwd'))
  const type = (oldPassword: string) =>
    browser.submit(page.form('old-login'), { login: 'voldfiler', oldPassword })
  expect(problemIn(await type('another'))).toContain('not found together')
  expect((await type('old court password 8')).form('confirm-link')).toBeDefined()
  // Nobody else is answered.
  const body = JSON.stringify({ court: 'ncwd', login: 'voldfiler', password: 'x' })
  expect((await fetch(verifier, { method: 'POST', body })).status).toBe(401)
})

test('a silent court is no way to guess without end', async ({ signOn, openBrowser }) => {
  await addImported(signOn.services.db, ncwb, { login: 'guessed', name: 'Nora Nowhere' })
  const browser = openBrowser()
  const page = await openAs(signOn, browser, guesser.username, linkAccountPath('ncwb'))
  answers = 'with an error'
  const problems: (string | undefined)[] = []
  for (const oldPassword of ['one', 'two', 'three', 'four']) {
    const answer = await browser.submit(page.form('old-login'), { login: 'guessed', oldPassword })
    problems.push(problemIn(answer))
  }
  answers = 'as it should'
  const silent = 'The system of the court does not answer'
  expect(problems.slice(0, 3)).toEqual([silent, silent, silent])
  expect(problems[3]).not.toBe(silent)
})
