import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { syncAccount } from '../../src/accounts/sync-account.ts'
import { byOperator } from '../../src/audit/by.ts'
import { loadCourts } from '../../src/courts/load-courts.ts'
import { type AccountId, type CourtId, newAccountId } from '../../src/ids.ts'
import { problemText } from '../../src/problem.ts'
import { grantRole } from '../../src/staff/grant-role.ts'
import { revokeRole } from '../../src/staff/revoke-role.ts'
import type { StaffRole } from '../../src/staff/role.ts'
import { listStaffRoles } from '../../src/staff/store.ts'
import { syncStaffRoles } from '../../src/staff/sync-staff-roles.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { kinds } from '../storage/databases.ts'
import { listAudited } from '../support/audited.ts'

const clerkOf = (court: string): StaffRole => ({ role: 'clerk', courtId: court as CourtId })
const auditor: StaffRole = { role: 'auditor', courtId: null }

const by = byOperator('test')

describe.each(kinds)('roles in the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  let accountId: AccountId
  let accounts = 0

  beforeAll(async () => {
    ;({ db, close } = await open())
    await loadCourts(db)
  })
  afterAll(() => close())
  beforeEach(async () => {
    accountId = await register({})
  })

  const register = async (difference: object): Promise<AccountId> => {
    accounts += 1
    const saved = await inTransaction(db, (tx) =>
      syncAccount(
        tx,
        {
          number: String(7_100_000 + accounts),
          userType: 'government',
          username: `person-${accounts}`,
          ...difference,
        },
        by,
      ),
    )
    if (!saved.ok) throw new Error(saved.problems.map(problemText).join('; '))
    return saved.value.id
  }
  const grant = (roles: readonly StaffRole[], id = accountId) =>
    inTransaction(db, (tx) => syncStaffRoles(tx, id, roles, by))
  const held = (id = accountId) => inTransaction(db, (tx) => listStaffRoles(tx, id))
  const told = async (id = accountId) => {
    const rows = await listAudited(db, undefined, {
      accountId: id,
      event: { startsWith: 'staff-role.' },
    })
    return rows.map(({ event, courtId, actorId, detail }) => [
      event,
      courtId,
      { ...Object(detail), actorId },
    ])
  }

  test('are granted and revoked until they are the given ones, each with its audit row', async () => {
    expect(await grant([clerkOf('ncwd'), auditor])).toEqual({ ok: true, value: undefined })
    expect(await grant([clerkOf('ncwb'), auditor])).toEqual({ ok: true, value: undefined })
    expect(await held()).toEqual([auditor, clerkOf('ncwb')])
    expect(await told()).toEqual([
      ['staff-role.granted', 'ncwd', { role: 'clerk', actorId: 'test' }],
      ['staff-role.granted', null, { role: 'auditor', actorId: 'test' }],
      ['staff-role.revoked', 'ncwd', { role: 'clerk', actorId: 'test' }],
      ['staff-role.granted', 'ncwb', { role: 'clerk', actorId: 'test' }],
    ])
  })

  test('that are there already are not written again, in whatever order and how often', async () => {
    await grant([clerkOf('ncwd'), auditor])
    await grant([auditor, clerkOf('ncwd'), auditor])
    expect(await held()).toHaveLength(2)
    expect(await told()).toHaveLength(2)
  })

  test.each([
    ['a shared account', { type: 'shared' }, 'not-individual'],
    ['a firm', { type: 'firm' }, 'not-individual'],
    ['a legacy account', { isUpgraded: false, username: 'le4321' }, 'not-upgraded'],
    ['a disabled account', { isDisabled: true }, 'disabled'],
  ])('are refused to %s', async (_, difference, reason) => {
    const id = await register(difference)
    expect(await grant([clerkOf('ncwd')], id)).toEqual({ ok: false, reason })
    expect([await held(id), await told(id)]).toEqual([[], []])
  })

  test('are refused where there is no such account, and at a court that is not there', async () => {
    expect(await grant([auditor], newAccountId())).toEqual({ ok: false, reason: 'unknown-account' })
    expect(await grant([clerkOf('nowhere')])).toEqual({ ok: false, reason: 'unknown-court' })
    expect([await held(), await told()]).toEqual([[], []])
  })

  test('can be taken away from an account that could not get them any more', async () => {
    await grant([auditor])
    await db.prisma.account.update({ where: { id: accountId }, data: { disabledAt: new Date(0) } })
    expect(await grant([auditor])).toEqual({ ok: false, reason: 'disabled' })
    expect(await held()).toEqual([auditor])
    expect(await grant([])).toEqual({ ok: true, value: undefined })
    expect(await held()).toEqual([])
  })

  test('are those of the later of two that change them at the same time, not of both', async () => {
    let later: ReturnType<typeof grant> | undefined
    const elsewhere = AsyncLocalStorage.snapshot()
    await inTransaction(db, async (tx) => {
      await syncStaffRoles(tx, accountId, [clerkOf('ncwd')], by)
      later = elsewhere(() => grant([auditor]))
      await sleep(200)
    })
    expect(await later).toEqual({ ok: true, value: undefined })
    expect(await held()).toEqual([auditor])
  })

  test('are granted and revoked one at a time, and neither twice', async () => {
    const grantOne = () => inTransaction(db, (tx) => grantRole(tx, accountId, auditor, by))
    const revokeOne = () => inTransaction(db, (tx) => revokeRole(tx, accountId, auditor, by))
    const done = { ok: true, value: undefined }
    expect(await grantOne()).toEqual(done)
    expect(await grantOne()).toEqual({ ok: false, reason: 'already-held' })
    expect(await held()).toEqual([auditor])
    expect(await revokeOne()).toEqual(done)
    expect(await revokeOne()).toEqual({ ok: false, reason: 'not-held' })
    expect([await held(), (await told()).map(([event]) => event)]).toEqual([
      [],
      ['staff-role.granted', 'staff-role.revoked'],
    ])
  })

  test('that twenty grant at once are granted by one of them', async () => {
    const grantOne = () => inTransaction(db, (tx) => grantRole(tx, accountId, clerkOf('ncwd'), by))
    const answers = await Promise.all(Array.from({ length: 20 }, grantOne))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect([await held(), await told()].map(({ length }) => length)).toEqual([1, 1])
  })

  test.each([
    ['a clerk of no court', `('$id', 'clerk', NULL)`, 'staff_roles_court_belongs_to_role'],
    ['an auditor of a court', `('$id', 'auditor', 'ncwd')`, 'staff_roles_court_belongs_to_role'],
    [
      'the same role without a court twice',
      `('$id', 'support', NULL), ('$id', 'support', NULL)`,
      'staff_roles_without_court_key',
    ],
  ])('are not stored by the database itself for %s', async (_, values, constraint) => {
    const rows = values.replaceAll('$id', accountId)
    const insert = `INSERT INTO staff_roles (account_id, role, court_id) VALUES ${rows}`
    await expect(db.executeScript(insert)).rejects.toThrow(constraint)
  })
})
