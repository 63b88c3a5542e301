import { request } from 'node:http'
import { expect } from 'vitest'
import { inTransaction } from '../../src/storage/db.ts'
import { listAudited } from '../support/audited.ts'
import { getPasswordForm } from '../support/court.ts'
import type { Form } from '../support/html-forms.ts'
import type { HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { nora, password } from '../support/people.ts'

/** One password at a time, one that asks the database meanwhile, and one that waits. */
const places = 3

const from = (address: string) => ({ 'x-forwarded-for': address })

const test = kit()
  .override('signOnOptions', {
    settings: {
      CSO_TRUSTED_PROXIES: '127.0.0.1/32',
      CSO_LOG_LEVEL: 'error',
      CSO_PASSWORD_CONCURRENCY: '1',
      CSO_PASSWORD_QUEUE: '1',
      CSO_LIMIT_SIGN_IN_PER_ADDRESS: '5/60',
    },
  })
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend(
    'openForm',
    { scope: 'file' },
    ({ ncwd }) =>
      async (browser: HttpClient, parameters = {}) => {
        const address = from('192.0.2.1')
        const asked = await browser.get((await ncwd.authorize(parameters)).url, address)
        return getPasswordForm(await browser.get(asked.location!, address))
      },
  )
  /** The page that a stranger has open. */
  .extend('form', ({ openForm, browser }) => openForm(browser))
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
  /** A browser in which Nora has signed in, at the sign-in page again. */
  .extend('openKnownBrowser', ({ openBrowser, openForm }) => async () => {
    const known = openBrowser()
    const send = async (opened: Form, address: string) => {
      const fields = { ...opened.fields, username: nora.username, password }
      return (await known.post(opened.action, fields, from(address))).status
    }
    expect(await send(await openForm(known), '192.0.2.2')).toBe(200)
    const again = await openForm(known, { prompt: 'login' })
    return { signIn: (address: string) => send(again, address) }
  })
  /**
   * Does `work` while as many strangers are under way as can be, and none of them gets on: nobody can
   * count failures.
   */
  .extend('whileFull', ({ signOn, guess }) => async (work: () => Promise<void>) => {
    let underWay: Promise<{ status: number }>[] = []
    const text = 'LOCK TABLE sign_in_failures IN ACCESS EXCLUSIVE MODE'
    await inTransaction(
      signOn.services.db,
      async (tx) => {
        await tx.query({ name: 'test-lock-failures', text }, [])
        let turnedAway = 0
        underWay = Array.from({ length: 2 * places }, async (_, index) => {
          const answer = await guess(`made-up-${index}`, `203.0.${index}.1`)
          if (answer.status === 503) turnedAway += 1
          return answer
        })
        await becomes('the places are taken', 1500, async () => turnedAway === places)
        await work()
      },
      { milliseconds: 10_000 },
    )
    await Promise.all(underWay)
  })
  /** What one try costs the stores; the least of several, since others work beside it. */
  .extend('costOf', { scope: 'file' }, ({ signOn }) => async (work: () => Promise<unknown>) => {
    const { db, redis } = signOn.services
    const least = { statements: Number.POSITIVE_INFINITY, commands: Number.POSITIVE_INFINITY }
    for (let count = 0; count < 4; count += 1) {
      const before = { statements: db.statementCount, commands: redis!.commandCount }
      await work()
      least.statements = Math.min(least.statements, db.statementCount - before.statements)
      least.commands = Math.min(least.commands, redis!.commandCount - before.commands)
    }
    return least
  })

test('while the line is full a stranger is turned away without a question to a store, and a known browser is served', async ({
  openKnownBrowser,
  whileFull,
  costOf,
  guess,
}) => {
  const known = await openKnownBrowser()
  let signedIn: Promise<number> | undefined
  await whileFull(async () => {
    let network = 0
    const texts = new Set<string>()
    const cost = await costOf(async () => {
      network += 1
      const name = network % 2 === 0 ? nora.username : 'made-up'
      const answer = await guess(name, `198.51.${network}.1`)
      expect(answer.status).toBe(503)
      expect(answer.headers['retry-after']).toBe('5')
      texts.add(answer.text)
    })
    expect(cost).toEqual({ statements: 0, commands: 0 })
    // One page for whoever it is, and for whatever name.
    expect(texts.size).toBe(1)
    const [text] = texts
    expect(text).toContain('Sign-in is very busy')
    expect(text).toContain('Your password was not checked and nothing is lost.')
    expect(text).toContain('Wait 5 seconds')
    expect(text).toContain('(800) 676-6856')
    // From a network of the flood; it waits until failures can be counted, and is then first.
    signedIn = known.signIn('203.0.1.1')
  })
  expect(await signedIn).toBe(200)
})

test('where the window of an address is full, the next stranger costs no store anything, and a known browser is served', async ({
  openKnownBrowser,
  guess,
  costOf,
}) => {
  const known = await openKnownBrowser()
  const address = '203.0.113.7'
  for (let count = 0; count < 5; count += 1) await guess(`made-up-${count}`, address)
  expect((await guess('one-more', address)).status).toBe(429)
  const cost = await costOf(async () => {
    const answer = await guess('and-more', address)
    expect(answer.status).toBe(429)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(answer.text).toContain('Too many tries from your network')
  })
  expect(cost).toEqual({ statements: 0, commands: 0 })
  expect(await known.signIn(address)).toBe(200)
})

test('a form whose body does not arrive keeps others out for a second at most', async ({
  form,
  signOn,
  browser,
  guess,
}) => {
  const { hostname, port, pathname } = new URL(form.action)
  const open = Array.from({ length: places }, (_, index) => {
    const headers = {
      ...from(`198.18.${index}.1`),
      host: new URL(signOn.issuer).host,
      cookie: browser.cookies.header(new URL(form.action)),
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': '100',
      expect: '100-continue',
    }
    return request({ hostname, port, path: pathname, method: 'POST', headers })
  })
  const areInside = open.map((each) => new Promise((resolve) => each.once('continue', resolve)))
  for (const each of open) {
    each.on('error', () => undefined)
    each.flushHeaders()
  }
  await Promise.all(areInside)
  let network = 100
  // Without that the server waits for the bodies for fifteen seconds.
  await becomes('others are let in', 6000, async () => {
    network += 1
    return (await guess(`made-up-${network}`, `198.18.${network}.1`)).status === 422
  })
  for (const each of open) each.destroy()
})

test('those who were turned away are in the audit as one row for each network and minute, with their number', async ({
  signOn,
}) => {
  await signOn.services.refusals.close()
  const { db } = signOn.services
  const rows = await listAudited(db, 'account.sign-in-refused', {
    detail: { path: ['reason'], equals: 'busy' },
  })
  const counts = rows.map(({ ip, detail }) => [ip, (detail as { repeats: number }).repeats])
  for (let network = 1; network <= 4; network += 1) {
    expect(counts).toContainEqual([`198.51.${network}.0/24`, 1])
  }
  const full = await listAudited(db, undefined, {
    ip: '203.0.113.0/24',
    detail: { path: ['reason'], equals: 'too-many' },
  })
  expect(full.map(({ detail }) => (detail as { repeats: number }).repeats)).toEqual([4])
})
