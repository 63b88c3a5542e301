import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertAccount, type StoredAccount, updateAccount } from '../../src/accounts/store.ts'
import { canonicalUsername } from '../../src/accounts/username.ts'
import { loadCourts } from '../../src/courts/load-courts.ts'
import type { Standing } from '../../src/efiling/standing.ts'
import { writeStanding } from '../../src/efiling/store.ts'
import { type CourtId, newAccountId } from '../../src/ids.ts'
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

const standing = (filerId: string): Omit<Standing, 'version'> => ({
  status: 'active',
  role: 'attorney',
  filerId,
  isAdmitted: true,
  actions: ['file'],
  sinceOn: null,
  endsOn: null,
})

describe.each(kinds)('what belongs to one only, on the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  const first = person('7000001')
  const second = person('7000002')
  beforeAll(async () => {
    ;({ db, close } = await open())
    await loadCourts(db)
    for (const each of [first, second]) await inTransaction(db, (tx) => insertAccount(tx, each))
    await inTransaction(db, (tx) => writeStanding(tx, first.id, ncwd, standing('jdoe-ecf')))
  })
  afterAll(() => close())

  const { usernameCanonical, emailCanonical } = first
  test.each<[string, (tx: Transaction) => Promise<unknown>]>([
    ['number-taken', (tx) => insertAccount(tx, person(first.number, { username: 'x' }))],
    ['username-taken', (tx) => insertAccount(tx, person('7000003', { usernameCanonical }))],
    ['email-taken', (tx) => insertAccount(tx, person('7000003', { emailCanonical }))],
    ['username-taken', (tx) => updateAccount(tx, second.id, { usernameCanonical })],
    ['email-taken', (tx) => updateAccount(tx, second.id, { emailCanonical })],
    ['filer-taken', (tx) => writeStanding(tx, second.id, ncwd, standing('jdoe-ecf'))],
  ])('%s is told by the store that owns the table, and nothing is saved', async (reason, write) => {
    const before = await db.prisma.account.findMany({ orderBy: { number: 'asc' } })
    expect(await inTransaction(db, write)).toEqual({ ok: false, reason })
    expect(await db.prisma.account.findMany({ orderBy: { number: 'asc' } })).toEqual(before)
    expect(await db.prisma.standing.count()).toBe(1)
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

const wanted = canonicalUsername('wanted-by-all')!
