import { describe, expect, test } from 'vitest'
import type { CourtId } from '../../src/ids.ts'
import {
  checkStaffAccount,
  courtRoles,
  findRoleFor,
  nationalRoles,
  type StaffRole,
  staffRole,
} from '../../src/staff/role.ts'

const ncwd = 'ncwd' as CourtId

describe('a role and its court', () => {
  test.each(courtRoles)('%s is held at a court', (role) => {
    expect(staffRole(role, ncwd)).toEqual({ ok: true, value: { role, courtId: ncwd } })
    expect(staffRole(role, null)).toEqual({ ok: false, reason: 'court-missing' })
  })

  test.each(nationalRoles)('%s is held at none', (role) => {
    expect(staffRole(role, null)).toEqual({ ok: true, value: { role, courtId: null } })
    expect(staffRole(role, ncwd)).toEqual({ ok: false, reason: 'court-not-taken' })
  })

  test('there are six roles, two of them of a court', () => {
    expect(courtRoles).toEqual(['clerk', 'court-manager'])
    expect(nationalRoles).toEqual(['registrar', 'security-officer', 'support', 'auditor'])
  })
})

describe('who may be staff', () => {
  const person = { type: 'individual', isUpgraded: true, state: 'active' } as const

  test('one person with an upgraded account who may sign in', () => {
    expect(checkStaffAccount(person)).toEqual({ ok: true, value: undefined })
  })

  test.each(['unconfirmed', 'must-change-password'] as const)(
    'an account of which something is still due: %s',
    (state) => {
      expect(checkStaffAccount({ ...person, state })).toMatchObject({ ok: true })
    },
  )

  test.each([
    ['a shared account', { type: 'shared' }, 'not-individual'],
    ['a firm', { type: 'firm' }, 'not-individual'],
    ['a legacy account', { isUpgraded: false }, 'not-upgraded'],
    ['a disabled account', { state: 'disabled' }, 'disabled'],
    ['a closed account', { state: 'closed' }, 'closed'],
    ['an account on hold', { state: 'held' }, 'held'],
    ['an account in review', { state: 'in-review' }, 'held'],
  ] as const)('not %s', (_, difference, reason) => {
    expect(checkStaffAccount({ ...person, ...difference })).toEqual({ ok: false, reason })
  })
})

describe('a page for staff', () => {
  const ncwb = 'ncwb' as CourtId
  const clerk: StaffRole = { role: 'clerk', courtId: ncwd }
  const auditor: StaffRole = { role: 'auditor', courtId: null }

  test.each([
    ['a clerk at the clerk’s own court', [clerk], ['clerk'], ncwd, clerk],
    ['a role of the whole judiciary, at every court', [clerk, auditor], ['auditor'], ncwb, auditor],
    ['either of two roles', [auditor], ['clerk', 'auditor'], ncwd, auditor],
    [
      'a role of the whole judiciary, where no court is meant',
      [auditor],
      ['auditor'],
      undefined,
      auditor,
    ],
  ] as const)('opens to %s', (_, held, roles, courtId, role) => {
    expect(findRoleFor(held, { roles, courtId })).toBe(role)
  })

  test.each([
    ['a clerk of another court', [clerk], ['clerk'], ncwb],
    ['another role', [clerk, auditor], ['registrar'], ncwd],
    ['a clerk, where no court is meant', [clerk], ['clerk'], undefined],
    ['nobody’s role', [], ['clerk'], ncwd],
  ] as const)('stays closed to %s', (_, held, roles, courtId) => {
    expect(findRoleFor(held, { roles, courtId })).toBeUndefined()
  })
})
