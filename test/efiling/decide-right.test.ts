import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { parseDay } from '../../src/days.ts'
import type { Decision } from '../../src/efiling/apply-decision.ts'
import { listDecisions, noteRequest } from '../../src/efiling/right-store.ts'
import { syncStanding } from '../../src/efiling/sync-standing.ts'
import { type AccountId, type CourtId, newAccountId } from '../../src/ids.ts'
import { revokeRole } from '../../src/staff/revoke-role.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { listAudited } from '../support/audited.ts'
import { sql } from '../support/database.ts'
import { inNcwb, inNcwd, openRightsHouse, type RightsHouse } from '../support/rights.ts'

let house: RightsHouse
let clerk: AccountId
let manager: AccountId
let neighbour: AccountId

beforeAll(async () => {
  house = await openRightsHouse()
  clerk = await house.addStaff('clerk', inNcwd)
  manager = await house.addStaff('court-manager', inNcwd)
  neighbour = await house.addStaff('clerk', inNcwb)
})
afterAll(() => house.close())
afterEach(() => {
  vi.useRealTimers()
})

const day = (text: string) => parseDay(text)!
const grant: Decision = {
  kind: 'grant',
  role: 'attorney',
  actions: ['file', 'receive-notices'],
  isAdmitted: true,
}
const suspend: Decision = { kind: 'suspend', reason: 'discipline' }

/** Somebody who may file at ncwd. */
async function addFiler(more: Partial<Decision> = {}): Promise<AccountId> {
  const filer = await house.addPerson()
  const granted = await house.decide(clerk, filer, inNcwd, { ...grant, ...more })
  expect(granted).toEqual({ ok: true, value: { version: 1 } })
  return filer
}

const mailsTo = (id: AccountId) =>
  sql<{ facts: Record<string, unknown> }>(
    house.db,
    `SELECT facts FROM mails WHERE account_id = $1::uuid AND kind = 'right-decided' ORDER BY created_at`,
    [id],
  )

describe('a right', () => {
  test('is granted by a clerk of the court, told to its holder, and is a row that nobody changes', async () => {
    const filer = await addFiler({ filerId: 'granted-ecf', endsOn: day('2199-06-30') })
    expect(await house.entry(filer, inNcwd)).toEqual({
      court_type: 'district',
      status: 'active',
      role: 'attorney',
      filer_id: 'granted-ecf',
      admitted: true,
      actions: ['file', 'receive-notices'],
      since: expect.any(String),
      until: '2199-06-30',
      version: 1,
    })
    const about = { accountId: filer, courtId: 'ncwd' }
    expect(await listAudited(house.db, 'right.decided', about)).toMatchObject([
      { actorId: clerk, detail: { decision: 'grant', state: 'active', version: 1 } },
    ])
    expect(await mailsTo(filer)).toMatchObject([
      { facts: { decision: 'grant', lastDay: 'June 30, 2199' } },
    ])
    for (const change of [
      `UPDATE right_decisions SET state = 'revoked' WHERE account_id = '${filer}'`,
      `DELETE FROM right_decisions WHERE account_id = '${filer}'`,
    ]) {
      await expect(sql(house.db, change)).rejects.toThrow('append-only')
    }
  })

  test.each<[string, Partial<Decision>, object]>([
    ['notices alone', { actions: ['receive-notices'] }, { actions: ['receive-notices'] }],
    ['an application alone', { actions: ['apply'] }, { actions: ['apply'] }],
    ['filing without admission', { isAdmitted: false }, { admitted: false, status: 'active' }],
    [
      'an admission that ends',
      { admittedUntil: day('2199-12-31') },
      { admitted: true, admitted_until: '2199-12-31' },
    ],
    ['another role', { role: 'trustee' }, { role: 'trustee' }],
  ])('can be %s', async (_, more, told) => {
    const filer = await addFiler(more)
    expect(await house.entry(filer, inNcwd)).toMatchObject(told)
  })

  test('is another fact than the admission', async () => {
    const lawyer = await house.addPerson()
    await house.decide(clerk, lawyer, inNcwd, { kind: 'admit', admittedUntil: day('2199-12-31') })
    const admitted = { court_type: 'district', admitted: true, admitted_until: '2199-12-31' }
    const entry = { ...admitted, status: 'none', actions: [], version: 1 }
    expect(await house.entry(lawyer, inNcwd)).toEqual(entry)
    const { isAdmitted: _, ...filing } = grant
    await house.decide(clerk, lawyer, inNcwd, filing)
    expect(await house.entry(lawyer, inNcwd)).toMatchObject({ ...admitted, status: 'active' })
    const end: Decision = { kind: 'end-admission', reason: 'order-of-the-court' }
    await house.decide(manager, lawyer, inNcwd, end)
    const { admitted: isAdmitted, status, ...rest } = await house.entry(lawyer, inNcwd)
    expect([isAdmitted, status, rest.actions]).toEqual([false, 'active', grant.actions])
    expect(rest).not.toHaveProperty('admitted_until')
  })

  test.each([
    [true, ['receive-notices']],
    [false, []],
  ] as const)(
    'is suspended with notices: %s, and comes back whole',
    async (keepsNotices, actions) => {
      const filer = await addFiler()
      await house.decide(clerk, filer, inNcwd, { ...suspend, keepsNotices, message: 'Order 12.' })
      const suspended = await house.entry(filer, inNcwd)
      expect(suspended).toMatchObject({ status: 'suspended', actions, version: 2 })
      expect(JSON.stringify(suspended)).not.toMatch(/discipline|Order/)
      await house.decide(clerk, filer, inNcwd, { kind: 'reinstate' })
      expect(await house.entry(filer, inNcwd)).toMatchObject({
        status: 'active',
        actions: grant.actions,
        version: 3,
      })
      const told = (await mailsTo(filer)).map(({ facts }) => facts)
      expect(told[1]).toMatchObject({ reason: 'Discipline', message: ['Order 12.'], keepsNotices })
    },
  )

  test('is given up by its holder alone, and can be asked for again', async () => {
    const filer = await addFiler()
    expect(await house.decide(clerk, filer, inNcwd, { kind: 'give-up' })).toMatchObject({
      reason: 'not-yours',
    })
    await house.decide(filer, filer, inNcwd, { kind: 'give-up' })
    expect(await house.entry(filer, inNcwd)).toEqual({
      court_type: 'district',
      status: 'none',
      actions: [],
      admitted: true,
      version: 2,
    })
    expect(await house.decide(clerk, filer, inNcwd, grant)).toMatchObject({ ok: true })
  })

  test('is not told to the mailbox of somebody who has died', async () => {
    const filer = await addFiler()
    await house.decide(clerk, filer, inNcwd, { kind: 'revoke', reason: 'died' })
    expect(await house.entry(filer, inNcwd)).toMatchObject({ status: 'revoked', actions: [] })
    expect(await mailsTo(filer)).toHaveLength(1)
  })
})

describe('nobody but the court decides', () => {
  test('a clerk of another court, one who was a clerk, a lawyer, an operator and the program do not', async () => {
    const filer = await addFiler()
    const former = await house.addStaff('clerk', inNcwd)
    await inTransaction(house.db, (tx) =>
      revokeRole(tx, former, { role: 'clerk', courtId: inNcwd }, byOperator('test')),
    )
    const others = [neighbour, former, await house.addPerson(), byOperator('ops')]
    for (const by of others) {
      expect(await house.decide(by, filer, inNcwd, suspend)).toEqual({
        ok: false,
        reason: 'not-yours',
      })
    }
    expect(await house.entry(filer, inNcwd)).toMatchObject({ status: 'active', version: 1 })
  })

  test('a clerk does not decide about oneself, nor does the database take it', async () => {
    const own = await house.decide(clerk, clerk, inNcwd, grant)
    expect(own).toEqual({ ok: false, reason: 'not-own' })
    await inTransaction(house.db, (tx) => noteRequest(tx, clerk, inNcwd))
    const insert = `INSERT INTO right_decisions (account_id, court_id, ordinal, version, kind, state,
        holds_from, is_admitted, actions, keeps_notices, decided_by, decided_at)
      VALUES ('${clerk}', 'ncwd', 1, 1, 'grant', 'active', now(), false, '{file}', true, '${clerk}', now())`
    await expect(sql(house.db, insert)).rejects.toThrow('right_decisions_holder_check')
  })

  test('nobody and no court that is not there', async () => {
    const filer = await house.addPerson()
    expect(await house.decide(clerk, newAccountId(), inNcwd, grant)).toMatchObject({
      reason: 'unknown-account',
    })
    const nowhere = 'nowhere' as CourtId
    expect(await house.decide(clerk, filer, nowhere, grant)).toMatchObject({
      reason: 'unknown-court',
    })
  })

  test.each([
    ['a legacy account', { isUpgraded: false }],
    ['a shared account', { type: 'shared' }],
    ['a firm', { type: 'firm' }],
  ] as const)('about %s there is nothing to grant, and nothing is written', async (_, other) => {
    const account = await house.addPerson(other)
    expect(await house.decide(clerk, account, inNcwd, grant)).toMatchObject({ reason: 'no-rights' })
    expect(await house.db.prisma.right.count({ where: { accountId: account } })).toBe(0)
    expect(await mailsTo(account)).toEqual([])
  })
})

describe('a CM/ECF account', () => {
  test('is never of two people at a court, and is free once the court has taken it away', async () => {
    const filer = await addFiler({ filerId: 'one-owner' })
    const other = await house.addPerson()
    const taking = { ...grant, filerId: 'one-owner' }
    expect(await house.decide(clerk, other, inNcwd, taking)).toEqual({
      ok: false,
      reason: 'filer-taken',
    })
    expect(await house.decide(neighbour, other, inNcwb, taking)).toMatchObject({ ok: true })
    await house.decide(clerk, filer, inNcwd, { kind: 'change', filerId: null })
    expect(await house.entry(filer, inNcwd)).not.toHaveProperty('filer_id')
    expect(await house.decide(clerk, other, inNcwd, taking)).toMatchObject({ ok: true })

    // Also of a right that is over, which nothing changes any more.
    await house.decide(clerk, other, inNcwd, { kind: 'revoke', reason: 'retired' })
    const third = await house.addPerson()
    expect(await house.decide(clerk, third, inNcwd, taking)).toMatchObject({
      reason: 'filer-taken',
    })
    expect(await house.decide(clerk, other, inNcwd, { kind: 'free-filer' })).toMatchObject({
      ok: true,
    })
    expect(await house.decide(clerk, third, inNcwd, taking)).toMatchObject({ ok: true })
  })

  test('that twenty want at once in two spellings, on two processes, is one person’s', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => house.addPerson()))
    const answers = await Promise.all(
      people.map((person, index) => {
        const filerId = index % 3 === 0 ? 'Wanted' : 'wanted'
        return house.decide(clerk, person, inNcwd, { ...grant, filerId }, house.dbs[index % 2])
      }),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, reason: 'filer-taken' })
    const where = { filerId: { equals: 'wanted', mode: 'insensitive' } } as const
    expect(await house.db.prisma.right.count({ where })).toBe(1)
  })
})

describe('many at once, on two processes', () => {
  test('twenty suspensions of one person are one; the others learn in which state it is', async () => {
    const filer = await addFiler()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        house.decide(index % 3 ? clerk : manager, filer, inNcwd, suspend, house.dbs[index % 2]),
      ),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    const refused = answers.filter(({ ok }) => !ok)
    expect(new Set(refused.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ ok: false, reason: 'not-from-here', state: 'suspended' })]),
    )
    expect(await listDecisions(house.db, filer, inNcwd)).toHaveLength(2)
    expect(await mailsTo(filer)).toHaveLength(2)
    const about = { accountId: filer }
    expect(await listAudited(house.db, 'right.decided', about)).toHaveLength(2)
  })
})

/** What both processes are told at a moment, where nothing ran meanwhile. */
const toldAt = async (filer: AccountId, courtId: CourtId, moment: Date) => {
  vi.useFakeTimers({ toFake: ['Date'], now: moment })
  const [one, other] = await Promise.all(house.dbs.map((db) => house.entry(filer, courtId, db)))
  vi.useRealTimers()
  expect(other).toEqual(one)
  return one!
}

describe('at its moment, on both processes and without a job', () => {
  test.each([
    ['Charlotte', 'ncwd', '2099-11-24', '2099-11-25T05:00:00Z'],
    ['Charlotte, on the day of 25 hours', 'ncwd', '2099-11-01', '2099-11-02T05:00:00Z'],
    ['Charlotte, on the day of 23 hours', 'ncwd', '2099-03-08', '2099-03-09T04:00:00Z'],
    ['Hagåtña', 'gud', '2099-11-24', '2099-11-24T14:00:00Z'],
    ['Honolulu', 'hid', '2099-11-24', '2099-11-25T10:00:00Z'],
  ])('a right and an admission end at midnight in %s', async (_, id, last, end) => {
    const courtId = id as CourtId
    const filer = await house.addPerson()
    const decider = await house.addStaff('clerk', courtId)
    const granting = { ...grant, endsOn: day(last), admittedUntil: day(last) }
    await house.decide(decider, filer, courtId, granting)
    const midnight = new Date(end)
    const before = await toldAt(filer, courtId, new Date(midnight.getTime() - 1))
    const after = await toldAt(filer, courtId, midnight)
    expect(before).toMatchObject({ status: 'active', actions: grant.actions, admitted: true })
    expect(after).toMatchObject({ status: 'lapsed', actions: [], admitted: false, until: last })
    expect(after.version).toBeGreaterThan(before.version)
    // And what is decided afterwards is newer than both.
    vi.useFakeTimers({ toFake: ['Date'], now: midnight })
    await house.decide(decider, filer, courtId, { kind: 'extend', endsOn: null })
    expect((await house.entry(filer, courtId)).version).toBeGreaterThan(after.version)
  })

  test('a suspension and a reinstatement that were decided ahead', async () => {
    const filer = await addFiler()
    const moment = new Date('2099-12-01T13:00:00Z')
    await house.decide(clerk, filer, inNcwd, { ...suspend, holdsFrom: moment })
    expect(await house.decide(clerk, filer, inNcwd, { kind: 'change', role: 'trustee' })).toEqual({
      ok: false,
      reason: 'waits-for-later',
      holdsFrom: moment,
    })
    const before = await toldAt(filer, inNcwd, new Date(moment.getTime() - 1))
    const after = await toldAt(filer, inNcwd, moment)
    expect(before).toMatchObject({ status: 'active', version: 1 })
    expect(after).toMatchObject({ status: 'suspended', actions: [], version: 2 })
    expect((await mailsTo(filer))[1]).toMatchObject({
      facts: { from: 'December 1, 2099, 8:00 a.m. EST' },
    })
    // Withdrawn before it comes.
    expect(await house.decide(clerk, filer, inNcwd, { kind: 'withdraw' })).toMatchObject({
      ok: true,
    })
    expect(await toldAt(filer, inNcwd, moment)).toMatchObject({ status: 'active', version: 3 })
    expect(await house.decide(clerk, filer, inNcwd, { kind: 'withdraw' })).toMatchObject({
      reason: 'nothing-waits',
    })
  })

  test('a court that goes live, and one whose day is put off', async () => {
    const courtId = 'ncmb' as CourtId
    const filer = await house.addPerson()
    const decider = await house.addStaff('clerk', courtId)
    await house.decide(decider, filer, courtId, grant)
    const goLive = (text: string) =>
      sql(house.db, `UPDATE courts SET go_live_on = '${text}' WHERE id = 'ncmb'`)
    const live = await house.entry(filer, courtId)
    await goLive('2099-01-05')
    const waiting = await toldAt(filer, courtId, new Date('2099-01-05T04:59:59Z'))
    const again = await toldAt(filer, courtId, new Date('2099-01-05T05:00:00Z'))
    await goLive('2099-02-05')
    const putOff = await toldAt(filer, courtId, new Date('2099-01-05T05:00:01Z'))
    expect([live, waiting, again, putOff].map(({ status }) => status)).toEqual([
      'active',
      'not-live',
      'active',
      'not-live',
    ])
    const versions = [live, waiting, again, putOff].map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
  })

  test('a request that opens or ends has another version', async () => {
    const filer = await house.addPerson()
    await inTransaction(house.db, (tx) => noteRequest(tx, filer, inNcwd))
    expect(await house.entry(filer, inNcwd)).toMatchObject({ version: 1 })
    await inTransaction(house.db, (tx) => noteRequest(tx, filer, inNcwd))
    expect(await house.entry(filer, inNcwd)).toMatchObject({ version: 2 })
  })
})

describe('the release before', () => {
  const standingOf = (filer: AccountId) =>
    house.db.prisma.standing.findUnique({
      where: { accountId_courtId: { accountId: filer, courtId: 'ncwd' } },
    })

  test('reads what is decided, as far as it knows words for it', async () => {
    const filer = await addFiler({ filerId: 'read-before' })
    expect(await standingOf(filer)).toMatchObject({
      status: 'active',
      filerId: 'read-before',
      version: 1,
    })
    await house.decide(clerk, filer, inNcwd, suspend)
    // It tells notices to whoever was granted them.
    expect(await standingOf(filer)).toMatchObject({
      status: 'suspended',
      actions: ['file'],
      version: 2,
    })
    await house.decide(clerk, filer, inNcwd, { kind: 'reinstate' })
    await house.decide(filer, filer, inNcwd, { kind: 'give-up' })
    expect(await standingOf(filer)).toMatchObject({ status: 'none', version: 4 })
  })

  test('applies a file, and that is a decision with the version that follows', async () => {
    const filer = await addFiler({ endsOn: day('2199-06-30') })
    await house.db.prisma.standing.update({
      where: { accountId_courtId: { accountId: filer, courtId: 'ncwd' } },
      data: { status: 'suspended', version: { increment: 1 } },
    })
    expect(await house.entry(filer, inNcwd)).toMatchObject({
      status: 'suspended',
      actions: ['receive-notices'],
      version: 3,
    })
    expect(await standingOf(filer)).toMatchObject({ version: 3 })
    const newcomer = await house.addPerson()
    const data = { accountId: newcomer, courtId: 'ncwd', actions: ['file'], filerId: 'new-before' }
    await house.db.prisma.standing.create({ data: { ...data, status: 'active' } })
    expect(await house.entry(newcomer, inNcwd)).toMatchObject({
      status: 'active',
      filer_id: 'new-before',
      version: 1,
    })
  })
})

test('a file takes the place of what waits, and says nothing where nothing differs', async () => {
  const filer = await addFiler()
  await house.decide(clerk, filer, inNcwd, { ...suspend, holdsFrom: new Date('2099-12-01') })
  const sync = (input: object) =>
    inTransaction(house.db, (tx) => syncStanding(tx, filer, inNcwd, input, byOperator('ops')))
  await sync({ state: 'active' })
  expect(await listDecisions(house.db, filer, inNcwd)).toHaveLength(2)
  await sync({ state: 'active', role: 'trustee', admittedUntil: day('2199-12-31') })
  expect(await toldAt(filer, inNcwd, new Date('2099-12-02'))).toMatchObject({
    status: 'active',
    role: 'trustee',
    admitted_until: '2199-12-31',
    version: 3,
  })
})
