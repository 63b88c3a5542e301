import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { UnavailableError } from '../../src/errors.ts'
import { type Database, inTransaction, isStorageFault } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { cloneDatabase } from '../support/database.ts'
import { refusalOf } from '../support/measure.ts'
import { kinds, silent } from './databases.ts'

describe.each(kinds)('the $kind database', ({ open, kind }) => {
  let db: Database
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ db, close } = await open())
  })
  afterAll(() => close())

  const query = <Row>(text: string, ...values: unknown[]) =>
    db.query<Row>({ name: `test-${text.slice(0, 50)}`, text }, values)

  test('reads numbers, days, moments, bytes, json and lists as their own types', async () => {
    const at = new Date('2026-11-24T10:20:30.456Z')
    const [row] = await query<Record<string, unknown>>(
      `SELECT 9007199254740991::int8 AS exact, 9007199254740992::int8 AS big,
        DATE '2026-11-24' AS day, $1::timestamptz AS moment, $2::bytea AS bytes,
        $3::jsonb AS json, $4::text[] AS list, $5::text AS nothing, $6::bigint AS number`,
      at,
      Buffer.from([0, 255]),
      JSON.stringify({ a: ['b'] }),
      ['x', 'y,"z"'],
      null,
      '12',
    )
    expect(row).toEqual({
      exact: 9007199254740991,
      big: 9007199254740992n,
      day: '2026-11-24',
      moment: at,
      bytes: Buffer.from([0, 255]),
      json: { a: ['b'] },
      list: ['x', 'y,"z"'],
      nothing: null,
      number: 12,
    })
  })

  test('counts as a number: ten is more than nine', async () => {
    const text = 'SELECT count(*) AS count FROM generate_series(1, 10)'
    expect(await query(text)).toEqual([{ count: 10 }])
  })

  test('a refusal by a constraint is not taken for a fault', async () => {
    const insert = `INSERT INTO sign_in_failures (subject) VALUES ('twice')`
    await query(insert)
    const { error } = await refusalOf(() => query(insert))
    expect(error).toMatchObject({ code: '23505' })
    expect(isStorageFault(error)).toBe(false)
    const prisma = await refusalOf(() =>
      db.prisma.signInFailures.create({ data: { subject: 'twice' } }),
    )
    expect(prisma.error).toMatchObject({ code: 'P2002' })
    expect(isStorageFault(prisma.error)).toBe(false)
  })

  test('a transaction that throws leaves nothing behind', async () => {
    const defect = new Error('a defect')
    const work = inTransaction(db, async (tx) => {
      await tx.prisma.rateLimit.create({ data: { key: 'gone' } })
      throw defect
    })
    await expect(work).rejects.toBe(defect)
    expect(await db.prisma.rateLimit.findUnique({ where: { key: 'gone' } })).toBeNull()
  })

  test.each(['audit_events', 'audit_links', 'audit_seals', 'audit_search'])(
    '%s is append-only',
    async (table) => {
      await query(`INSERT INTO audit_events (event, outcome) VALUES ('test.made', 'ok')`)
      await query(`INSERT INTO audit_links (position, event_id, hash)
      SELECT id, id, '' FROM audit_events ON CONFLICT DO NOTHING`)
      await query(`INSERT INTO audit_seals (position, event_id, format, hash)
      SELECT id, id, 2, '' FROM audit_events ON CONFLICT DO NOTHING`)
      await query(`INSERT INTO audit_search (event_id) SELECT id FROM audit_events
      ON CONFLICT DO NOTHING`)
      const column = { audit_events: 'id', audit_search: 'event_id' }[table] ?? 'position'
      for (const [operation, text] of [
        ['UPDATE', `UPDATE ${table} SET ${column} = ${column}`],
        ['DELETE', `DELETE FROM ${table}`],
        ['TRUNCATE', `TRUNCATE ${table} CASCADE`],
      ]) {
        const { error } = await refusalOf(() => query(text!))
        expect(String(error)).toContain(`the audit is append-only: ${operation} on audit_`)
      }
      const count = `SELECT count(*) > 0 AS "isKept" FROM ${table}`
      expect(await query(count)).toEqual([{ isKept: true }])
    },
  )

  test('counts the statements of a query, of Prisma and of a transaction', async () => {
    const sentBy = async (work: () => Promise<unknown>) => {
      await work()
      const before = db.statementCount
      await work()
      return db.statementCount - before
    }
    expect(await sentBy(() => query('SELECT 1'))).toBe(1)
    expect(await sentBy(() => db.prisma.court.findUnique({ where: { id: 'ncwd' } }))).toBe(1)
    expect(await sentBy(() => inTransaction(db, (tx) => tx.prisma.court.count()))).toBe(3)
    expect(await sentBy(() => db.withAdvisoryLock(1n, async () => {}))).toBe(0)
  })

  test('an advisory lock lets one at a time through, in turn', async () => {
    const steps: string[] = []
    const work = (name: string) =>
      db.withAdvisoryLock(-7n, async () => {
        steps.push(`${name} in`)
        await new Promise((resolve) => setTimeout(resolve, 20))
        steps.push(`${name} out`)
      })
    await Promise.all([work('a'), work('b'), work('c')])
    expect(steps).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })

  test('who only tries an advisory lock goes on at once where it is taken', async () => {
    const during = await db.withAdvisoryLock(10n, () => db.tryAdvisoryLock(10n, async () => 'in'))
    expect(during).toBeUndefined()
    expect(await db.tryAdvisoryLock(10n, async () => 'in')).toBe('in')
    expect(await db.withAdvisoryLock(10n, async () => 'in again')).toBe('in again')
  })

  test('an advisory lock is free again after its work has failed', async () => {
    const fail = db.withAdvisoryLock(8n, () => Promise.reject(new Error('a defect')))
    await expect(fail).rejects.toThrow('a defect')
    expect(await db.withAdvisoryLock(8n, async () => 'in')).toBe('in')
  })

  test('a script is one transaction', async () => {
    await expect(
      db.executeScript('CREATE TABLE half (id int); INSERT INTO half VALUES (1 / 0)'),
    ).rejects.toThrow('division by zero')
    expect(await query(`SELECT to_regclass('half') IS NULL AS "isGone"`)).toEqual([
      { isGone: true },
    ])
  })

  test('answers that it is there', async () => {
    await expect(db.ping()).resolves.toBeUndefined()
    expect(db.kind).toBe(kind)
  })
})

describe('PostgreSQL shared by several', () => {
  async function openTwo() {
    const { url, drop } = await cloneDatabase()
    const databases = await Promise.all(
      [1, 2].map(() => openDatabase({ url, dataDir: '', poolSize: 4 }, silent)),
    )
    onTestFinished(async () => {
      await Promise.all(databases.map((db) => db.close()))
      await drop()
    })
    return databases as [Database, Database]
  }

  test('the advisory lock holds between processes', async () => {
    const [one, two] = await openTwo()
    let inside = 0
    let most = 0
    const work = (db: Database) =>
      db.withAdvisoryLock(9n, async () => {
        inside += 1
        most = Math.max(most, inside)
        await new Promise((resolve) => setTimeout(resolve, 20))
        inside -= 1
      })
    await Promise.all([work(one), work(two), work(one), work(two), work(one), work(two)])
    expect(most).toBe(1)
  })

  test('who only tries the advisory lock goes on where another process has it', async () => {
    const [one, two] = await openTwo()
    const during = await one.withAdvisoryLock(9n, () => two.tryAdvisoryLock(9n, async () => 'in'))
    expect(during).toBeUndefined()
    expect(await two.tryAdvisoryLock(9n, async () => 'in')).toBe('in')
    expect(await one.tryAdvisoryLock(9n, async () => 'in')).toBe('in')
  })

  test('transactions that deadlock are run again until both are through', async () => {
    const [one, two] = await openTwo()
    await one.prisma.rateLimit.createMany({ data: [{ key: 'a' }, { key: 'b' }] })
    let attempts = 0
    const bump = (db: Database, keys: string[]) =>
      inTransaction(db, async (tx) => {
        attempts += 1
        for (const key of keys) {
          await tx.prisma.rateLimit.update({ where: { key }, data: { points: { increment: 1 } } })
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      })
    // The server breaks a deadlock after `deadlock_timeout`, which must be below a statement's time.
    await one.executeScript(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 100', current_database()); END $$`)
    await Promise.all([bump(one, ['a', 'b']), bump(two, ['b', 'a'])])
    // Two first attempts and the victim's second; on a busy machine they may meet again.
    expect(attempts).toBeGreaterThanOrEqual(3)
    expect(await one.prisma.rateLimit.findMany({ orderBy: { key: 'asc' } })).toMatchObject([
      { key: 'a', points: 2 },
      { key: 'b', points: 2 },
    ])
  })

  test('transactions that never stop colliding end as unavailable after four attempts', async () => {
    const [one] = await openTwo()
    let attempts = 0
    const collide = `DO $$ BEGIN RAISE EXCEPTION 'collision' USING ERRCODE = '40001'; END $$`
    const { error } = await refusalOf(() =>
      inTransaction(one, async (tx) => {
        attempts += 1
        await tx.query({ name: 'test-collide', text: collide }, [])
      }),
    )
    expect(error).toBeInstanceOf(UnavailableError)
    expect(attempts).toBe(4)
  })

  test('a hundred requests at once share the pool and all are answered', async () => {
    const [one, two] = await openTwo()
    const pid = { name: 'pid', text: 'SELECT pg_backend_pid() AS pid' }
    const count = {
      name: 'count',
      text: `SELECT count(*) AS count FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'central-sign-on'`,
    }
    const answers = await Promise.all(Array.from({ length: 100 }, () => one.query(pid, [])))
    expect(new Set(answers.map(([row]) => (row as { pid: number }).pid)).size).toBeLessThan(5)
    const [row] = await two.query<{ count: number }>(count, [])
    expect(row!.count).toBeLessThanOrEqual(5)
  })
})
