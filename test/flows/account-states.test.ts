import * as oidc from 'openid-client'
import { describe, expect, vi } from 'vitest'
import { type AccountState, accountStates, may } from '../../src/accounts/account-state.ts'
import { closeAccount } from '../../src/accounts/close-account.ts'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { reactivateSearch } from '../../src/accounts/reactivate-search.ts'
import { releaseAccount } from '../../src/accounts/release-account.ts'
import { stateWords } from '../../src/accounts/state-words.ts'
import { findAccount } from '../../src/accounts/store.ts'
import { byAccount, byOperator } from '../../src/audit/by.ts'
import type { AccountId } from '../../src/ids.ts'
import type { Outcome } from '../../src/outcome.ts'
import { inTransaction, type Transaction } from '../../src/storage/db.ts'
import {
  callbackOf,
  filingSoftware,
  getPasswordForm,
  idClaims,
  offlineRequest,
  openPage,
  sendPassword,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora, password } from '../support/people.ts'

const by = byOperator('test')

/** Somebody for each state. */
const inState = (state: AccountState) => ({
  ...nora,
  number: `70004${accountStates.indexOf(state)}0`,
  username: `person-${state}`,
})
const columns: Readonly<Record<AccountState, object>> = {
  closed: { closedAt: new Date() },
  disabled: { disabledAt: new Date() },
  unconfirmed: { unconfirmedSince: new Date() },
  'in-review': { reviewSince: new Date() },
  held: { supportHoldSince: new Date() },
  'must-change-password': { mustChangePasswordSince: new Date() },
  active: {},
}

const test = kit()
  .override('people', [jane, nora, ...accountStates.map(inState)])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('search', { scope: 'file' }, ({ court }) =>
    court('ncwb', { id: 'case-locator', kind: 'national', courts: [] }),
  )
  .extend('idOf', { scope: 'file' }, ({ signOn }) => async (number: string) => {
    const account = await findAccount(signOn.services.db, number)
    return account!.id
  })
  .extend(
    'change',
    { scope: 'file' },
    ({ signOn, idOf }) =>
      async (
        number: string,
        work: (tx: Transaction, id: AccountId) => Promise<Outcome<unknown, string>>,
      ) => {
        const id = await idOf(number)
        const changed = await inTransaction(signOn.services.db, (tx) => work(tx, id))
        expect(changed).toMatchObject({ ok: true })
      },
  )
  /** The answer to a password, after whatever redirects stay here. */
  .extend(
    'answerTo',
    ({ signOn, ncwd, openBrowser, isOurs }) =>
      async (username: string, secret: string) => {
        const browser = openBrowser()
        const page = await openPage(browser, signOn, (await ncwd.authorize()).url)
        expect(getPasswordForm(page)).toBeDefined()
        return browser.followWhile(await sendPassword(browser, page, username, secret), isOurs)
      },
  )

test.beforeAll(async ({ signOn }) => {
  for (const state of accountStates) {
    const where = { number: inState(state).number }
    await signOn.services.db.prisma.account.update({ where, data: columns[state] })
  }
})

describe('a password', () => {
  test('that is wrong learns nothing of any state', async ({ answerTo }) => {
    const said = []
    for (const name of [...accountStates.map((state) => inState(state).username), 'nobody-here']) {
      const { status, text } = await answerTo(name, 'a wrong password of fifteen')
      const main = /<main[\s\S]*<\/main>/.exec(text)?.[0] ?? ''
      const same = main.replaceAll(name, 'NAME').replace(/value="[\w.-]{20,}"|sign-in\/[\w-]+/g, '')
      said.push([status, same])
    }
    expect(said[0]?.[0]).toBe(422)
    expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1)
  })

  const barred = accountStates.filter((state) => !may({ state }, 'sign-in'))
  test.for(barred)(
    'that is right is told that the account is %s, and who can help',
    async (state, { answerTo, audited }) => {
      const { status, text } = await answerTo(inState(state).username, password)
      expect(status).toBe(403)
      const { headline, meaning } = stateWords({ state, held: null })
      expect(text).toContain(headline)
      expect(text).toContain(meaning)
      expect(text).toContain('(800) 676-6856')
      const others = accountStates.filter((other) => other !== state)
      for (const other of others) {
        expect(text).not.toContain(stateWords({ state: other, held: null }).headline)
      }
      const [refused] = await audited('account.sign-in-refused')
      expect(refused?.detail).toMatchObject({ reason: state })
    },
  )

  // One that needs a new password is asked for it first: `required-password.test.ts`.
  const signsInAtOnce = (state: AccountState) =>
    may({ state }, 'sign-in') && state !== 'must-change-password'
  test.for(accountStates.filter(signsInAtOnce))(
    'that is right signs in to an account that is %s',
    async (state, { answerTo }) => {
      const answer = await answerTo(inState(state).username, password)
      expect(new URL(callbackOf(answer)).searchParams.get('code')).toBeTruthy()
    },
  )
})

describe('a filer who is held', () => {
  const support = { since: expect.any(Number), reason: 'support' }

  test('signs in without the notice about redaction, and the court is told that no court has decided it', async ({
    signOn,
    ncwd,
    browser,
    change,
  }) => {
    const before = idClaims(await ncwd.signIn(browser, jane.username))
    const entry = (before['efiling'] as { ncwd: { version: number } }).ncwd
    await change(jane.number, (tx, id) => holdAccount(tx, id, 'support', by))
    const page = await openPage(browser, signOn, (await ncwd.authorize({ prompt: 'login' })).url)
    const answer = await browser.followWhile(
      await sendPassword(browser, page, jane.username),
      (to) => to.origin === signOn.issuer,
    )
    expect(new URL(callbackOf(answer)).searchParams.get('code')).toBeTruthy()

    const claims = idClaims(await ncwd.walkIn(browser))
    expect(claims['efiling']).toMatchObject({
      ncwd: {
        status: 'active',
        role: 'attorney',
        actions: [],
        held: support,
        version: entry.version + 1,
      },
    })
    expect(claims['pacer']).toMatchObject({ search: 'active' })
    await change(jane.number, (tx, id) => releaseAccount(tx, id, 'support', by))
  })

  test('keeps the session, and files again with it when the hold is lifted', async ({
    ncwd,
    browser,
    change,
  }) => {
    const tokens = await ncwd.signIn(browser, jane.username)
    const sub = String(idClaims(tokens)['sub'])
    const entry = async () => {
      const told = await oidc.tokenIntrospection(ncwd.rp, tokens.access_token)
      const info = await oidc.fetchUserInfo(ncwd.rp, tokens.access_token, sub)
      expect(info['efiling']).toEqual(told['efiling'])
      return (told['efiling'] as { ncwd: { actions: string[]; version: number } }).ncwd
    }
    const free = await entry()
    expect(free.actions).toContain('file')
    expect(free).not.toHaveProperty('held')
    await change(jane.number, (tx, id) => holdAccount(tx, id, 'holder', by))
    expect(await entry()).toMatchObject({ actions: [], held: { reason: 'holder' } })
    await change(jane.number, (tx, id) => holdAccount(tx, id, 'recovery', by))
    await change(jane.number, (tx, id) => releaseAccount(tx, id, 'holder', by))
    expect(await entry()).toMatchObject({ actions: [], held: { reason: 'recovery' } })
    await change(jane.number, (tx, id) => releaseAccount(tx, id, 'recovery', by))
    const { version: _, ...after } = await entry()
    const { version: __, ...same } = free
    expect(after).toEqual(same)
  })

  test('is told so to an application that renews its tokens while nobody is there', async ({
    court,
    browser,
    change,
  }) => {
    const vendor = await court('ca4', filingSoftware)
    const { refresh_token: token } = await vendor.signIn(browser, jane.username, offlineRequest)
    await change(jane.number, (tx, id) => holdAccount(tx, id, 'support', by))
    const renewed = idClaims(await oidc.refreshTokenGrant(vendor.rp, token!))
    expect(renewed['efiling']).toMatchObject({
      ca4: { status: 'active', actions: [], held: support },
    })
    await change(jane.number, (tx, id) => releaseAccount(tx, id, 'support', by))
  })

  test('in review does not search either', async ({ ncwd, browser }) => {
    const { pacer } = idClaims(await ncwd.signIn(browser, inState('in-review').username))
    expect(pacer).toMatchObject({ search: 'inactive' })
  })
})

describe('a closed account', () => {
  test('has no session and no token from that moment on, and opens nothing', async ({
    signOn,
    ncwd,
    browser,
    change,
    audited,
  }) => {
    const person = { ...nora, number: '7000490', username: 'closing-person' }
    await signOn.apply({ accounts: [person] })
    const { access_token: token } = await ncwd.signIn(browser, person.username)
    await change(person.number, (tx, id) => closeAccount(tx, id, byAccount(id, {})))
    expect(await oidc.tokenIntrospection(ncwd.rp, token)).toEqual({ active: false })
    const page = await openPage(browser, signOn, (await ncwd.authorize()).url)
    expect(getPasswordForm(page)).toBeDefined()
    expect((await audited()).map(({ event }) => event)).toEqual(
      expect.arrayContaining(['account.closed', 'session.ended', 'grant.revoked']),
    )
  })
})

describe('searching', () => {
  const person = { ...nora, number: '7000491', username: 'searching-person' }
  const begun = new Date()
  const monthsLater = (months: number) => {
    const at = new Date(begun)
    at.setMonth(at.getMonth() + months, 3)
    return at
  }

  test('ends six months after the last sign-in at a search service, and begins again by a press', async ({
    signOn,
    ncwd,
    search,
    openBrowser,
    change,
  }) => {
    await signOn.apply({ accounts: [person] })
    const usedAt = async () => {
      const where = { number: person.number }
      return (await signOn.services.db.prisma.account.findUniqueOrThrow({ where })).searchUsedAt
    }
    const statusAt = async (court: typeof ncwd) => {
      const { pacer } = idClaims(await court.signIn(openBrowser(), person.username))
      return (pacer as { search: string }).search
    }
    const made = await usedAt()
    vi.useFakeTimers({ toFake: ['Date'], now: monthsLater(3) })
    expect(await statusAt(ncwd)).toBe('active')
    expect(await usedAt()).toEqual(made)
    expect(await statusAt(search)).toBe('active')
    expect(await usedAt()).toEqual(expect.any(Date))
    expect((await usedAt()).getTime()).toBeGreaterThan(made.getTime())

    vi.setSystemTime(monthsLater(3 + 5))
    expect(await statusAt(ncwd)).toBe('active')
    vi.setSystemTime(monthsLater(3 + 7))
    expect(await statusAt(ncwd)).toBe('inactive')
    // Signing in to search does not switch it on again by itself.
    expect(await statusAt(search)).toBe('inactive')
    expect(await statusAt(search)).toBe('inactive')
    await change(person.number, (tx, id) => reactivateSearch(tx, id, byAccount(id, {})))
    expect(await statusAt(search)).toBe('active')
  })
})
