import { describe, expect, test } from 'vitest'
import type { CourtId } from '../../src/ids.ts'
import { checkStaffAccount, courtRoles, nationalRoles, staffRole } from '../../src/staff/role.ts'

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

  test('there are five roles, two of them of a court', () => {
    expect(courtRoles).toEqual(['clerk', 'court-admin'])
    expect(nationalRoles).toEqual(['registrar', 'auditor', 'support'])
  })
})

describe('who may be staff', () => {
  const person = { type: 'individual', isUpgraded: true, state: 'active' } as const

  test('one person with an upgraded account who may sign in', () => {
    expect(checkStaffAccount(person)).toEqual({ ok: true, value: undefined })
  })

  test.each([
    ['a shared account', { type: 'shared' }, 'not-individual'],
    ['a firm', { type: 'firm' }, 'not-individual'],
    ['a legacy account', { isUpgraded: false }, 'not-upgraded'],
    ['a disabled account', { state: 'disabled' }, 'disabled'],
  ] as const)('not %s', (_, difference, reason) => {
    expect(checkStaffAccount({ ...person, ...difference })).toEqual({ ok: false, reason })
  })
})
