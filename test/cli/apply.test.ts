import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { parse } from 'yaml'
import { describeAccounts } from '../../demo/describe-accounts.ts'
import { parseApplyFile } from '../../src/cli/apply-file.ts'
import { listOffices } from '../../src/courts/office-store.ts'
import { findPractice, findPracticeVersion } from '../../src/courts/practice-store.ts'
import type { CourtId } from '../../src/ids.ts'
import { problemText } from '../../src/problem.ts'
import { kit } from '../support/kit.ts'
import { carla, legacyAccount, nora, sharedAccount } from '../support/people.ts'

const development = readFileSync(
  fileURLToPath(new URL('../../prisma/development.yaml', import.meta.url)),
  'utf8',
)

const med = 'med' as CourtId

const test = kit()
  .extend('rolesOf', { scope: 'file' }, ({ signOn }) => async ({ number }: { number: string }) => {
    const rows = await signOn.services.db.prisma.staffRole.findMany({
      where: { account: { number } },
      orderBy: { id: 'asc' },
    })
    return rows.map(({ role, courtId }) => (courtId ? `${role} of ${courtId}` : role))
  })
  .extend(
    'eventCount',
    ({ audited }) =>
      async () =>
        (await audited()).length,
  )

describe('staff roles in an apply file', () => {
  test('become those of the account, and a second application writes nothing', async ({
    signOn,
    rolesOf,
    eventCount,
  }) => {
    const roles = [{ role: 'court-manager', court: 'ncwb' }, { role: 'auditor' }]
    const person = { ...carla, staff_roles: [...carla.staff_roles, ...roles] }
    await signOn.apply({ accounts: [person] })
    expect(await rolesOf(carla)).toEqual(['clerk of ncwd', 'court-manager of ncwb', 'auditor'])
    const before = await eventCount()
    await signOn.apply({ accounts: [person] })
    expect(await eventCount()).toBe(before)
  })

  test('are kept when they are left out, and all revoked by an empty list', async ({
    signOn,
    rolesOf,
  }) => {
    const { staff_roles: _, ...withoutRoles } = carla
    await signOn.apply({ accounts: [carla] })
    await signOn.apply({ accounts: [withoutRoles] })
    expect(await rolesOf(carla)).toEqual(['clerk of ncwd'])
    await signOn.apply({ accounts: [{ ...carla, staff_roles: [] }] })
    expect(await rolesOf(carla)).toEqual([])
  })

  const clerk = { role: 'clerk', court: 'ncwd' }
  test.for([
    ['a shared account', sharedAccount, clerk, ': only an individual account may be staff'],
    ['a legacy account', legacyAccount, clerk, ': a legacy account may not be staff'],
    ['a disabled account', { ...nora, disabled: true }, clerk, ': a disabled account may not'],
    [
      'a court that is not there',
      nora,
      { role: 'clerk', court: 'nowhere' },
      '.0.court: is no court that is known here',
    ],
  ] as const)(
    'are refused for %s, and nothing of that account is written',
    async ([_, person, role, reason], { eventCount, signOn }) => {
      const before = await eventCount()
      await expect(
        signOn.apply({ accounts: [{ ...person, staff_roles: [role] }] }),
      ).rejects.toThrow(`accounts.0.staff_roles${reason}`)
      expect(await eventCount()).toBe(before)
      const { account } = signOn.services.db.prisma
      expect(await account.findUnique({ where: { number: person.number } })).toBeNull()
    },
  )

  test.each([
    ['a clerk of no court', { role: 'clerk' }, 'clerk is held at one court, which is missing'],
    [
      'a registrar of a court',
      { role: 'registrar', court: 'ncwd' },
      'registrar is held for the whole judiciary',
    ],
    ['a role that is none', { role: 'judge', court: 'ncwd' }, 'role: must be one of'],
    ['a court that cannot be one', { role: 'clerk', court: 'NCWD' }, 'must be the id of a court'],
    ['a further member', { role: 'auditor', until: '2030-01-01' }, 'until: is not known here'],
  ])('are refused with their place in the file for %s', (_, role, problem) => {
    const file = { accounts: [{ ...nora, staff_roles: [role] }] }
    const parsed = parseApplyFile(JSON.stringify(file))
    if (parsed.ok) throw new Error('the file was taken')
    expect(parsed.problems).toHaveLength(1)
    const text = problemText(parsed.problems[0]!)
    expect(text).toMatch(/^accounts\.0\.staff_roles\.0[.:]/)
    expect(text).toContain(problem)
  })
})

test.each([
  ['accounts.0.given_name', { accounts: [{ ...nora, given_name: 'a\0b' }] }],
  ['accounts.0.client_code', { accounts: [{ ...nora, client_code: 'a\0b' }] }],
  [
    'accounts.0.standings.0.filer_id',
    { accounts: [{ ...nora, standings: [{ court: 'ncwd', status: 'active', filer_id: 'a\0b' }] }] },
  ],
  ['clients.0.name', { clients: [{ id: 'a', kind: 'court', name: 'a\0b', metadata: {} }] }],
])('a NUL in %s is a problem with its place, and ends no application half-way', (place, file) => {
  const parsed = parseApplyFile(JSON.stringify(file))
  if (parsed.ok) throw new Error('the file was taken')
  expect(parsed.problems).toHaveLength(1)
  expect(problemText(parsed.problems[0]!)).toMatch(new RegExp(`^${place}: has `))
})

describe('the practice and the offices of a court in an apply file', () => {
  const practice = {
    takes: ['filing-only', 'non-attorney'],
    roles: ['trustee'],
    questions: [
      { id: 'firm', kind: 'text', label: 'Your law firm', required: false },
      { id: 'chapter', kind: 'choice', label: 'Chapter', required: true, options: ['7', '13'] },
    ],
    terms: 'First line.\nSecond line.',
    delivery: ['each-filing'],
    formats: ['text'],
    old_accounts: 'clerk-links',
    late_after_days: 3,
  }
  const office = { name: 'Portland', telephone: '207 555 0100', time_zone: 'America/New_York' }

  test('become those of the court, and a second application writes nothing', async ({
    signOn,
    eventCount,
  }) => {
    const { db } = signOn.services
    const file = { courts: [{ id: 'med', practice, offices: [office] }] }
    await signOn.apply(file)
    expect(await findPractice(db, med)).toEqual({
      version: 1,
      takes: ['filing-only', 'non-attorney'],
      roles: ['trustee'],
      questions: [
        { id: 'firm', kind: 'text', label: 'Your law firm', isRequired: false },
        { id: 'chapter', kind: 'choice', label: 'Chapter', isRequired: true, options: ['7', '13'] },
      ],
      terms: { version: 1, text: practice.terms },
      deliveryPreferences: ['each-filing'],
      deliveryFormats: ['text'],
      oldAccounts: 'clerk-links',
      lateAfterDays: 3,
    })
    expect(await listOffices(db, med)).toEqual([
      {
        id: expect.any(String),
        name: 'Portland',
        telephone: '(207) 555-0100',
        hours: null,
        timeZone: 'America/New_York',
      },
    ])
    const before = await eventCount()
    await signOn.apply(file)
    expect(await eventCount()).toBe(before)
  })

  test('are kept where they are left out, and no version is ever changed', async ({ signOn }) => {
    const { db } = signOn.services
    await signOn.apply({ courts: [{ id: 'med', practice, offices: [office] }] })
    const [before, offices] = [await findPractice(db, med), await listOffices(db, med)]
    await signOn.apply({ courts: [{ id: 'med', practice: { terms: null, roles: ['media'] } }] })
    const after = { ...before, version: before.version + 1, terms: null, roles: ['media'] }
    expect(await findPractice(db, med)).toEqual(after)
    expect(await listOffices(db, med)).toEqual(offices)
    expect(await findPracticeVersion(db, med, before.version)).toEqual(before)
    for (const table of ['court_practices', 'court_offices']) {
      for (const change of [`UPDATE ${table} SET version = 9`, `DELETE FROM ${table}`]) {
        await expect(db.query({ name: `test ${change}`, text: change }, [])).rejects.toThrow(
          'a version is never changed',
        )
      }
    }
  })

  test.each([
    ['practice.takes.0: must be one of', { practice: { takes: ['everything'] } }],
    ['practice.roles.0: must be one of', { practice: { roles: ['attorney'] } }],
    [
      'practice.takes: names something twice',
      { practice: { takes: ['filing-only', 'filing-only'] } },
    ],
    [
      'practice.questions.0.options: stands with a choice',
      { practice: { questions: [{ id: 'a', kind: 'choice', label: 'A', required: true }] } },
    ],
    [
      'practice.questions.0.id: begins with cso-, as the questions do that every request has',
      {
        practice: {
          questions: [{ id: 'cso-old-login', kind: 'text', label: 'A', required: true }],
        },
      },
    ],
    [
      'practice.questions.0.id: has small letters',
      { practice: { questions: [{ id: 'A b', kind: 'text', label: 'A', required: true }] } },
    ],
    ['practice.terms: has a control character', { practice: { terms: 'a\0b' } }],
    ['practice.late_after_days: is at most 60', { practice: { late_after_days: 61 } }],
    ['practice.fee: is not known here', { practice: { fee: 5 } }],
    ['offices.0.telephone: must be ten digits', { offices: [{ ...office, telephone: '1' }] }],
    ['offices.0.time_zone: must be one of', { offices: [{ ...office, time_zone: 'Mars' }] }],
    ['offices: names something twice', { offices: [office, office] }],
  ])('are refused with their place in the file: %s', (problem, court) => {
    const parsed = parseApplyFile(JSON.stringify({ courts: [{ id: 'med', ...court }] }))
    if (parsed.ok) throw new Error('the file was taken')
    expect(parsed.problems.map(problemText)).toEqual([
      expect.stringContaining(`courts.0.${problem}`),
    ])
  })

  test('are refused where people who are no attorneys may ask and there is no role', async ({
    signOn,
  }) => {
    const courts = [{ id: 'akd', practice: { takes: ['non-attorney'] } }]
    await expect(signOn.apply({ courts })).rejects.toThrow(
      'courts.0.practice.roles: has to name a role',
    )
  })
})

describe('the development people', () => {
  test('are applied, among them a clerk, and a second time nothing is written', async ({
    signOn,
    rolesOf,
    eventCount,
  }) => {
    const people = parse(development)
    await signOn.apply(people)
    expect(await rolesOf({ number: '7123463' })).toEqual(['clerk of ncwd'])
    const before = await eventCount()
    await signOn.apply(people)
    expect(await eventCount()).toBe(before)
  })

  test('are described by the demo, the clerk as one', () => {
    const line = describeAccounts(development, ['ncwd'])
      .split('\n')
      .find((row) => row.includes('clerk-of-ncwd'))
    expect(line).toMatch(/ not linked +clerk of ncwd$/)
  })
})
