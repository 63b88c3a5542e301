import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { sweepTable } from '../../src/jobs/sweep.ts'
import { sweepRules } from '../../src/recurring-jobs.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { kinds, silent } from '../storage/databases.ts'
import { cloneDatabase, sql } from '../support/database.ts'

const at = new Date('2026-11-24T12:00:00Z')
const hoursAgo = (hours: number, seconds = 0) =>
  new Date(at.getTime() - hours * 3_600_000 + seconds * 1000)
const nothing = {
  sessions: 0,
  grants: 0,
  refresh_tokens: 0,
  short_lived: 0,
  redaction_acknowledgements: 0,
  known_browsers: 0,
  one_use_links: 0,
  mails: 0,
  recoveries: 0,
  email_changes: 0,
  address_proposals: 0,
  staff_role_proposals: 0,
  filing_requests: 0,
  account_changes: 0,
  registrations: 0,
  sign_in_failures: 0,
  rate_limits: 0,
}

/** What the jobs of all tables do. */
async function sweepOnce(db: Database, at: Date): Promise<typeof nothing> {
  const counts = { ...nothing }
  for (const rule of sweepRules) {
    counts[rule.table as keyof typeof nothing] = await sweepTable(db, rule, at)
  }
  return counts
}

async function empty(db: Database) {
  const { prisma } = db
  await prisma.session.deleteMany()
  await prisma.grant.deleteMany()
  await prisma.refreshToken.deleteMany()
  await sql(
    db,
    'TRUNCATE short_lived, redaction_acknowledgements, one_use_links, mails, recoveries, email_changes, address_proposals, staff_role_proposals',
  )
  await prisma.signInFailures.deleteMany()
  await prisma.rateLimit.deleteMany()
}

describe.each(kinds)('sweeping the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ db, close } = await open())
  })
  afterAll(() => close())
  beforeEach(() => empty(db))

  test('keeps a session for twelve hours after its end, for its refresh tokens to ask', async () => {
    await db.prisma.session.createMany({
      data: [
        { id: 'over', uid: 'over', payload: {}, expiresAt: hoursAgo(12, -1) },
        { id: 'ended', uid: 'ended', payload: {}, expiresAt: hoursAgo(12, 1), endedAt: at },
        { id: 'live', uid: 'live', payload: {}, expiresAt: hoursAgo(-1) },
      ],
    })
    expect(await sweepOnce(db, at)).toEqual({ ...nothing, sessions: 1 })
    const left = await db.prisma.session.findMany({ orderBy: { id: 'asc' } })
    expect(left.map((session) => session.id)).toEqual(['ended', 'live'])
  })

  test('deletes grants, refresh tokens and short-lived artifacts as soon as they are past', async () => {
    const past = hoursAgo(0, -1)
    const later = hoursAgo(0, 1)
    await db.prisma.grant.createMany({
      data: [
        { id: 'past', expiresAt: past },
        { id: 'tombstone', expiresAt: later, revokedAt: past },
      ],
    })
    await db.prisma.refreshToken.createMany({
      data: [
        { id: 'past', payload: {}, expiresAt: past },
        { id: 'used', payload: {}, expiresAt: later, consumedAt: past },
      ],
    })
    const insert = `INSERT INTO short_lived (model, id, payload, expires_at)
      VALUES ('Interaction', 'same', '{}', $1), ('AuthorizationCode', 'same', '{}', $2)`
    await sql(db, insert, [past, later])
    const counts = await sweepOnce(db, at)
    expect(counts).toEqual({ ...nothing, grants: 1, refresh_tokens: 1, short_lived: 1 })
    expect((await db.prisma.grant.findMany()).map((row) => row.id)).toEqual(['tombstone'])
    expect((await db.prisma.refreshToken.findMany()).map((row) => row.id)).toEqual(['used'])
    expect(await sql(db, 'SELECT model FROM short_lived')).toEqual([{ model: 'AuthorizationCode' }])
  })

  test('keeps a redaction statement for a day', async () => {
    const accountId = '00000000-0000-4000-8000-000000000001'
    const insert = `INSERT INTO redaction_acknowledgements
      (session_uid, signed_in_at, account_id, acknowledged_at)
      VALUES ('old', 1, $1, $2), ('new', 1, $1, $3)`
    await sql(db, insert, [accountId, hoursAgo(24, -1), hoursAgo(24, 1)])
    expect(await sweepOnce(db, at)).toEqual({ ...nothing, redaction_acknowledgements: 1 })
    const left = await sql(db, 'SELECT session_uid AS uid FROM redaction_acknowledgements')
    expect(left).toEqual([{ uid: 'new' }])
  })

  test('keeps a mail for thirty days, and a link for a week after its end', async () => {
    const days = (count: number, seconds = 0) => hoursAgo(24 * count, seconds)
    await sql(
      db,
      `INSERT INTO mails (id, kind, to_address, created_at)
        VALUES (gen_random_uuid(), 'old', 'a', $1), (gen_random_uuid(), 'new', 'a', $2)`,
      [days(30, -1), days(30, 1)],
    )
    await sql(
      db,
      `INSERT INTO one_use_links (digest, purpose, expires_at, used_at)
        VALUES ('old', 'reset', $1, NULL), ('over', 'reset', $2, NULL), ('used', 'reset', $3, $4)`,
      [days(7, -1), days(7, 1), hoursAgo(-1), hoursAgo(1)],
    )
    expect(await sweepOnce(db, at)).toEqual({ ...nothing, mails: 1, one_use_links: 1 })
    expect(await sql(db, 'SELECT kind FROM mails')).toEqual([{ kind: 'new' }])
    const left = await sql(db, 'SELECT digest FROM one_use_links ORDER BY digest')
    expect(left).toEqual([{ digest: 'over' }, { digest: 'used' }])
  })

  test('forgets failed sign-ins after a day, but never a lock that is in force', async () => {
    await db.prisma.signInFailures.createMany({
      data: [
        { subject: 'old', updatedAt: hoursAgo(24, -1) },
        { subject: 'unlocked', updatedAt: hoursAgo(25), lockedUntil: hoursAgo(0, -1) },
        { subject: 'locked', updatedAt: hoursAgo(25), lockedUntil: hoursAgo(0, 1) },
        { subject: 'recent', updatedAt: hoursAgo(24, 1) },
      ],
    })
    expect(await sweepOnce(db, at)).toEqual({ ...nothing, sign_in_failures: 2 })
    const left = await db.prisma.signInFailures.findMany({ orderBy: { subject: 'asc' } })
    expect(left.map((row) => row.subject)).toEqual(['locked', 'recent'])
  })

  test('deletes window counters whose window is over, and none without an end', async () => {
    await db.prisma.rateLimit.createMany({
      data: [
        { key: 'over', expire: BigInt(at.getTime() - 1) },
        { key: 'running', expire: BigInt(at.getTime() + 1) },
        { key: 'endless', expire: null },
      ],
    })
    expect(await sweepOnce(db, at)).toEqual({ ...nothing, rate_limits: 1 })
    expect(await db.prisma.rateLimit.count()).toBe(2)
  })

  test('forgets a question after the way back after two days, changes of an address after thirty, a proposed role after ninety', async () => {
    const days = (n: number, hours = 0) => hoursAgo(n * 24, hours)
    await sql(
      db,
      `INSERT INTO recoveries (id, kind, typed, created_at)
        VALUES (gen_random_uuid(), 'password', 'old', $1), (gen_random_uuid(), 'password', 'new', $2)`,
      [days(2, -1), days(2, 1)],
    )
    await sql(
      db,
      `INSERT INTO email_changes (id, account_id, to_email, expires_at)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'old', $1),
          (gen_random_uuid(), gen_random_uuid(), 'new', $2)`,
      [days(30, -1), days(30, 1)],
    )
    await sql(
      db,
      `INSERT INTO address_proposals (id, account_id, to_email, proof, reason, proposed_by, expires_at)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'old', '', '', gen_random_uuid(), $1),
          (gen_random_uuid(), gen_random_uuid(), 'new', '', '', gen_random_uuid(), $2)`,
      [days(30, -1), days(30, 1)],
    )
    await sql(
      db,
      `INSERT INTO staff_role_proposals (id, account_id, role, reason, proposed_by, expires_at)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'support', '', gen_random_uuid(), $1),
          (gen_random_uuid(), gen_random_uuid(), 'support', '', gen_random_uuid(), $2)`,
      [days(90, -1), days(90, 1)],
    )
    const swept = {
      ...nothing,
      recoveries: 1,
      email_changes: 1,
      address_proposals: 1,
      staff_role_proposals: 1,
    }
    expect(await sweepOnce(db, at)).toEqual(swept)
    expect(await sql(db, 'SELECT typed FROM recoveries')).toEqual([{ typed: 'new' }])
    expect(await sql(db, 'SELECT to_email AS to FROM email_changes')).toEqual([{ to: 'new' }])
  })

  test('takes as many batches as it needs', async () => {
    await db.prisma.grant.createMany({
      data: Array.from({ length: 1200 }, (_, n) => ({ id: `g${n}`, expiresAt: hoursAgo(1) })),
    })
    expect(await sweepOnce(db, at)).toEqual({ ...nothing, grants: 1200 })
  })
})

describe('sweepers', () => {
  async function openTwo() {
    const { url, drop } = await cloneDatabase()
    const databases = await Promise.all(
      [1, 2].map(() => openDatabase({ url, dataDir: '', poolSize: 2 }, silent)),
    )
    onTestFinished(async () => {
      await Promise.all(databases.map((db) => db.close()))
      await drop()
    })
    return databases as [Database, Database]
  }

  test('in two processes do not fail one another, and a row goes once', async () => {
    const [one, two] = await openTwo()
    await one.prisma.grant.createMany({
      data: Array.from({ length: 3000 }, (_, n) => ({ id: `g${n}`, expiresAt: hoursAgo(1) })),
    })
    const counts = await Promise.all([sweepOnce(one, at), sweepOnce(two, at)])
    const rest = await sweepOnce(one, at)
    expect(counts[0].grants + counts[1].grants + rest.grants).toBe(3000)
    expect(await one.prisma.grant.count()).toBe(0)
  })

  test('leave a row alone that a request holds', async () => {
    const [one, two] = await openTwo()
    await one.prisma.grant.createMany({
      data: [
        { id: 'held', expiresAt: hoursAgo(1) },
        { id: 'free', expiresAt: hoursAgo(1) },
      ],
    })
    await inTransaction(one, async (tx) => {
      await tx.prisma.grant.update({ where: { id: 'held' }, data: { expiresAt: hoursAgo(-1) } })
      expect((await sweepOnce(two, at)).grants).toBe(1)
    })
    expect(await one.prisma.grant.findMany()).toMatchObject([{ id: 'held' }])
  })
})
