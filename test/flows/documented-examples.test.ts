import { execFile } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { findProgram } from '../../scripts/services.mjs'
import { createCourt, openPage, signInAt } from '../support/court.ts'
import { adapted, documentedFile } from '../support/documented.ts'
import { freePort } from '../support/free-port.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { startServer, temporaryFolder } from '../support/server-process.ts'

/** The examples of docs/integrate.md, as they stand there but for the port that they listen on. */

const run = promisify(execFile)
const folder = temporaryFolder('examples')
const registration = documentedFile('integrate.md', 'yaml', 'court.yaml')
const secret = /secrets: \["(.*)"\]/.exec(registration)![1]!
const courtMjs = documentedFile('integrate.md', 'js', 'court.mjs')

const test = kit()
  .override('people', [jane, nora])
  .extend('url', { scope: 'file' }, async () => `http://localhost:${await freePort()}`)
  .extend(
    'here',
    { scope: 'file' },
    ({ url }) =>
      (text: string) =>
        adapted(text, { 'http://localhost:4000': url }),
  )
  /** A changed registration is in force within a second: nobody comes before. */
  .extend(
    'register',
    { scope: 'file' },
    ({ signOn, here }) =>
      async (text: string): Promise<void> => {
        await signOn.apply(parse(here(text)) as object)
        await delay(1100)
      },
  )
  /** Runs one of the documented files in its own process; it is stopped with the test. */
  .extend(
    'start',
    { scope: 'file' },
    ({ here, signOn, url }) =>
      async (program: string, name: string, text: string) => {
        const file = join(folder.path, name)
        writeFileSync(file, here(text))
        const command = program === 'node' ? process.execPath : findProgram(program)
        if (!command) throw new Error(`${program} is not on this machine`)
        const server = await startServer({
          command: findProgram('env')!,
          args: [
            '-C',
            folder.path,
            `ISSUER=${signOn.issuer}`,
            `CLIENT_SECRET=${secret}`,
            command,
            file,
          ],
          logFile: join(folder.path, 'log'),
          exitSignal: 'SIGTERM',
          isReady: async () => (await fetch(url)).ok,
        })
        onTestFinished(() => server.end('SIGTERM'))
      },
  )
  /** Where the example sends a tab. */
  .extend(
    'leave',
    { scope: 'file' },
    ({ url }) =>
      async (browser: HttpClient) =>
        (await browser.get(`${url}/sign-in`)).location!,
  )
  /** Delivers the answer to the example; what it shows in the end. */
  .extend(
    'comeBack',
    { scope: 'file' },
    ({ url }) =>
      async (browser: HttpClient, callback: string) =>
        browser.followWhile(await browser.get(callback), (to) => to.origin === url),
  )
  .extend(
    'signIn',
    { scope: 'file' },
    ({ signOn, leave, comeBack }) =>
      async (browser: HttpClient): Promise<HttpResponse> => {
        const page = await openPage(browser, signOn, await leave(browser))
        return comeBack(browser, await signInAt(browser, signOn, page, jane.username))
      },
  )
  /** One whole day of a court's application: who may come in, who may file, and who has left. */
  .extend('isUsed', ({ url, openBrowser, leave, signOn, comeBack, isOurs, signIn }) => async () => {
    const home = async (browser: HttpClient) => (await browser.get(`${url}/`)).text
    const browser = openBrowser()
    expect(await home(browser)).toContain('Nobody is signed in')

    // Two tabs that a browser opens at once; the second goes on by itself and comes back first.
    const [first, second] = await Promise.all([leave(browser), leave(browser)])
    expect(new URL(first).searchParams.get('client_id')).toBe('example-court')
    const page = await openPage(browser, signOn, first)
    const firstAnswer = await signInAt(browser, signOn, page, jane.username)
    const secondAnswer = (await openPage(browser, signOn, second)).location!
    expect((await comeBack(browser, secondAnswer)).text).toContain('Jane Doe is signed in')
    expect((await comeBack(browser, firstAnswer)).text).toContain('Jane Doe is signed in')
    expect(await home(browser)).toMatch(/"account_number" ?: "7123456"/)

    // Each answer is good once, and in the browser that asked for it.
    expect((await comeBack(browser, firstAnswer)).status).toBe(400)
    const thief = openBrowser()
    const stolen = (await openPage(browser, signOn, await leave(browser))).location!
    expect((await comeBack(thief, stolen)).status).toBe(400)
    expect(await home(thief)).toContain('Nobody is signed in')
    // The code of another attempt, and an answer of another issuer.
    const answer = async () =>
      new URL((await openPage(browser, signOn, await leave(browser))).location!)
    const swapped = await answer()
    swapped.searchParams.set('code', new URL(stolen).searchParams.get('code')!)
    expect((await comeBack(browser, swapped.href)).status).toBe(502)
    const foreign = await answer()
    foreign.searchParams.set('iss', 'https://somebody.else.test')
    expect((await comeBack(browser, foreign.href)).status).toBeGreaterThanOrEqual(400)

    const file = async () => {
      const { status, text } = await browser.post(`${url}/file`, {})
      return { status, text }
    }
    expect(await file()).toEqual({ status: 201, text: 'Filed by jdoe-ecf.' })
    const [atNcwd] = jane.standings
    await signOn.apply({
      accounts: [{ ...jane, standings: [{ ...atNcwd, status: 'suspended' }] }],
    })
    expect(await file()).toMatchObject({
      status: 403,
      text: expect.stringContaining('"suspended"'),
    })
    await signOn.apply({ accounts: [jane] })

    const cancelled = openBrowser()
    const form = (await openPage(cancelled, signOn, await leave(cancelled)))
      .forms()
      .find(({ action }) => action.endsWith('/cancel'))!
    const back = await cancelled.followWhile(await cancelled.submit(form), isOurs)
    expect((await comeBack(cancelled, back.location!)).text).toContain('You went back')
    expect(await home(cancelled)).toContain('Nobody is signed in')

    const other = openBrowser()
    expect((await signIn(other)).text).toContain('Jane Doe is signed in')
    const left = await browser.followWhile(await browser.post(`${url}/sign-out`, {}), isOurs)
    expect(left.location).toBe(`${url}/`)
    expect(await home(browser)).toContain('Nobody is signed in')
    expect((await openPage(browser, signOn, await leave(browser))).text).toContain('password')

    // Who signs out at Central Sign-On is known to have left as soon as something matters.
    const account = await openPage(other, signOn, `${signOn.issuer}/account`)
    const button = account.forms().find(({ action }) => action.endsWith('/account/sign-out'))!
    await other.followWhile(await other.submit(button), isOurs)
    expect((await other.post(`${url}/file`, {})).status).toBe(401)
  })

test.beforeAll(async () => {
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder.path, 'node_modules'))
})

test.afterAll(async () => {
  folder.remove()
})

describe('an example of integrate.md', () => {
  test('in JavaScript signs in, files and signs out', async ({ register, start, isUsed }) => {
    await register(registration)
    await start('node', 'court.mjs', courtMjs)
    await isUsed()
  })

  test('in Python does the same', async ({ register, start, isUsed }) => {
    await register(registration)
    await start('python3', 'court.py', documentedFile('integrate.md', 'python', 'court.py'))
    await isUsed()
  })

  test('in Perl does the same', async ({ register, start, isUsed }) => {
    await register(registration)
    await start('perl', 'court.pl', documentedFile('integrate.md', 'perl', 'court.pl'))
    await isUsed()
  })

  test('with a key signs in by PAR, with DPoP', async ({ register, start, isUsed }) => {
    writeFileSync(
      join(folder.path, 'make-key.mjs'),
      documentedFile('integrate.md', 'js', 'make-key.mjs'),
    )
    const { stdout: made } = await run(process.execPath, ['make-key.mjs'], { cwd: folder.path })
    const shown = documentedFile('integrate.md', 'yaml', 'court-with-key.yaml')
    await register(shown.replace(/^( *jwks: ).*$/m, `$1${made.trim()}`))
    // All above the line is another; what follows is the same.
    const application = courtMjs.slice(courtMjs.indexOf('// ---- The application.'))
    const withKey = documentedFile('integrate.md', 'js', 'court.mjs, the first part')
    await start('node', 'court-with-key.mjs', `${withKey}\n${application}`)
    await isUsed()
  })

  test('of a service tells who may file, of a token that is for its court', async ({
    signOn,
    openBrowser,
  }) => {
    const service = documentedFile('integrate.md', 'yaml', 'docket.yaml')
    await signOn.apply(parse(service) as object)
    const name = 'introspect.mjs'
    writeFileSync(join(folder.path, name), documentedFile('integrate.md', 'js', name))
    const env = {
      ...process.env,
      ISSUER: signOn.issuer,
      CLIENT_SECRET: /secrets: \["(.*)"\]/.exec(service)![1],
    }
    const mayFile = async (token: string) => {
      const program = `import { mayFile } from './${name}'\nconsole.log(await mayFile('${token}'))`
      const args = ['--input-type=module', '-e', program]
      return (await run(process.execPath, args, { cwd: folder.path, env })).stdout.trim()
    }
    const ncwd = await createCourt(signOn, 'ncwd')
    const tokenOf = async (username: string) =>
      (await ncwd.signIn(openBrowser(), username)).access_token
    expect(await mayFile(await tokenOf(jane.username))).toBe('true')
    expect(await mayFile(await tokenOf(nora.username))).toBe('false')
    expect(await mayFile('unknown')).toBe('false')
  })
})
