import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { byOperator } from '../../../src/audit/by.ts'
import { countReadiness } from '../../../src/console/readiness/store.ts'
import type { GoLiveChange } from '../../../src/courts/apply-go-live.ts'
import { changeGoLive } from '../../../src/courts/change-go-live.ts'
import { eraseOldPasswords } from '../../../src/efiling/go-live/erase-old-passwords.ts'
import { goLiveMails } from '../../../src/efiling/go-live/mails.ts'
import { markRefusedAtCourt } from '../../../src/efiling/go-live/mark-refused-mail.ts'
import { insertNoticesOf } from '../../../src/efiling/go-live/notice-store.ts'
import { tellDueWaves } from '../../../src/efiling/go-live/tell-due-waves.ts'
import { tellOfChange } from '../../../src/efiling/go-live/tell-of-change.ts'
import type { AccountId, CourtId } from '../../../src/ids.ts'
import { layOut } from '../../../src/mail/layout.ts'
import { harmless, type MailFacts } from '../../../src/mail/words.ts'
import { type Database, inTransaction } from '../../../src/storage/db.ts'
import { listAudited } from '../../support/audited.ts'
import { sql } from '../../support/database.ts'
import { plantImported, plantLink } from '../../support/imported-accounts.ts'
import { becomes } from '../../support/measure.ts'
import { openRightsHouse, type RightsHouse } from '../../support/rights.ts'

/** Each test has a court of its own, which goes live at noon there. */
const courts = ['ncwd', 'nced', 'ncmd', 'vaed', 'vawd', 'scd', 'gand', 'txnd'] as CourtId[]
const noon = new Date('2026-12-01T17:00:00Z')
const later = new Date('2026-12-08T11:00:00Z')
const october = new Date('2026-10-20T15:00:00Z')

let house: RightsHouse
let court: CourtId
let linker: AccountId

beforeAll(async () => {
  house = await openRightsHouse()
  linker = await house.addPerson()
})
afterAll(() => house.close())
beforeEach(async () => {
  court = courts.shift()!
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-09-01T12:00:00Z') })
  await change({ kind: 'set', liveAt: noon })
  await change({ kind: 'announce' })
})
afterEach(async () => {
  // What this court has is over: it is told nothing in the next test.
  await change({ kind: 'set', noticeDays: [] })
  vi.useRealTimers()
})

async function change(what: GoLiveChange): Promise<void> {
  const order = { courtId: court, change: what, by: byOperator('test') }
  expect(await changeGoLive(house.db, order)).toMatchObject({ ok: true })
}

/** The job of the schedule as both processes do it at once. */
async function tellAt(at: Date, on: readonly Database[] = house.dbs): Promise<void> {
  vi.setSystemTime(at)
  await Promise.all(on.map((db) => tellDueWaves(db).run()))
}

/** The job after a change, by both at once. */
async function correct(): Promise<void> {
  await Promise.all(house.dbs.map((db) => tellOfChange(db).run({ courtId: court })))
}

type Message = { readonly kind: string; readonly to: string; readonly facts: MailFacts }

/** What is written to people of this court since this was asked last, by address. */
async function newMessages(): Promise<{ to: string; logins: string[]; words: string }[]> {
  const rows = await sql<Message>(
    house.db,
    `WITH gone AS (DELETE FROM mails WHERE about->>'courtId' = $1 RETURNING kind, to_address, facts)
    SELECT kind, to_address AS "to", facts FROM gone ORDER BY to_address`,
    [court],
  )
  return rows.map(({ kind, to, facts }) => {
    const words = goLiveMails.find(({ name }) => name === kind)!
    const at = (path: string) => `https://sso.test${path}`
    const { subject, text } = layOut(words.compose(harmless(facts), { at, made: {} }), {})
    const logins = (facts['accounts'] as { login: string }[]).map(({ login }) => login)
    return { to, logins, words: `${subject}\n${text}` }
  })
}

const toldOf = (messages: { to: string; logins: string[] }[]) =>
  messages.map(({ to, logins }) => [to, ...logins])

test('filers are told once a wave, by two processes at once of which one ends in the middle, in one message an address', async () => {
  const ids = await plantImported(house.db, court, [
    { login: 'anna', email: 'Anna@example.com' },
    { login: 'office-1', email: 'office@example.com' },
    { login: 'office-2', email: 'OFFICE@example.com', status: 'suspended' },
    { login: 'gone', email: 'gone@example.com', status: 'inactive' },
    { login: 'nobody', email: null },
    { login: 'bounced', email: 'bounced@example.com', addressRefusedAt: october },
    { login: 'odd', email: 'two words@example.com' },
  ])
  vi.setSystemTime(october)
  // A process has told everybody, and ends before that is committed. The other ones wait for it.
  const [ending, living] = house.dbs as [Database, Database]
  let told: Promise<void> | undefined
  const ended = inTransaction(ending, async (tx) => {
    const notices = ids.map((importedId) => ({ importedId, mailId: ids[0]!, liveAt: noon }))
    const mine = await insertNoticesOf(tx, { courtId: court, wave: '-60', at: october }, notices)
    expect(mine.size).toBe(ids.length)
    told = tellAt(october, [living, living])
    await becomes('the others wait', 5000, async () => {
      return (await sql(living, 'SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0
    })
    throw new Error('killed')
  })
  await expect(ended).rejects.toThrow('killed')
  await told

  const messages = await newMessages()
  expect(toldOf(messages)).toEqual([
    ['Anna@example.com', 'anna'],
    ['office@example.com', 'office-1', 'office-2'],
  ])
  const { words } = messages[0]!
  expect(words).toContain('December 1, 2026, 12:00 p.m. Eastern time')
  expect(words).toContain(`https://sso.test/courts/${court}`)
  expect(words.match(/https?:\/\/\S+/g)).toEqual([`https://sso.test/courts/${court}`])
  expect(words).toContain('individual account')
  expect(words).toContain('your browser may have kept them')
  // What is no address is marked, and nothing else waits for it.
  expect(
    await sql(house.db, `SELECT address_refused_at AS at FROM imported_accounts WHERE id = $1`, [
      ids[6],
    ]),
  ).toEqual([{ at: october }])
  expect(await listAudited(house.db, 'court.filers-told', { courtId: court })).toMatchObject([
    { detail: { wave: '-60', accounts: 3, messages: 2 } },
  ])

  await tellAt(october)
  expect(await newMessages()).toEqual([])
  // Whoever is imported after that hears of the moment, too, once.
  await plantImported(house.db, court, [{ login: 'late', email: 'late@example.com' }], october)
  await tellAt(october)
  await tellAt(new Date('2026-11-16T12:00:00Z'))
  expect(toldOf(await newMessages())).toEqual([['late@example.com', 'late']])

  // The next waves; on the day also whoever has linked, and after it whoever has not.
  await tellAt(new Date('2026-11-17T13:00:00Z'))
  expect(await newMessages()).toHaveLength(3)
  await plantLink(house.db, court, { importedId: ids[0]!, accountId: linker, at: october })
  await tellAt(new Date('2026-11-28T13:00:00Z'))
  expect(toldOf(await newMessages())).toEqual([
    ['late@example.com', 'late'],
    ['office@example.com', 'office-1', 'office-2'],
  ])
  await tellAt(new Date('2026-12-01T13:00:00Z'))
  const onTheDay = await newMessages()
  expect(onTheDay).toHaveLength(3)
  expect(onTheDay[0]!.words).toContain('You have linked already, and have nothing to do')
  expect(onTheDay[1]!.words).toContain('today, December 1, 2026, 12:00 p.m. Eastern time')
  await tellAt(new Date('2026-12-15T13:00:00Z'))
  const after = await newMessages()
  expect(toldOf(after)).toEqual([
    ['late@example.com', 'late'],
    ['office@example.com', 'office-1', 'office-2'],
  ])
  expect(after[0]!.words).toContain('has changed to NextGen CM/ECF')
})

test('a batch ends between two addresses, and the next run goes on behind it', async () => {
  const many = Array.from({ length: 1204 }, (_, index) => ({
    login: `filer-${index}`,
    email: `filer-${Math.floor(index / 2)}@example.com`,
  }))
  const shared = Array.from({ length: 900 }, (_, index) => ({
    login: `shared-${index}`,
    email: 'everybody@example.com',
  }))
  await plantImported(house.db, court, [...shared, ...many])
  await tellAt(october)
  await tellAt(october)
  const messages = await newMessages()
  expect(messages).toHaveLength(603)
  const rows = await sql<{ mails: number; accounts: number }>(
    house.db,
    `SELECT count(DISTINCT mail_id) AS mails, count(*) AS accounts FROM go_live_notices WHERE court_id = $1`,
    [court],
  )
  expect(rows).toEqual([{ mails: 603, accounts: 2104 }])
  const { words, logins } = messages.find(({ to }) => to === 'everybody@example.com')!
  expect(logins).toHaveLength(25)
  expect(words).toContain('and 875 more')
})

test('a postponement is told to exactly those who were told before, once, and of two only the last', async () => {
  await plantImported(house.db, court, [
    { login: 'anna', email: 'anna@example.com' },
    { login: 'bert', email: 'bert@example.com' },
  ])
  await tellAt(october)
  expect(await newMessages()).toHaveLength(2)
  await plantImported(house.db, court, [{ login: 'carl', email: 'carl@example.com' }], october)

  await change({ kind: 'postpone', liveAt: new Date('2026-12-05T11:00:00Z'), reason: 'Not ready' })
  await change({ kind: 'postpone', liveAt: later, reason: 'A holiday' })
  // Before those are told who knew another date, the schedule says nothing of this one to them.
  await tellAt(october)
  expect(toldOf(await newMessages())).toEqual([['carl@example.com', 'carl']])
  await correct()
  await correct()
  const moved = await newMessages()
  expect(toldOf(moved)).toEqual([
    ['anna@example.com', 'anna'],
    ['bert@example.com', 'bert'],
  ])
  expect(moved[0]!.words).toContain('on December 1, 2026, 12:00 p.m. Eastern time. That date has')
  expect(moved[0]!.words).toContain('The change is now on December 8, 2026, 6:00 a.m. Eastern time')
  // There and back before anybody was told is nothing to tell.
  await change({ kind: 'postpone', liveAt: noon, reason: 'Ready after all' })
  await change({ kind: 'postpone', liveAt: later, reason: 'Not ready' })
  await correct()
  expect(await newMessages()).toEqual([])
  // And back again is.
  await change({ kind: 'postpone', liveAt: noon, reason: 'Ready after all' })
  await correct()
  await change({ kind: 'postpone', liveAt: later, reason: 'Not ready' })
  await correct()
  expect(await newMessages()).toHaveLength(6)
  // A wave whose time came before somebody was told of this moment is no news.
  await tellAt(new Date('2026-10-21T15:00:00Z'))
  expect(await newMessages()).toEqual([])
})

test('a court that is rolled back tells so whoever was told, and of the next moment everybody', async () => {
  const [anna] = await plantImported(house.db, court, [
    { login: 'anna', email: 'anna@example.com' },
    { login: 'bert', email: 'bert@example.com' },
  ])
  await tellAt(new Date('2026-12-01T17:00:01Z'))
  expect((await newMessages())[0]!.words).toContain('has changed to NextGen CM/ECF')
  await plantLink(house.db, court, { importedId: anna!, accountId: linker, at: noon })
  await plantImported(house.db, court, [{ login: 'carl', email: 'carl@example.com' }], noon)

  vi.setSystemTime(new Date('2026-12-02T12:00:00Z'))
  await change({ kind: 'roll-back', reason: 'Filing failed' })
  await correct()
  await correct()
  const back = await newMessages()
  expect(toldOf(back)).toEqual([
    ['anna@example.com', 'anna'],
    ['bert@example.com', 'bert'],
  ])
  expect(back[0]!.words).toContain('has gone back to its old system for now')
  expect(back[0]!.words).toContain('the link is kept')

  await change({ kind: 'plan', liveAt: new Date('2027-02-01T13:00:00Z') })
  await correct()
  await tellAt(new Date('2026-12-10T12:00:00Z'))
  expect(await newMessages()).toEqual([])
  await change({ kind: 'announce' })
  await correct()
  await tellAt(new Date('2026-12-10T12:01:00Z'))
  // Anna is linked still, and has nothing to prepare.
  expect(toldOf(await newMessages())).toEqual([
    ['bert@example.com', 'bert'],
    ['carl@example.com', 'carl'],
  ])
})

test('old passwords are erased once linking by them has closed, with one audit row for the court', async () => {
  await plantImported(house.db, court, [
    { login: 'anna', hasPassword: true },
    { login: 'bert', hasPassword: true },
    { login: 'carl' },
  ])
  const closes = new Date('2027-03-01T05:00:00Z')
  await change({ kind: 'change', legacyClosesAt: closes })
  const eraseAt = async (at: Date) => {
    vi.setSystemTime(at)
    await Promise.all(house.dbs.map((db) => eraseOldPasswords(db).run()))
    const rows = await sql<{ count: number }>(
      house.db,
      `SELECT count(password_hash) AS count FROM imported_accounts WHERE court_id = $1`,
      [court],
    )
    return rows[0]!.count
  }
  expect(await eraseAt(new Date(closes.getTime() - 1))).toBe(2)
  expect(await eraseAt(closes)).toBe(0)
  expect(await eraseAt(closes)).toBe(0)
  const erased = await listAudited(house.db, 'court.old-passwords-erased', { courtId: court })
  expect(erased.map(({ detail }) => detail)).toEqual([{ count: 2 }])
})

test('what somebody was told last goes by the order in which it was told, though the clocks of two processes differ', async () => {
  await plantImported(house.db, court, [{ login: 'anna', email: 'anna@example.com' }])
  await tellAt(october)
  expect(await newMessages()).toHaveLength(1)
  const correctAt = async (at: Date, on: number) => {
    vi.setSystemTime(at)
    await tellOfChange(house.dbs[on]!).run({ courtId: court })
    return newMessages()
  }
  await change({ kind: 'postpone', liveAt: later, reason: 'Not ready' })
  const isAhead = new Date(october.getTime() + 2000)
  expect(await correctAt(isAhead, 0)).toHaveLength(1)
  vi.setSystemTime(october)
  const last = new Date('2026-12-15T11:00:00Z')
  await change({ kind: 'postpone', liveAt: last, reason: 'A holiday' })
  expect((await correctAt(october, 1))[0]!.words).toContain('is now on December 15, 2026')

  // She knows the moment that holds: a change of something else is no news, and the schedule goes on.
  await change({ kind: 'change', emergencyWay: 'Call the clerk.' })
  expect(await correctAt(isAhead, 0)).toEqual([])
  await tellAt(new Date('2026-12-12T13:00:00Z'))
  expect((await newMessages())[0]!.words).toContain('changes on December 15, 2026')
})

test('a notice that a mail server refused has told nobody: another address is told, late or not', async () => {
  const [anna, bert] = await plantImported(house.db, court, [
    { login: 'anna', email: 'Old@example.com' },
    { login: 'bert', email: 'bert@example.com' },
  ])
  const refuse = () =>
    inTransaction(house.db, async (tx) => {
      const mails = await sql<{ id: string; to: string }>(
        tx,
        `SELECT id::text AS id, to_address AS "to" FROM mails WHERE about->>'courtId' = $1 AND to_address ILIKE 'old%'`,
        [court],
      )
      expect(mails).toHaveLength(1)
      await markRefusedAtCourt(tx, court, mails[0]!)
    })
  // As a later file brings it.
  const move = async (id: string, email: string) => {
    await sql(
      house.db,
      `UPDATE imported_accounts SET email = $2, email_canonical = $2, address_refused_at = NULL
        WHERE id = $1::uuid`,
      [id, email],
    )
    await plantImported(house.db, court, [])
  }
  const told = async () => {
    const readiness = await countReadiness(house.db, court, noon)
    return [readiness.notices.told, readiness.notices.refused, readiness.notices['not-told']]
  }
  await tellAt(new Date('2026-11-17T13:00:00Z'))
  await refuse()
  expect(await newMessages()).toHaveLength(2)
  await tellAt(new Date('2026-11-17T13:01:00Z'))
  expect(await newMessages()).toEqual([])
  expect(await told()).toEqual([1, 1, 0])

  // Of the same wave, within its three days and after them: two processes tell it once.
  await move(anna!, 'old-too@example.com')
  expect(await told()).toEqual([1, 0, 1])
  await tellAt(new Date('2026-11-18T13:00:00Z'))
  await refuse()
  expect(toldOf(await newMessages())).toEqual([['old-too@example.com', 'anna']])
  await move(anna!, 'anna@example.com')
  await tellAt(new Date('2026-11-24T13:00:00Z'))
  await tellAt(new Date('2026-11-24T13:01:00Z'))
  expect(toldOf(await newMessages())).toEqual([['anna@example.com', 'anna']])
  expect(await told()).toEqual([2, 0, 0])

  // What was refused is that it moved: she is told of the moment that holds.
  await move(bert!, 'old-three@example.com')
  vi.setSystemTime(new Date('2026-11-25T12:00:00Z'))
  await change({ kind: 'postpone', liveAt: later, reason: 'Not ready' })
  await correct()
  await refuse()
  expect(await newMessages()).toHaveLength(2)
  await correct()
  expect(await newMessages()).toEqual([])
  await move(bert!, 'bert@example.com')
  await tellAt(new Date('2026-11-28T13:00:00Z'))
  const [message, ...others] = await newMessages()
  expect(toldOf([message!])).toEqual([['bert@example.com', 'bert']])
  expect(message!.words).toContain('changes on December 8, 2026')
  expect(others).toEqual([])
})

test('what fails at one court keeps no other from being told, or from having its old passwords erased', async () => {
  // Looked at before this one, and what is done there waits for a lock until it fails.
  const stuck = 'almd' as CourtId
  const order = { courtId: stuck, by: byOperator('test') }
  const closes = new Date('2027-03-01T05:00:00Z')
  for (const what of [{ kind: 'set', liveAt: noon }, { kind: 'announce' }] as GoLiveChange[]) {
    expect(await changeGoLive(house.db, { ...order, change: what })).toMatchObject({ ok: true })
  }
  for (const each of [stuck, court]) {
    await plantImported(house.db, each, [
      { login: 'anna', email: 'anna@example.com', hasPassword: true },
    ])
  }
  const [holding, running] = house.dbs as [Database, Database]
  const whileHeld = (text: string, work: () => Promise<void>) =>
    inTransaction(
      holding,
      async (tx) => {
        await sql(tx, text, [stuck])
        await work()
      },
      { milliseconds: 30_000, statementMilliseconds: 30_000 },
    )
  await whileHeld('SELECT 1 FROM courts WHERE id = $1 FOR UPDATE', async () => {
    await expect(tellAt(october, [running])).rejects.toThrow('failed at almd:')
  })
  expect(toldOf(await newMessages())).toEqual([['anna@example.com', 'anna']])

  await change({ kind: 'change', legacyClosesAt: closes })
  const close: GoLiveChange = { kind: 'change', legacyClosesAt: closes }
  expect(await changeGoLive(house.db, { ...order, change: close })).toMatchObject({ ok: true })
  vi.setSystemTime(closes)
  await whileHeld('SELECT 1 FROM imported_accounts WHERE court_id = $1 FOR UPDATE', async () => {
    await expect(eraseOldPasswords(running).run()).rejects.toThrow('failed at almd:')
  })
  const left = await sql<{ court: string }>(
    house.db,
    'SELECT court_id AS court FROM imported_accounts WHERE password_hash IS NOT NULL',
  )
  expect(left).toEqual([{ court: stuck }])
})
