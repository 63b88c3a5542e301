import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { searchStatusOf } from '../../src/accounts/account.ts'
import { type StateColumns, stateOf, stateSql } from '../../src/accounts/account-state.ts'
import { closeAccount } from '../../src/accounts/close-account.ts'
import { confirmAccount } from '../../src/accounts/confirm-account.ts'
import { disableAccount } from '../../src/accounts/disable-account.ts'
import { enableAccount } from '../../src/accounts/enable-account.ts'
import { heldSql, holdReasons, listHolds } from '../../src/accounts/hold.ts'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { noteSearch } from '../../src/accounts/note-search.ts'
import { reactivateSearch } from '../../src/accounts/reactivate-search.ts'
import { releaseAccount } from '../../src/accounts/release-account.ts'
import { requirePasswordChange } from '../../src/accounts/require-password-change.ts'
import { findAccount, insertAccount, updateAccount } from '../../src/accounts/store.ts'
import { syncAccount } from '../../src/accounts/sync-account.ts'
import { canonicalUsername } from '../../src/accounts/username.ts'
import { byOperator } from '../../src/audit/by.ts'
import { findFacts } from '../../src/efiling/facts.ts'
import { type AccountId, newAccountId } from '../../src/ids.ts'
import { findUnsent } from '../../src/mail/store.ts'
import type { Outcome } from '../../src/outcome.ts'
import { type Database, inTransaction, type Transaction } from '../../src/storage/db.ts'
import { kinds } from '../storage/databases.ts'
import { listAudited } from '../support/audited.ts'
import { sql } from '../support/database.ts'

const by = byOperator('test')
type Change = (tx: Transaction, id: AccountId) => Promise<Outcome<unknown, string>>

const columns = {
  closedAt: 'closed_at',
  disabledAt: 'disabled_at',
  unconfirmedSince: 'unconfirmed_since',
  reviewSince: 'review_since',
  recoverySince: 'recovery_since',
  supportHoldSince: 'support_hold_since',
  holderHoldSince: 'holder_hold_since',
  mustChangePasswordSince: 'must_change_password_since',
} as const satisfies Record<keyof StateColumns, string>
const names = Object.keys(columns) as (keyof typeof columns)[]

describe.each(kinds)('an account in the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  let id: AccountId
  let people = 0
  beforeAll(async () => {
    ;({ db, close } = await open())
  })
  afterAll(() => close())
  beforeEach(async () => {
    id = await register()
  })

  const register = async (
    more: Partial<Parameters<typeof insertAccount>[1]> = {},
  ): Promise<AccountId> => {
    people += 1
    const number = String(7_300_000 + people)
    const account = {
      id: newAccountId(),
      number,
      type: 'individual' as const,
      userType: 'attorney',
      isUpgraded: true,
      username: `person-${number}`,
      usernameCanonical: canonicalUsername(`person-${number}`)!,
      passwordHash: 'a hash',
      givenName: null,
      familyName: null,
      email: 'office@example.com',
      emailCanonical: 'office@example.com',
      isEmailVerified: false,
      searchStatus: 'active' as const,
      clientCode: null,
      billedTo: 'self' as const,
      disabledAt: null,
      ...more,
    }
    await inTransaction(db, (tx) => insertAccount(tx, account))
    return account.id
  }
  const change = (work: Change, whose = id) => inTransaction(db, (tx) => work(tx, whose))
  const stored = async () => (await findAccount(db, id))!
  const facts = async () => (await findFacts(db, id, [], undefined))!.account
  const events = async () =>
    (await listAudited(db, undefined, { accountId: id })).map(({ event, detail }) => [
      event,
      detail,
    ])

  test('is in the same state whether code or a statement reads its row', async () => {
    const at = (index: number) => new Date(Date.UTC(2026, 10, 1 + ((index * 5) % 7)))
    const rows = Array.from({ length: 2 ** names.length }, (_, bits) =>
      Object.fromEntries(
        names.map((name, index) => [name, bits & (1 << index) ? at(bits + index) : null]),
      ),
    )
    const values = rows.map((row) => {
      const cells = names.map((name) => (row[name] ? `'${row[name].toISOString()}'` : 'NULL'))
      return `(${cells.map((cell) => `${cell}::timestamptz`).join(', ')})`
    })
    const text = `SELECT ${stateSql('a')} AS state, ${heldSql('a')} AS held
      FROM (VALUES ${values.join(', ')}) AS a(${names.map((name) => columns[name]).join(', ')})`
    const told = await db.query<{ state: string; held: object | null }>({ name: 'all', text }, [])
    expect(told).toEqual(
      rows.map((row) => {
        const [held] = listHolds(row)
        const since = held && held.since.getTime() / 1000
        return { state: stateOf(row), held: held ? { since, reason: held.reason } : null }
      }),
    )
  })

  const hold: Change = (tx, whose) => holdAccount(tx, whose, 'support', by)
  const release: Change = (tx, whose) => releaseAccount(tx, whose, 'support', by)
  const shut: Change = (tx, whose) => closeAccount(tx, whose, by)
  const confirm: Change = (tx, whose) => confirmAccount(tx, whose, by)
  const require: Change = (tx, whose) => requirePasswordChange(tx, whose, 'at-sign-in', by)
  const unconfirmed = { unconfirmedSince: new Date() }

  test.each<[string, Change, string, object]>([
    ['account.held', hold, 'already-held', {}],
    ['account.released', release, 'not-held', { supportHoldSince: new Date() }],
    ['account.closed', shut, 'already-closed', {}],
    ['account.confirmed', confirm, 'already-confirmed', unconfirmed],
    ['account.password-required', require, 'already-required', {}],
  ])('%s: twenty at once are one, and the others are told', async (event, work, reason, more) => {
    id = await register(more)
    const answers = await Promise.all(Array.from({ length: 20 }, () => change(work)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    const others = answers.filter(({ ok }) => !ok)
    expect(new Set(others.map((answer) => !answer.ok && answer.reason))).toEqual(new Set([reason]))
    expect(await listAudited(db, event, { accountId: id })).toHaveLength(1)
  })

  test.each<[string, Change]>([
    ['hold', hold],
    ['release', release],
    ['close', shut],
    ['confirm', confirm],
    ['require', require],
    ['search', (tx, whose) => reactivateSearch(tx, whose, by)],
  ])('that does not exist is refused: %s', async (_, work) => {
    expect(await change(work, newAccountId())).toEqual({ ok: false, reason: 'unknown-account' })
  })

  test.each<[string, Change, object]>([
    ['hold', hold, {}],
    ['release', release, { supportHoldSince: new Date() }],
    ['confirm', confirm, unconfirmed],
    ['require', require, {}],
  ])('that is closed is changed no more: %s', async (_, work, more) => {
    id = await register({ ...more, closedAt: new Date() })
    const before = await stored()
    expect(await change(work)).toEqual({ ok: false, reason: 'closed' })
    expect(await stored()).toEqual(before)
  })

  test('is held for four reasons, each lifted by itself, and every one raises the version', async () => {
    for (const reason of holdReasons) {
      expect(await change((tx) => holdAccount(tx, id, reason, by))).toMatchObject({ ok: true })
    }
    expect(await facts()).toMatchObject({
      state: 'in-review',
      held: { reason: 'review', since: expect.any(Number) },
      holdVersion: 4,
    })
    for (const [index, reason] of holdReasons.entries()) {
      expect((await facts()).held?.reason).toBe(reason)
      expect(await change((tx) => releaseAccount(tx, id, reason, by))).toMatchObject({ ok: true })
      expect((await facts()).holdVersion).toBe(5 + index)
    }
    expect(await facts()).toMatchObject({ state: 'active', held: null, holdVersion: 8 })
    expect(await events()).toEqual([
      ...holdReasons.map((reason) => ['account.held', { reason }]),
      ...holdReasons.map((reason) => ['account.released', { reason }]),
    ])
  })

  test('that is disabled and enabled again is as it was, with its hold', async () => {
    await change(hold)
    await change((tx) => disableAccount(tx, id, by))
    expect(await facts()).toMatchObject({ state: 'disabled', held: { reason: 'support' } })
    await change((tx) => enableAccount(tx, id, by))
    expect(await facts()).toMatchObject({ state: 'held', held: { reason: 'support' } })
  })

  test('that a file disables stays closed, and held, where it is', async () => {
    await change(hold)
    await change(shut)
    const { number } = await stored()
    const sync = (isDisabled: boolean) =>
      inTransaction(db, (tx) => syncAccount(tx, { number, isDisabled }, by))
    expect(await sync(true)).toMatchObject({ ok: true, value: { after: { state: 'closed' } } })
    expect((await facts()).state).toBe('closed')
    expect((await stored()).disabledAt).not.toBeNull()
    expect(await sync(false)).toMatchObject({ ok: true })
    expect((await stored()).disabledAt).toBeNull()
  })

  test('that needs a new password says so also while it is held', async () => {
    await change(require)
    expect(await facts()).toMatchObject({ state: 'must-change-password', mustChangePassword: true })
    expect((await stored()).passwordHash).toBe('a hash')
    await change(hold)
    expect(await facts()).toMatchObject({ state: 'held', mustChangePassword: true })
  })

  test('whose password somebody else may know loses it, once', async () => {
    await change(require)
    const byMail: Change = (tx) => requirePasswordChange(tx, id, 'by-mail', by)
    expect(await change(byMail)).toMatchObject({ ok: true })
    expect((await stored()).passwordHash).toBeNull()
    expect(await change(byMail)).toEqual({ ok: false, reason: 'already-required' })
  })

  test('is confirmed with its address, and searches from then on', async () => {
    id = await register({ ...unconfirmed, searchUsedAt: new Date(0) })
    await change(confirm)
    expect(await facts()).toMatchObject({ state: 'active', isEmailVerified: true })
    expect(searchStatusOf(await facts(), new Date())).toBe('active')
  })

  describe('whose holder is told', () => {
    const told = async () =>
      db.query<{ kind: string; to: string; facts: object }>(
        {
          name: 'test-mails',
          text: `SELECT kind, to_address AS to, facts FROM mails WHERE account_id = $1::uuid
            ORDER BY created_at, kind`,
        },
        [id],
      )
    const disable: Change = (tx) => disableAccount(tx, id, by)
    const enable: Change = (tx) => enableAccount(tx, id, by)

    test.each<[string, Change, object, object]>([
      ['account-held', hold, {}, { reason: 'support' }],
      [
        'account-released',
        release,
        { supportHoldSince: new Date(), holderHoldSince: new Date() },
        { reason: 'support', left: 'holder', barring: null },
      ],
      ['account-disabled', disable, {}, {}],
      ['account-enabled', enable, { disabledAt: new Date() }, {}],
      ['account-closed', shut, {}, {}],
      ['password-required', require, {}, {}],
    ])('%s, at the confirmed address, and nowhere else', async (kind, work, more, facts) => {
      id = await register({ ...more, isEmailVerified: true })
      const { username, number } = await stored()
      await change(work)
      expect(await told()).toEqual([
        { kind, to: 'office@example.com', facts: { username, number, ...facts } },
      ])
      id = await register(more)
      await change(work)
      expect(await told()).toEqual([])
    })

    test('is told nothing of what is refused', async () => {
      id = await register({ isEmailVerified: true, disabledAt: new Date() })
      await change(disable)
      expect(await told()).toEqual([])
    })

    test('is written to no more where the holder has died', async () => {
      id = await register({ isEmailVerified: true })
      await change(disable)
      expect(await told()).toHaveLength(1)
      await change((tx) => closeAccount(tx, id, by, { isTold: false }))
      await change(enable)
      // What waited for the mail server is marked, and finds nobody to send it.
      const mails = await sql<{ id: string; refusal: string; facts: object }>(
        db,
        'SELECT id::text AS id, refusal, facts FROM mails WHERE account_id = $1',
        [id],
      )
      const refusal = 'dropped: the account was closed, and nobody is told'
      expect(mails).toMatchObject([{ refusal, facts: {} }])
      expect(await findUnsent(db, mails[0]!.id)).toBeUndefined()
    })

    test('has the way to a new password from whoever took the old one', async () => {
      id = await register({ isEmailVerified: true })
      await change((tx) => requirePasswordChange(tx, id, 'by-mail', by))
      expect(await told()).toEqual([])
    })
  })

  test('that is closed keeps its number and its username from everybody', async () => {
    await change(shut)
    const { number, usernameCanonical, username } = await stored()
    const other = await register()
    const take = (members: object) => inTransaction(db, (tx) => updateAccount(tx, other, members))
    expect(await take({ username, usernameCanonical })).toEqual({
      ok: false,
      reason: 'username-taken',
    })
    expect(await take({ number })).toEqual({ ok: false, reason: 'number-taken' })
  })

  describe('searches', () => {
    const used = new Date('2026-05-27T12:00:00Z')
    const search = async (at: string) => searchStatusOf(await facts(), new Date(at))
    const reactivate: Change = (tx) => reactivateSearch(tx, id, by)
    beforeEach(async () => {
      id = await register({ searchUsedAt: used })
    })
    const at = (time: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) })
    afterEach(() => {
      vi.useRealTimers()
    })

    test('until the day six months later is over in Washington', async () => {
      expect(await search('2026-11-28T04:59:59Z')).toBe('active')
      expect(await search('2026-11-28T05:00:00Z')).toBe('inactive')
    })

    test.each([
      ['is switched off', { searchStatus: 'inactive' as const }],
      ['is in review', { reviewSince: used }],
      ['is disabled', { disabledAt: used }],
    ])('not where it %s', async (_, more) => {
      id = await register({ searchUsedAt: used, ...more })
      expect(await search('2026-05-28T00:00:00Z')).toBe('inactive')
    })

    test('also while support holds it', async () => {
      await change(hold)
      expect(await search('2026-05-28T00:00:00Z')).toBe('active')
    })

    test('six months longer after a sign-in to search, and not after one that comes too late', async () => {
      at('2026-11-27T20:00:00Z')
      await noteSearch(db, await facts())
      expect((await facts()).searchUsedAt).toEqual(new Date())
      at('2026-11-27T21:00:00Z')
      await noteSearch(db, await facts())
      expect((await facts()).searchUsedAt).toEqual(new Date('2026-11-27T20:00:00Z'))
      at('2027-05-28T20:00:00Z')
      await noteSearch(db, await facts())
      expect((await facts()).searchUsedAt).toEqual(new Date('2026-11-27T20:00:00Z'))
      expect(await search('2027-05-28T20:00:00Z')).toBe('inactive')
    })

    test('again when its holder says so, once of twenty at once', async () => {
      at('2027-01-05T12:00:00Z')
      expect(await search('2027-01-05T12:00:00Z')).toBe('inactive')
      const answers = await Promise.all(Array.from({ length: 20 }, () => change(reactivate)))
      const reasons = answers.map((answer) => (answer.ok ? 'done' : answer.reason))
      expect(reasons.sort()).toEqual([...Array(19).fill('already-active'), 'done'])
      expect(await search('2027-01-05T12:00:00Z')).toBe('active')
      expect(await events()).toEqual([['account.search-reactivated', {}]])
    })

    test.each([
      ['switched-off', { searchStatus: 'inactive' as const }],
      ['state', { reviewSince: used }],
    ])('not where its holder cannot say so: %s', async (reason, more) => {
      at('2027-01-05T12:00:00Z')
      id = await register({ searchUsedAt: used, ...more })
      expect(await change(reactivate)).toEqual({ ok: false, reason })
      expect(await events()).toEqual([])
    })
  })
})
