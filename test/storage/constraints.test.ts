import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  insertAccount,
  insertAccounts,
  type StoredAccount,
  updateAccount,
} from '../../src/accounts/store.ts'
import { canonicalUsername } from '../../src/accounts/username.ts'
import { loadCourts } from '../../src/courts/load-courts.ts'
import { noRight } from '../../src/efiling/right.ts'
import { insertDecision, lockRight } from '../../src/efiling/right-store.ts'
import { type AccountId, type CourtId, newAccountId } from '../../src/ids.ts'
import { unlessRefused } from '../../src/storage/constraints.ts'
import { type Database, inTransaction, type Transaction } from '../../src/storage/db.ts'
import { refusalOf } from '../support/measure.ts'
import { kinds } from './databases.ts'

const ncwd = 'ncwd' as CourtId

/** Somebody of that number; the rest follows from it. */
const person = (number: string, other: Partial<StoredAccount> = {}): StoredAccount => ({
  id: newAccountId(),
  number,
  type: 'individual',
  userType: 'attorney',
  isUpgraded: true,
  username: `person-${number}`,
  usernameCanonical: canonicalUsername(`person-${number}`)!,
  passwordHash: null,
  givenName: null,
  familyName: null,
  email: `${number}@example.com`,
  emailCanonical: `${number}@example.com`,
  isEmailVerified: false,
  searchStatus: 'active',
  clientCode: null,
  billedTo: 'self',
  disabledAt: null,
  ...other,
})

/** A court decides that somebody has that CM/ECF account there. */
const decide = async (tx: Transaction, accountId: AccountId, filerId: string) => {
  const at = new Date()
  const [before] = await lockRight(tx, accountId, ncwd, at)
  return insertDecision(tx, {
    ...noRight,
    state: 'active',
    filerId,
    accountId,
    courtId: ncwd,
    kind: 'apply',
    ordinal: (before?.ordinal ?? 0) + 1,
    version: (before?.version ?? 0) + 1,
    holdsFrom: at,
    decidedAt: at,
    decidedBy: null,
    reason: null,
    message: null,
  })
}

describe.each(kinds)('what belongs to one only, on the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  const first = person('7000001')
  const second = person('7000002')
  /** Has given up its first name. */
  const renamed = person('7000004')
  const rename = (id: StoredAccount['id'], name: string) =>
    inTransaction(db, (tx) => updateAccount(tx, id, named(name)))
  beforeAll(async () => {
    ;({ db, close } = await open())
    await loadCourts(db)
    for (const each of [first, second, renamed]) {
      await inTransaction(db, (tx) => insertAccount(tx, each))
    }
    await rename(renamed.id, 'another-name')
    await inTransaction(db, (tx) => decide(tx, first.id, 'jdoe-ecf'))
  })
  afterAll(() => close())

  const { usernameCanonical } = first
  const givenUp = { usernameCanonical: renamed.usernameCanonical }
  test.each<[string, (tx: Transaction) => Promise<unknown>]>([
    ['number-taken', (tx) => insertAccount(tx, person(first.number, { username: 'x' }))],
    ['username-taken', (tx) => insertAccount(tx, person('7000003', { usernameCanonical }))],
    ['username-taken', (tx) => updateAccount(tx, second.id, { usernameCanonical })],
    ['username-taken', (tx) => insertAccount(tx, person('7000003', givenUp))],
    ['username-taken', (tx) => updateAccount(tx, second.id, givenUp)],
    ['filer-taken', (tx) => decide(tx, second.id, 'jdoe-ecf')],
    ['filer-taken', (tx) => decide(tx, second.id, 'JDoe-ECF')],
  ])('%s is told by the store that owns the table, and nothing is saved', async (reason, write) => {
    const before = await db.prisma.account.findMany({ orderBy: { number: 'asc' } })
    expect(await inTransaction(db, write)).toEqual({ ok: false, reason })
    expect(await db.prisma.account.findMany({ orderBy: { number: 'asc' } })).toEqual(before)
    expect(await db.prisma.right.count()).toBe(1)
  })

  test('twenty who take one username at once are one', async () => {
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        inTransaction(
          db,
          (tx) => insertAccount(tx, person(String(7100000 + index), { usernameCanonical: wanted })),
          { milliseconds: 30_000 },
        ).catch(() => undefined),
      ),
    )
    expect(taken.filter((answer) => answer?.ok)).toHaveLength(1)
    expect(await db.prisma.account.count({ where: { usernameCanonical: wanted } })).toBe(1)
  })

  test('one address may stand at several accounts', async () => {
    const { email, emailCanonical } = first
    const insert = (tx: Transaction) =>
      insertAccount(tx, person('7000005', { email, emailCanonical }))
    expect(await inTransaction(db, insert)).toMatchObject({ ok: true })
    const update = (tx: Transaction) => updateAccount(tx, second.id, { email, emailCanonical })
    expect(await inTransaction(db, update)).toMatchObject({ ok: true })
  })

  test('whoever gave a username up can have it again', async () => {
    expect(await rename(renamed.id, `person-${renamed.number}`)).toMatchObject({ ok: true })
    expect(await rename(renamed.id, 'another-name')).toMatchObject({ ok: true })
  })

  test('of many that are inserted at once, one with a name of before is left out', async () => {
    const people = [person('7000006'), person('7000007', givenUp)]
    const inserted = await inTransaction(db, (tx) => insertAccounts(tx, people))
    expect(inserted).toEqual({ ok: true, value: new Set([people[0]?.id]) })
  })

  /** The statement of the release before, which knows nothing of the names that were given up. */
  const insertAsBefore = (account: StoredAccount) => {
    const text = `INSERT INTO accounts (id, number, type, user_type, is_upgraded, username,
        username_canonical, search_status, billed_to, created_at, updated_at)
      SELECT a.id, a.number, 'individual', 'attorney', true, a.username, a."usernameCanonical",
        'active', 'self', now(), now()
      FROM jsonb_to_recordset($1::jsonb)
        AS a(id uuid, number text, username text, "usernameCanonical" text)
      ON CONFLICT DO NOTHING RETURNING id`
    return unlessRefused({ accounts_username_canonical_key: 'username-taken' }, () =>
      db.query({ name: 'insert-as-before', text }, [JSON.stringify([account])]),
    )
  }

  test('the release before gives nobody a name that somebody had', async () => {
    const nobody = { ok: false, reason: 'username-taken' }
    expect(await insertAsBefore(person('7000008', givenUp))).toEqual(nobody)
    expect(await insertAsBefore(person('7000008'))).toMatchObject({ ok: true })
  })

  test('twenty who want a name while its owner gives it up do not get it', async () => {
    const name = 'given-up-under-way'
    expect(await rename(renamed.id, name)).toMatchObject({ ok: true })
    const takers = Array.from({ length: 20 }, (_, index) => {
      const taker = person(String(7200000 + index), named(name))
      return index % 2 === 0
        ? inTransaction(db, (tx) => insertAccount(tx, taker), { milliseconds: 30_000 })
        : insertAsBefore(taker)
    })
    const [given, ...taken] = await Promise.all([rename(renamed.id, 'another-name'), ...takers])
    expect(given).toMatchObject({ ok: true })
    // What the release before inserts beside a name that is in use is nothing, and no refusal.
    const others = await db.prisma.account.findMany({ where: named(name) })
    expect([taken.length, others]).toEqual([20, []])
  })

  test('a statement is read for its constraint as a model is', async () => {
    const text = `INSERT INTO rate_limits (key) VALUES ('twice'), ('twice')`
    const insert = () => db.query({ name: 'test-twice', text }, [])
    expect(await unlessRefused({ rate_limits_pkey: 'twice' }, insert)).toEqual({
      ok: false,
      reason: 'twice',
    })
  })

  test('another constraint than the named ones is a fault', async () => {
    const insert = () => db.prisma.account.create({ data: { ...first, id: newAccountId() } })
    const { error } = await refusalOf(() => unlessRefused({ another_key: 'another' }, insert))
    expect(error).toMatchObject({ code: 'P2002' })
  })
})

const named = (name: string) => ({ username: name, usernameCanonical: canonicalUsername(name)! })

const wanted = canonicalUsername('wanted-by-all')!
