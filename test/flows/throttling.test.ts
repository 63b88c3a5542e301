import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CanonicalUsername } from '../../src/accounts/username.ts'
import { type By, byOperator } from '../../src/audit/by.ts'
import type { AccountId } from '../../src/ids.ts'
import { sweepTable } from '../../src/jobs/sweep.ts'
import { signInFailureSweep } from '../../src/signin/store.ts'
import { unlockAccount } from '../../src/signin/unlock-account.ts'
import { listAudited, newestAudited } from '../support/audited.ts'
import {
  createCourt,
  getPasswordForm,
  newBrowser,
  openPage,
  type TestCourt,
} from '../support/court.ts'
import type { Form } from '../support/html-forms.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { disabledAccount, nora, password } from '../support/people.ts'
import { countSignInFailures, type SignOn, startSignOn } from '../support/sign-on.ts'

const wrong = 'not the password of anybody'
const unknown = 'nobody-of-that-name'

/** A browser at the sign-in page; the page takes as many tries as it is given. */
async function openForm(signOn: SignOn, court: TestCourt) {
  const browser = newBrowser()
  const page = await openPage(browser, signOn, (await court.authorize()).url)
  return { browser, form: getPasswordForm(page) }
}

function guess(browser: HttpClient, form: Form, username: string, secret: string) {
  return browser.submit(form, { username, password: secret })
}

const reasonsIn = async (signOn: SignOn, since = 0n) => {
  const rows = await listAudited(signOn.services.db, 'account.sign-in-refused', {}, since)
  return rows.map(({ detail }) => (detail as { reason: string }).reason)
}

const lastEvent = (signOn: SignOn) => newestAudited(signOn.services.db)

const forget = (signOn: SignOn) => signOn.services.db.prisma.signInFailures.deleteMany()

/** An answer without what is different in every one: nonces, ids, the date, and the name typed. */
function comparable({ status, headers, text }: HttpResponse, username: string) {
  const {
    date: _,
    'x-request-id': requestId = '',
    'content-security-policy': policy = '',
    'content-length': length = '',
    ...others
  } = headers
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none'
  const plain = (value: string) =>
    value.replaceAll(nonce, 'NONCE').replaceAll(requestId, 'REQUEST').replaceAll(username, 'NAME')
  return {
    status,
    headers: { ...others, 'content-security-policy': plain(policy) },
    bytes: Number(length) - username.length,
    text: plain(text),
  }
}

describe.each(['redis', 'database'] as const)('with storage: %s', (storage) => {
  let signOn: SignOn
  let court: TestCourt
  let browser: HttpClient
  let form: Form

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [nora, disabledAccount] })
    court = await createCourt(signOn, 'ncwd')
  })
  afterAll(() => signOn.stop())
  beforeEach(async () => {
    await forget(signOn)
    ;({ browser, form } = await openForm(signOn, court))
  })
  afterEach(async () => {
    vi.useRealTimers()
    await browser.stop()
  })

  const fail = async (times: number, username = nora.username) => {
    for (let count = 0; count < times; count += 1) {
      expect((await guess(browser, form, username, wrong)).status).toBe(422)
    }
  }

  /** Lets the lock run out, as the clock would. */
  const waitOut = () =>
    signOn.services.db.prisma.signInFailures.updateMany({ data: { lockedUntil: new Date(0) } })

  const three = [false, false, false]
  const noraAccount = () =>
    signOn.services.db.prisma.account.findFirstOrThrow({ where: { number: nora.number } })
  const unlock = async (by: By) => {
    const { db, keys } = signOn.services
    const account = (await noraAccount()) as unknown as {
      id: AccountId
      usernameCanonical: CanonicalUsername
    }
    return unlockAccount({ db, key: keys.secrets.identifiers }, account, by)
  }

  test('four wrong passwords cost nothing, the fifth costs 30 seconds, each further one twice as long', async () => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await fail(5)
    let elapsedSeconds = 0
    for (const delaySeconds of [30, 60, 120, 240]) {
      const locked = await guess(browser, form, nora.username, password)
      expect(locked.status).toBe(429)
      expect(Number(locked.headers['retry-after'])).toBe(delaySeconds)
      vi.setSystemTime(start + (elapsedSeconds + delaySeconds - 1) * 1000)
      const stillLocked = await guess(browser, form, nora.username, password)
      expect(stillLocked.headers['retry-after']).toBe('1')
      elapsedSeconds += delaySeconds
      vi.setSystemTime(start + elapsedSeconds * 1000)
      await fail(1)
    }
  })

  test('no lock is longer than an hour', async () => {
    await fail(5)
    for (let count = 0; count < 9; count += 1) {
      await waitOut()
      await fail(1)
    }
    const locked = await guess(browser, form, nora.username, password)
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(3590)
    expect(Number(locked.headers['retry-after'])).toBeLessThanOrEqual(3600)
  })

  test('the right password in a locked account is refused like a wrong one', async () => {
    await fail(5)
    await signOn.services.refusals.close()
    const before = await lastEvent(signOn)
    const right = await guess(browser, form, nora.username, password)
    const alsoWrong = await guess(browser, form, nora.username, wrong)
    expect(right.status).toBe(429)
    expect(comparable(right, nora.username)).toEqual(comparable(alsoWrong, nora.username))
    // The second one is counted.
    expect(await reasonsIn(signOn, before)).toEqual(['locked'])
  })

  test('a try during the lock does not make it longer', async () => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await fail(5)
    for (let count = 0; count < 10; count += 1) await guess(browser, form, nora.username, wrong)
    vi.setSystemTime(start + 30_000)
    expect((await guess(browser, form, nora.username, password)).status).toBe(200)
  })

  test('success forgets the failures before it', async () => {
    await fail(4)
    expect((await guess(browser, form, nora.username, password)).status).toBe(200)
    const next = await openForm(signOn, court)
    for (let count = 0; count < 4; count += 1) {
      expect((await guess(next.browser, next.form, nora.username, wrong)).status).toBe(422)
    }
    expect((await guess(next.browser, next.form, nora.username, password)).status).toBe(200)
    await next.browser.stop()
  })

  test('an unknown name, a wrong password and one of a disabled account are one answer', async () => {
    const names = [nora.username, unknown, disabledAccount.username]
    const answers = []
    for (const name of names)
      answers.push(comparable(await guess(browser, form, name, wrong), name))
    expect(answers[0]?.status).toBe(422)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('an unknown name is locked exactly as a known one', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    await fail(5, nora.username)
    await fail(5, unknown)
    const known = await guess(browser, form, nora.username, wrong)
    const missing = await guess(browser, form, unknown, wrong)
    expect(known.status).toBe(429)
    expect(comparable(known, nora.username)).toEqual(comparable(missing, unknown))
  })

  test('one name is one name, in whatever letters it is typed', async () => {
    await fail(2, nora.username)
    await fail(2, nora.username.toUpperCase())
    await fail(1, 'ｎora-nowhere')
    expect((await guess(browser, form, nora.username, password)).status).toBe(429)
  })

  test('twenty guesses at once are five at most', async () => {
    const before = await lastEvent(signOn)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        guess(browser, form, nora.username, `${wrong} ${index}`),
      ),
    )
    const reasons = await reasonsIn(signOn, before)
    // Where a password takes half a second, some are told to come back before their turn.
    const looked = answers.filter(({ status }) => status === 422)
    const others = answers.filter(({ status }) => status === 429 || status === 503)
    expect(looked.length).toBeGreaterThan(0)
    expect(looked.length).toBeLessThanOrEqual(5)
    expect(looked.length + others.length).toBe(20)
    expect(reasons.filter((reason) => reason === 'wrong-password')).toHaveLength(looked.length)
    expect(await countSignInFailures(signOn)).toBe(looked.length)
  })

  test('the fourth wrong password warns, the fifth and each during the pause say until when', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T19:44:40Z') })
    const texts = []
    for (let count = 0; count < 6; count += 1) {
      texts.push((await guess(browser, form, nora.username, wrong)).text)
    }
    const warning =
      'One more wrong password, and sign-in with this username is paused for 30 seconds.'
    const pause = 'Wait 30 seconds, until 2:45:10 p.m. Eastern time, then try again.'
    expect(texts.map((text) => text.includes(warning))).toEqual([...three, true, false, false])
    expect(texts.map((text) => text.includes(pause))).toEqual([...three, false, true, true])
  })

  test('after a hundred failures in a row the password is not accepted any more, whenever, until it is unlocked', async () => {
    for (const username of [nora.username, unknown]) {
      await fail(1, username)
      await signOn.services.db.prisma.signInFailures.updateMany({ data: { failures: 98 } })
      await waitOut()
      await fail(1, username)
      await waitOut()
      const hundredth = await guess(browser, form, username, wrong)
      expect(hundredth.status).toBe(403)
      await signOn.services.db.prisma.signInFailures.updateMany({
        data: { lockedUntil: new Date(0), updatedAt: new Date(0) },
      })
      await sweepTable(signOn.services.db, signInFailureSweep, new Date())
      const refused = await guess(browser, form, username, password)
      expect(refused.status).toBe(403)
      expect(refused.headers['retry-after']).toBeUndefined()
      expect(refused.text).toContain('This password is no longer accepted')
      expect(refused.text).toContain('(800) 676-6856')
      expect(refused.text).not.toMatch(/Wait \d/)
      if (username === nora.username) {
        expect(await unlock(byOperator('ina'))).toEqual({ ok: true, value: { failures: 100 } })
        expect((await guess(browser, form, username, password)).status).toBe(200)
        ;({ browser, form } = await openForm(signOn, court))
        await forget(signOn)
      }
    }
  })

  test('unlocking ends a pause, is in the audit with who did it, and says when there was nothing', async () => {
    await fail(5)
    expect(await unlock(byOperator('ina'))).toEqual({ ok: true, value: { failures: 5 } })
    const event = (await listAudited(signOn.services.db, 'account.unlocked')).at(-1)
    expect(event).toMatchObject({ actorKind: 'operator', actorId: 'ina', detail: { failures: 5 } })
    expect(event?.accountId).toBe((await noraAccount()).id)
    expect(await unlock(byOperator('ina'))).toEqual({ ok: false, reason: 'not-locked' })
    expect((await guess(browser, form, nora.username, password)).status).toBe(200)
  })

  test('ten right passwords of one account at the same moment are ten sign-ins', async () => {
    await fail(3)
    const opened = await Promise.all(Array.from({ length: 10 }, () => openForm(signOn, court)))
    const answers = await Promise.all(
      opened.map((each) => guess(each.browser, each.form, nora.username, password)),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(await countSignInFailures(signOn)).toBe(0)
    await Promise.all(opened.map((each) => each.browser.stop()))
  })

  test('attempts that a process left behind count as failures after ten seconds', async () => {
    await fail(1)
    await signOn.services.db.prisma.signInFailures.updateMany({
      data: { pending: 4, pendingUntil: new Date(Date.now() + 200) },
    })
    // Five could be wrong now: nobody is let in beside them, and nobody is told that he was wrong.
    expect((await guess(browser, form, nora.username, wrong)).status).toBe(422)
    expect(await countSignInFailures(signOn)).toBe(6)
  })

  test('a disabled account is told so with the right password alone', async () => {
    const { username } = disabledAccount
    await fail(3, username)
    const before = await lastEvent(signOn)
    const told = await guess(browser, form, username, password)
    expect(told.status).toBe(403)
    expect(told.text).toContain('This account is disabled')
    expect(told.text).toContain('(800) 676-6856')
    expect(await reasonsIn(signOn, before)).toEqual(['disabled'])
    // It was no guess: the failures before it are forgotten, as after a sign-in.
    expect(await countSignInFailures(signOn)).toBe(0)
    const wrongAgain = await guess(browser, form, username, wrong)
    expect(wrongAgain.status).toBe(422)
    expect(wrongAgain.text).not.toContain('account is disabled')
  })

  test('tabs round a pasted username are no part of it, and one space is no username', async () => {
    const pasted = `\t${nora.username}\t `
    expect((await guess(browser, form, ' ', password)).text).toContain('Enter your username')
    expect((await guess(browser, form, ' ', password)).status).toBe(422)
    expect((await guess(browser, form, pasted, `${password}\t`)).status).toBe(200)
  })
})

describe.each(['redis', 'database'] as const)('limits per network, with storage: %s', (storage) => {
  test('the seventh try in a minute from one address is 429, whatever the name, and not looked at', async () => {
    const signOn = await startSignOn({
      storage,
      settings: { CSO_LIMIT_SIGN_IN_PER_ADDRESS: '6/60' },
    })
    try {
      await signOn.apply({ accounts: [nora] })
      const court = await createCourt(signOn, 'ncwd')
      const { browser, form } = await openForm(signOn, court)
      for (let count = 0; count < 6; count += 1) {
        expect((await guess(browser, form, `guessed-name-${count}`, wrong)).status).toBe(422)
      }
      const refused = await guess(browser, form, nora.username, password)
      expect(refused.status).toBe(429)
      expect(refused.text).toContain('Your password was not checked')
      const retryAfter = Number(refused.headers['retry-after'])
      expect(retryAfter).toBeGreaterThan(0)
      expect(retryAfter).toBeLessThanOrEqual(60)
      expect((await reasonsIn(signOn)).at(-1)).toBe('too-many')
      const failures = await signOn.services.db.prisma.signInFailures.findMany()
      expect(failures.map((row) => row.failures)).toEqual([1, 1, 1, 1, 1, 1])
      await browser.stop()
    } finally {
      await signOn.stop()
    }
  })

  test('wrong tries of one name from one network have one for half a day; right ones never fill it', async () => {
    const signOn = await startSignOn({
      storage,
      settings: { CSO_LIMIT_SIGN_IN_PER_USERNAME_AND_ADDRESS: '3/43200' },
    })
    try {
      await signOn.apply({ accounts: [nora] })
      const court = await createCourt(signOn, 'ncwd')
      const signIn = async (secret: string) => {
        const { browser, form } = await openForm(signOn, court)
        const answer = await guess(browser, form, nora.username, secret)
        await browser.stop()
        return answer
      }
      // An office behind one address that shares an account.
      for (let count = 0; count < 8; count += 1) expect((await signIn(password)).status).toBe(200)
      // Somebody who guesses in between: each right password forgets the failures, not the window.
      for (let count = 0; count < 3; count += 1) {
        expect((await signIn(wrong)).status).toBe(422)
        if (count < 2) expect((await signIn(password)).status).toBe(200)
      }
      const refused = await signIn(password)
      expect(refused.status).toBe(429)
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(43_000)
      expect((await reasonsIn(signOn)).at(-1)).toBe('too-many')
    } finally {
      await signOn.stop()
    }
  })

  test('pages have one too, and what courts’ servers call is not counted with them', async () => {
    const signOn = await startSignOn({
      storage,
      settings: { CSO_LIMIT_PAGES_PER_ADDRESS: '5/60' },
    })
    try {
      const court = await createCourt(signOn, 'ncwd')
      const browser = newBrowser()
      const { url } = await court.authorize()
      const statuses = []
      for (let count = 0; count < 6; count += 1) statuses.push((await browser.get(url)).status)
      expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
      for (const spelling of ['/oidc/auth/', '/OIDC/Auth']) {
        const { status } = await browser.get(url.replace('/oidc/auth', spelling))
        expect([spelling, status]).toEqual([spelling, 301])
      }
      expect((await browser.send('HEAD', url)).status).toBe(429)
      const refused = await browser.get(url)
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect(refused.text).toContain('Too many requests from your network')
      const { token_endpoint: token = '' } = court.rp.serverMetadata()
      expect((await browser.post(token, {})).status).toBeLessThan(429)
      await browser.stop()
    } finally {
      await signOn.stop()
    }
  })
})

describe('more passwords at once than can be looked at', () => {
  test('the rest is told at once to come back, and does not count', async () => {
    const signOn = await startSignOn({
      settings: { CSO_PASSWORD_CONCURRENCY: '1', CSO_PASSWORD_QUEUE: '2' },
    })
    try {
      await signOn.apply({ accounts: [nora] })
      const court = await createCourt(signOn, 'ncwd')
      const { browser, form } = await openForm(signOn, court)
      const answers = await Promise.all(
        Array.from({ length: 24 }, (_, index) => guess(browser, form, `somebody-${index}`, wrong)),
      )
      const decided = answers.filter(({ status }) => status === 422)
      const busy = answers.filter(({ status }) => status === 503)
      expect(decided.length + busy.length).toBe(24)
      expect(busy.length).toBeGreaterThan(0)
      expect(decided.length).toBeGreaterThan(0)
      for (const answer of busy) {
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
        expect(answer.text).toContain('Your password was not checked and nothing is lost')
      }
      await expect.poll(() => countSignInFailures(signOn)).toBe(decided.length)
      expect((await guess(browser, form, nora.username, password)).status).toBe(200)
      await browser.stop()
    } finally {
      await signOn.stop()
    }
  })
})
