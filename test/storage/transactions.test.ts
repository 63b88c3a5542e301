import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { insertAccount, type StoredAccount, updateAccount } from '../../src/accounts/store.ts'
import { canonicalUsername } from '../../src/accounts/username.ts'
import { byOperator, bySystem } from '../../src/audit/by.ts'
import type { AuditEvent } from '../../src/audit/event.ts'
import { recordEvent } from '../../src/audit/store.ts'
import { UnavailableError } from '../../src/errors.ts'
import { newAccountId } from '../../src/ids.ts'
import { ok, refused } from '../../src/outcome.ts'
import { endAllOfAccount } from '../../src/sessions/end-all-of-account.ts'
import { endSession } from '../../src/sessions/end-session.ts'
import { findGrant, revokeGrants, saveGrant } from '../../src/sessions/grant-store.ts'
import { findLiveSession, saveSession } from '../../src/sessions/session-store.ts'
import { type Database, inTransaction, type Queryable } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { cloneDatabase } from '../support/database.ts'
import { refusalOf } from '../support/measure.ts'
import { kinds, silent } from './databases.ts'

/** Asks one value of the database. */
async function askValue(db: Queryable, expression: string, ...values: unknown[]) {
  const text = `SELECT ${expression} AS value`
  const name = `test ${hash('sha1', text)}`
  const [row] = await db.query<{ value: unknown }>({ name, text }, values)
  return row?.value
}

const at = new Date('2026-11-24T23:30:00.456Z')

/** What PostgreSQL knows, and as what it comes to us. */
const read: readonly (readonly [string, unknown])[] = [
  ['NULL::text', null],
  ['true', true],
  [`'1'::int2`, 1],
  ['2147483647', 2147483647],
  ['count(*)', 1],
  ['9007199254740991::int8', 9007199254740991],
  ['9007199254740992::int8', 9007199254740992n],
  ['-9007199254740992::int8', -9007199254740992n],
  ['0.1::float8', 0.1],
  ['0.5::float4', 0.5],
  ['12345678901234567890.10::numeric', '12345678901234567890.10'],
  [`DATE '2026-11-24'`, '2026-11-24'],
  [`TIMESTAMPTZ '2026-11-24T23:30:00.456Z'`, at],
  [`TIME '10:20:30'`, '10:20:30'],
  [`'a "quoted" \\ text'::text`, 'a "quoted" \\ text'],
  [`'ab'::char(4)`, 'ab  '],
  [`'active'::standing_status`, 'active'],
  [`'5a5b1a2e-0000-4000-8000-000000000001'::uuid`, '5a5b1a2e-0000-4000-8000-000000000001'],
  [`'\\x00ff'::bytea`, Buffer.from([0, 255])],
  [`'{"a": [1, null, "b"]}'::jsonb`, { a: [1, null, 'b'] }],
  [`'[1, 2]'::json`, [1, 2]],
  [`'null'::jsonb`, null],
  [`ARRAY['x', 'y,"z"', NULL]`, ['x', 'y,"z"', null]],
  [`'{}'::text[]`, []],
  ['ARRAY[1, 2]', [1, 2]],
  [
    'ARRAY[[1, 2], [3, 4]]::int8[]',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['ARRAY[1, 9007199254740992, NULL]::int8[]', [1, 9007199254740992n, null]],
  ['ARRAY[0.10, NULL]::numeric[]', ['0.10', null]],
  ['ARRAY[true, false]', [true, false]],
  [`ARRAY['2026-11-24']::date[]`, ['2026-11-24']],
  [`ARRAY['2026-11-24T23:30:00.456Z']::timestamptz[]`, [at]],
  [`ARRAY['\\x00ff']::bytea[]`, [Buffer.from([0, 255])]],
  [`ARRAY['{"a": 1}']::jsonb[]`, [{ a: 1 }]],
  [
    `ARRAY['5a5b1a2e-0000-4000-8000-000000000001']::uuid[]`,
    ['5a5b1a2e-0000-4000-8000-000000000001'],
  ],
  [`ARRAY['active']::standing_status[]`, '{active}'],
  [`'accounts'::regclass`, 'accounts'],
  [`'192.0.2.1'::inet`, '192.0.2.1'],
  [`INTERVAL '90 minutes' = INTERVAL '1.5 hours'`, true],
]

/** What we give, to what it is cast, and the text that PostgreSQL makes of it. */
const written: readonly (readonly [unknown, string, unknown])[] = [
  [null, 'text', null],
  [undefined, 'text', null],
  ['', 'text', ''],
  ['a "quoted" \\ text', 'text', 'a "quoted" \\ text'],
  [true, 'boolean', 'true'],
  ['f', 'boolean', 'false'],
  [12, 'int4', '12'],
  [12, 'text', '12'],
  ['12', 'int8', '12'],
  [9007199254740993n, 'int8', '9007199254740993'],
  [0.1, 'float8', '0.1'],
  ['0.10', 'numeric', '0.10'],
  [at, `timestamptz AT TIME ZONE 'UTC'`, '2026-11-24 23:30:00.456'],
  // Where it is tomorrow already, the day is still the one of the moment in UTC.
  [at, 'date', '2026-11-24'],
  ['2026-11-24', 'date', '2026-11-24'],
  [Buffer.from([0, 255]), 'bytea', '\\x00ff'],
  [new Uint8Array([1, 2]), 'bytea', '\\x0102'],
  ['{"a": [1]}', 'jsonb', '{"a": [1]}'],
  [{ a: ['b'] }, 'jsonb', '{"a": ["b"]}'],
  [['x', 'y,"z"', 'back\\slash', null, ''], 'text[]', '{x,"y,\\"z\\"","back\\\\slash",NULL,""}'],
  [[], 'text[]', '{}'],
  [['1', '2'], 'bigint[]', '{1,2}'],
  [[1n, 2n], 'bigint[]', '{1,2}'],
  [[true, false], 'boolean[]', '{t,f}'],
  [
    [
      [1, 2],
      [3, 4],
    ],
    'int4[]',
    '{{1,2},{3,4}}',
  ],
  [[Buffer.from([0, 255])], 'bytea[]', '{"\\\\x00ff"}'],
  [[at], 'date[]', '{2026-11-24}'],
]

describe.each(kinds)('a transaction of the $kind database', ({ open, kind }) => {
  let db: Database
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ db, close } = await open())
  })
  afterAll(() => close())

  /** The database, and a transaction of it: what holds for one must hold for the other. */
  const either = async (work: (on: Queryable) => Promise<void>) => {
    await work(db)
    await inTransaction(db, work)
  }

  test.each(read)(
    'reads %s as it is read outside of it and on the other database',
    async (sql, value) => {
      await either(async (on) => {
        expect(await askValue(on, sql)).toEqual(value)
      })
    },
  )

  test.each(written)(
    'writes %o as %s as it is written outside of it',
    async (value, type, text) => {
      const zone = process.env['TZ']
      process.env['TZ'] = 'Pacific/Auckland'
      try {
        await either(async (on) => {
          expect(await askValue(on, `($1::${type})::text`, value)).toEqual(text)
        })
      } finally {
        process.env['TZ'] = zone ?? 'UTC'
      }
    },
  )

  test('is one for both ways: each sees what the other did, and a fault takes back both', async () => {
    const insert = { name: 'test-limit', text: `INSERT INTO rate_limits (key) VALUES ('by query')` }
    const select = { name: 'test-limits', text: 'SELECT key FROM rate_limits ORDER BY key' }
    const defect = new Error('a defect')
    const work = inTransaction(db, async (tx) => {
      await tx.prisma.rateLimit.create({ data: { key: 'by Prisma' } })
      await tx.query(insert, [])
      const both = [{ key: 'by Prisma' }, { key: 'by query' }]
      expect(await tx.query(select, [])).toEqual(both)
      expect(await tx.prisma.rateLimit.findMany({ orderBy: { key: 'asc' } })).toMatchObject(both)
      throw defect
    })
    await expect(work).rejects.toBe(defect)
    expect(await db.query(select, [])).toEqual([])
  })

  test('sends what it is asked, and its beginning and its end', async () => {
    const before = db.statementCount
    await inTransaction(db, (tx) => askValue(tx, '1'))
    expect(db.statementCount - before).toBe(3)
  })

  test('that ends in a refusal has done nothing, and answers with the refusal', async () => {
    const key = { key: 'refused' }
    const answer = await inTransaction(db, async (tx) => {
      await tx.prisma.rateLimit.create({ data: key })
      await tx.query({ name: 'test-refused', text: `INSERT INTO rate_limits VALUES ('too')` }, [])
      return { ...refused('not-possible'), retryAfterSeconds: 5 }
    })
    expect(answer).toEqual({ ok: false, reason: 'not-possible', retryAfterSeconds: 5 })
    expect(await db.prisma.rateLimit.count()).toBe(0)
  })

  test('that ends well is committed, and answers with the value', async () => {
    const key = { key: 'well' }
    const answer = await inTransaction(db, async (tx) => {
      await tx.prisma.rateLimit.create({ data: key })
      return ok('done')
    })
    expect(answer).toEqual({ ok: true, value: 'done' })
    await db.prisma.rateLimit.delete({ where: key })
  })

  test('whose statement collides with another one is run again from its beginning', async () => {
    const collide = `DO $$ BEGIN RAISE EXCEPTION 'collision' USING ERRCODE = '40001'; END $$`
    let attempts = 0
    await inTransaction(db, async (tx) => {
      attempts += 1
      await tx.prisma.rateLimit.create({ data: { key: 'again' } })
      if (attempts < 3) await tx.query({ name: 'test-collide', text: collide }, [])
    })
    expect(attempts).toBe(3)
    await db.prisma.rateLimit.delete({ where: { key: 'again' } })
  })

  test('whose statement is refused by a constraint says so with its code, and leaves nothing', async () => {
    const text = `INSERT INTO rate_limits (key) VALUES ('twice'), ('twice')`
    const { error } = await refusalOf(() =>
      inTransaction(db, async (tx) => {
        await tx.prisma.rateLimit.create({ data: { key: 'once' } })
        await tx.query({ name: 'test-twice', text }, [])
      }),
    )
    expect(error).toMatchObject({ code: '23505' })
    expect(await db.prisma.rateLimit.count()).toBe(0)
  })

  test.each<[string, (database: Database) => unknown]>([
    ['a statement', (database) => database.query({ name: 'test-inside', text: 'SELECT 1' }, [])],
    ['a model', (database) => database.prisma.court.count()],
    ['another transaction', (database) => inTransaction(database, async () => {})],
    ['a lock', (database) => database.withAdvisoryLock(5n, async () => {})],
    ['a script', (database) => database.executeScript('SELECT 1')],
  ])('fails at once when %s goes past it, and leaves nothing', async (_, misuse) => {
    const { error, milliseconds } = await refusalOf(() =>
      inTransaction(db, async (tx) => {
        await tx.prisma.rateLimit.create({ data: { key: 'misused' } })
        await misuse(db)
      }),
    )
    expect(String(error)).toContain('the database was used inside one of its transactions')
    expect(milliseconds).toBeLessThan(1000)
    expect(await db.prisma.rateLimit.count()).toBe(0)
    expect(await askValue(db, '1')).toBe(1)
  })

  test('does not hold up, nor fail, somebody else who uses the database meanwhile', async () => {
    const [, others] = await Promise.all([
      inTransaction(db, async (tx) => {
        await tx.prisma.court.findUnique({ where: { id: 'ncwd' } })
        await sleep(100)
        await askValue(tx, '1')
      }),
      Promise.all([
        ...Array.from({ length: 10 }, () => askValue(db, '1')),
        ...Array.from({ length: 10 }, () => db.prisma.court.findUnique({ where: { id: 'ncwd' } })),
      ]),
    ])
    expect(others).toHaveLength(20)
  })

  test('is of no use when it is over', async () => {
    const tx = await inTransaction(db, async (open) => open)
    await expect(askValue(tx, '1')).rejects.toThrow('the transaction is over')
    await expect(tx.prisma.court.count()).rejects.toThrow()
  })

  test('that lasts too long is taken back, and nothing more is done in it', async () => {
    const { error } = await refusalOf(() =>
      inTransaction(
        db,
        async (tx) => {
          await tx.prisma.rateLimit.create({ data: { key: 'slow' } })
          await sleep(400)
          await askValue(tx, '1')
        },
        { milliseconds: 200 },
      ),
    )
    expect(error).toBeInstanceOf(UnavailableError)
    expect(await db.prisma.rateLimit.count()).toBe(0)
  })

  describe('with what an account has', () => {
    const holder = newAccountId()
    const jane: StoredAccount = {
      id: holder,
      number: '7123456',
      type: 'individual',
      userType: 'attorney',
      isUpgraded: true,
      username: 'jdoe-attorney',
      usernameCanonical: canonicalUsername('jdoe-attorney')!,
      passwordHash: 'one',
      givenName: null,
      familyName: null,
      email: null,
      emailCanonical: null,
      isEmailVerified: false,
      searchStatus: 'active',
      clientCode: null,
      billedTo: 'self',
      disabledAt: null,
    }
    const event: AuditEvent = {
      event: 'test.made',
      outcome: 'success',
      by: bySystem(),
      accountId: holder,
    }
    beforeEach(async () => {
      await db.executeScript(`DELETE FROM sessions; DELETE FROM grants; DELETE FROM accounts`)
      await inTransaction(db, (tx) => insertAccount(tx, jane))
      const session = { id: 'id', uid: 'uid', payload: { accountId: holder } }
      await saveSession(db, { ...session, expiresInSeconds: 600 })
      const payload = { accountId: holder, clientId: 'ncwd' }
      await saveGrant(db, { id: 'grant', payload, expiresInSeconds: 600 })
    })

    /** Everything that one act of a recovery does, by both ways. */
    const recover = async (on: Parameters<typeof endAllOfAccount>[0]) => {
      await updateAccount(on, holder, { passwordHash: 'another' })
      await endSession(on, { storedId: (id) => id }, { uid: 'uid' }, byOperator('test'))
      await revokeGrants(on, ['other'])
      const ended = await endAllOfAccount(on, holder, byOperator('test'))
      await recordEvent(on, event)
      return ended
    }
    const state = async () => ({
      password: (await db.prisma.account.findUnique({ where: { id: holder } }))?.passwordHash,
      isSignedIn: (await findLiveSession(db, 'uid')) !== undefined,
      isAllowed: (await findGrant(db, 'grant')) !== undefined,
      grants: await db.prisma.grant.count(),
      events: await askValue(
        db,
        `(SELECT count(*) FROM audit_events WHERE account_id = $1::uuid)`,
        holder,
      ),
    })

    test('ends sessions, revokes grants and records it as one act', async () => {
      const before = await state()
      expect(before).toMatchObject({ isSignedIn: true, isAllowed: true, grants: 1 })
      await inTransaction(db, recover)
      expect(await state()).toEqual({
        password: 'another',
        isSignedIn: false,
        isAllowed: false,
        grants: 2,
        // Of the session by itself, of the grant, and of the whole.
        events: Number(before.events) + 3,
      })
    })

    test.each<[string, () => unknown]>([
      ['refused', () => refused('not-possible')],
      ['a fault', () => Promise.reject(new Error('a defect'))],
    ])('has ended and recorded nothing where the act is %s', async (_, end) => {
      const before = await state()
      await inTransaction(db, async (tx) => {
        await recover(tx)
        return end()
      }).catch(() => {})
      expect(await state()).toEqual(before)
      expect(before.isSignedIn).toBe(true)
    })
  })

  test('is the one whose connection the statement runs on', async () => {
    await inTransaction(db, async (tx) => {
      const inPrisma = await tx.query({ name: 'test-xid', text: 'SELECT txid_current() AS id' }, [])
      await tx.prisma.rateLimit.create({ data: { key: 'xid' } })
      const text = `SELECT xmin::text::int8 AS id FROM rate_limits WHERE key = 'xid'`
      expect(await tx.query({ name: 'test-xmin', text }, [])).toEqual(inPrisma)
    })
    await db.prisma.rateLimit.delete({ where: { key: 'xid' } })
    expect(db.kind).toBe(kind)
  })
})

test('a transaction gives its statements longer than a request has, and who comes after it has not', async () => {
  const { url, drop } = await cloneDatabase()
  const db = await openDatabase({ url, dataDir: '', poolSize: 1 }, silent)
  onTestFinished(() => db.close().then(drop))
  const limit = "current_setting('statement_timeout')"
  const longer = { statementMilliseconds: 5000 }
  // Longer than the server gives a request, and than this process waits for it.
  const slept = await inTransaction(db, (tx) => askValue(tx, 'pg_sleep(0.85)::text'), longer)
  expect(slept).toBe('')
  expect(await inTransaction(db, (tx) => askValue(tx, limit), longer)).toBe('5s')
  expect(await inTransaction(db, (tx) => askValue(tx, limit))).toBe('700ms')
  expect(await askValue(db, limit)).toBe('700ms')
})

describe('a pool of two connections', () => {
  async function openSmall(): Promise<Database> {
    const { url, drop } = await cloneDatabase()
    const db = await openDatabase({ url, dataDir: '', poolSize: 2 }, silent)
    onTestFinished(() => db.close().then(drop))
    return db
  }

  test('serves twenty transactions at once, one after the other', async () => {
    const db = await openSmall()
    await db.prisma.rateLimit.create({ data: { key: 'shared' } })
    const bump = { name: 'test-bump', text: `UPDATE rate_limits SET points = points + 1` }
    await Promise.all(
      Array.from({ length: 20 }, () =>
        inTransaction(db, async (tx) => {
          await tx.query(bump, [])
          await tx.prisma.rateLimit.findUnique({ where: { key: 'shared' } })
        }),
      ),
    )
    expect(await db.prisma.rateLimit.findMany()).toMatchObject([{ points: 20 }])
  })

  test('held by transactions that wait for something else refuses the others in time, and recovers', async () => {
    const db = await openSmall()
    await askValue(db, '1')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        inTransaction(db, async (tx) => {
          await sleep(1200)
          return askValue(tx, '1')
        }).catch((error: unknown) => error),
      ),
    )
    expect(answers.filter((answer) => answer === 1)).toHaveLength(2)
    expect(answers.filter((answer) => answer instanceof UnavailableError)).toHaveLength(18)
    expect(await Promise.all([1, 2, 3, 4].map(() => askValue(db, '1')))).toEqual([1, 1, 1, 1])
  })

  test('prepares a statement once for both the database and its transactions', async () => {
    const db = await openSmall()
    await inTransaction(db, async (tx) => {
      await tx.query({ name: 'test-42', text: 'SELECT 42' }, [])
      const prepared = `(SELECT count(*) FROM pg_prepared_statements WHERE name = 'test-42')`
      expect(await askValue(tx, prepared)).toBe(1)
    })
  })
})
