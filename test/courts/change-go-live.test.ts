import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { byAccount, byOperator } from '../../src/audit/by.ts'
import type { GoLiveChange } from '../../src/courts/apply-go-live.ts'
import { changeGoLive } from '../../src/courts/change-go-live.ts'
import { findGoLivePlan, listGoLivePlans } from '../../src/courts/go-live-store.ts'
import { loadCourts } from '../../src/courts/load-courts.ts'
import { findCourt } from '../../src/courts/store.ts'
import type { EfilingEntry } from '../../src/efiling/standing.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import type { Database } from '../../src/storage/db.ts'
import { listAudited } from '../support/audited.ts'
import { sql } from '../support/database.ts'
import { inNcwd, openRightsHouse, type RightsHouse } from '../support/rights.ts'

let house: RightsHouse
let manager: AccountId
let filer: AccountId

beforeAll(async () => {
  house = await openRightsHouse()
  manager = await house.addStaff('court-manager', inNcwd)
  filer = await house.addPerson()
  for (const courtId of ['ncwd', 'ncmb', 'ca4'] as CourtId[]) {
    const clerk = await house.addStaff('clerk', courtId)
    const granted = await house.decide(clerk, filer, courtId, {
      kind: 'grant',
      role: 'attorney',
      actions: ['file', 'receive-notices'],
    })
    expect(granted).toMatchObject({ ok: true })
  }
})
afterAll(() => house.close())
afterEach(() => {
  vi.useRealTimers()
})

const change = (courtId: CourtId, what: GoLiveChange, on: Database = house.db) =>
  changeGoLive(on, { courtId, change: what, by: byOperator('test') })

/** What both processes tell at that moment; they tell the same. */
async function toldAt(courtId: CourtId, moment: Date): Promise<EfilingEntry> {
  vi.useFakeTimers({ toFake: ['Date'], now: moment })
  const [one, other] = await Promise.all(
    house.dbs.map((db) => house.entry(filer, courtId, db, moment)),
  )
  vi.useRealTimers()
  expect(other).toEqual(one)
  return one!
}

test('a court is told not-live one second before its moment and the true status at it, by two processes and without a job', async () => {
  const moment = new Date('2099-12-01T13:00:00Z')
  expect(await change(inNcwd, { kind: 'set', liveAt: moment })).toMatchObject({ ok: true })
  const before = await toldAt(inNcwd, new Date(moment.getTime() - 1000))
  const after = await toldAt(inNcwd, moment)
  expect(before).toMatchObject({ status: 'not-live', actions: [] })
  expect(after).toMatchObject({ status: 'active', actions: ['file', 'receive-notices'] })
  expect(after.version).toBe(before.version + 1)
  expect(await findCourt(house.db, inNcwd)).toMatchObject({
    hasGoLivePlan: true,
    goLiveOn: '2099-12-01',
    liveAt: moment,
  })
})

test('while filing is closed nobody has "file", from its first moment to before its last one', async () => {
  const courtId = 'ca4' as CourtId
  const from = new Date('2099-11-27T17:00:00Z')
  const until = new Date('2099-12-01T13:00:00Z')
  const before = await toldAt(courtId, from)
  expect(await change(courtId, { kind: 'set', filingClosed: { from, until } })).toMatchObject({
    ok: true,
  })
  const told: EfilingEntry[] = [before]
  for (const moment of [
    from.getTime() - 1000,
    from.getTime(),
    until.getTime() - 1000,
    until.getTime(),
  ]) {
    told.push(await toldAt(courtId, new Date(moment)))
  }
  expect(told.map(({ actions }) => actions.join(' '))).toEqual([
    'file receive-notices',
    'file receive-notices',
    'receive-notices',
    'receive-notices',
    'file receive-notices',
  ])
  expect(told.every(({ status }) => status === 'active')).toBe(true)
  const versions = told.map(({ version }) => version)
  expect(versions[2]).toBe(versions[1]! + 1)
  expect(versions[3]).toBe(versions[2])
  expect(versions[4]).toBe(versions[3]! + 1)
})

test('no two entries that differ have one version: postponed after it was live, rolled back, another zone', async () => {
  const courtId = 'ncmb' as CourtId
  const told: EfilingEntry[] = []
  let at = new Date('2099-01-05T12:59:59Z')
  /** One second later, the court is changed and told. */
  const next = async (what?: GoLiveChange) => {
    at = new Date(at.getTime() + 1000)
    if (what) {
      vi.useFakeTimers({ toFake: ['Date'], now: at })
      expect(await change(courtId, what)).toMatchObject({ ok: true })
    }
    told.push(await toldAt(courtId, at))
  }
  const soon = (seconds: number) => new Date(at.getTime() + seconds * 1000)
  await next()
  await next({ kind: 'set', liveAt: soon(3) })
  await next()
  await next()
  await next({ kind: 'set', liveAt: soon(3) })
  await next({ kind: 'go-live' })
  await next({ kind: 'change', filingClosed: { from: soon(2), until: soon(4) } })
  await next()
  await next()
  await next()
  await next({ kind: 'roll-back', reason: 'Nobody can file.' })
  await next({ kind: 'plan', liveAt: soon(3) })
  await next({ kind: 'announce' })
  await next()
  await next()
  await sql(house.db, `UPDATE courts SET time_zone = 'America/Chicago' WHERE id = 'ncmb'`)
  await next()
  const statuses = told.map(({ status }) => (status === 'not-live' ? '-' : 'L')).join('')
  expect(statuses).toContain('L-')
  const versions = told.map(({ version }) => version)
  expect(versions).toEqual([...versions].sort((one, other) => one - other))
  for (const [index, entry] of told.entries()) {
    const last = told[index - 1]
    if (last?.version === entry.version) expect(entry).toEqual(last)
  }
  const granted = await sql(house.db, `SELECT 1 FROM right_decisions WHERE court_id = 'ncmb'`)
  expect(granted).toHaveLength(1)
})

test('of twenty who change one plan at once one changes it, with its version and its audit row', async () => {
  const courtId = 'ncmd' as CourtId
  const by = byAccount(manager, {})
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      changeGoLive(house.dbs[index % 2]!, {
        courtId,
        basedOn: 0,
        change: { kind: 'change', emergencyWay: `Call number ${index}.` },
        by,
      }),
    ),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(new Set(results.map((each) => (each.ok ? '' : each.reason)))).toEqual(
    new Set(['', 'changed-meanwhile']),
  )
  const versions = await listGoLivePlans(house.db, courtId)
  expect(versions).toMatchObject([{ version: 1, kind: 'change', changedBy: manager }])
  expect(await listAudited(house.db, 'court.go-live-changed', { courtId })).toMatchObject([
    { actorId: manager, detail: { version: 1, kind: 'change' } },
  ])
  await expect(sql(house.db, `DELETE FROM court_go_lives`)).rejects.toThrow('never changed')
})

test('a refused change writes nothing, and a court that is not here is said', async () => {
  const courtId = 'ncwb' as CourtId
  expect(await change(courtId, { kind: 'announce' })).toMatchObject({ reason: 'not-from-here' })
  expect(await findGoLivePlan(house.db, courtId)).toBeUndefined()
  expect(await findCourt(house.db, courtId)).toMatchObject({ hasGoLivePlan: false })
  expect(await change('nowhere' as CourtId, { kind: 'announce' })).toMatchObject({
    reason: 'unknown-court',
  })
})

test('what was planned here is kept when a release brings its facts of the courts', async () => {
  const courtId = 'ncwd' as CourtId
  await sql(house.db, `UPDATE courts SET name = 'Another name' WHERE id = 'ncwd'`)
  const before = await findCourt(house.db, courtId)
  expect(await loadCourts(house.db)).toBeGreaterThan(0)
  const after = await findCourt(house.db, courtId)
  expect(after?.name).not.toBe('Another name')
  expect(after).toMatchObject({ hasGoLivePlan: true, liveAt: before?.liveAt })
})
