import { describe, expect, vi } from 'vitest'
import { printResetLink } from '../../src/accounts/recovery/print-reset-link.ts'
import { byOperator } from '../../src/audit/by.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import type { AccountId } from '../../src/ids.ts'
import { makeFirstRegistrars } from '../../src/staff/make-first-registrars.ts'
import { makeFirstSupport } from '../../src/staff/make-first-support.ts'
import type { Transaction } from '../../src/storage/db.ts'
import { commandSettings } from '../support/command-settings.ts'
import { kit } from '../support/kit.ts'
import {
  disabledAccount,
  jane,
  legacyAccount,
  newPassword,
  nora,
  sharedAccount,
} from '../support/people.ts'

const test = kit()
  .override('people', [jane, nora, legacyAccount, sharedAccount, disabledAccount])
  .extend('run', { scope: 'file' }, ({ signOn }) => async (...args: string[]) => {
    const out = { stdout: '', stderr: '' }
    const log = vi.spyOn(console, 'log').mockImplementation((line) => {
      out.stdout += `${line}\n`
    })
    const error = vi.spyOn(console, 'error').mockImplementation((line) => {
      out.stderr += `${line}\n`
    })
    try {
      return { status: await runCommandLine(args, commandSettings(signOn)), ...out }
    } finally {
      log.mockRestore()
      error.mockRestore()
    }
  })

describe('staff grant support --first', () => {
  test('makes one account of twenty at once, whose link lets its holder choose a password', async ({
    signOn,
    browser,
    at,
    audited,
    inbox,
  }) => {
    const key = signOn.services.keys.secrets.identifiers
    const { db } = signOn.services
    const linkFor = (tx: Transaction, id: AccountId) => printResetLink(tx, key, id)
    const make = () =>
      makeFirstSupport({ db, linkFor }, 'Fiona+cso@Example.com', byOperator('olga'))
    const made = await Promise.all(Array.from({ length: 20 }, make))
    const [first, ...others] = made.flatMap((each) => (each.ok ? [each.value] : []))
    expect(others).toEqual([])
    expect(made.filter(({ ok }) => !ok)).toHaveLength(19)
    // What a username cannot have gives way to the number.
    expect(first!.username).toBe(`support-${first!.number}`)
    const events = await audited()
    expect(events.map(({ event, actorId }) => [event, actorId])).toEqual([
      ['account.registered', 'olga'],
      ['staff-role.granted', 'olga'],
    ])

    const page = await browser.get(at(first!.link))
    const form = page.form('reset')
    const done = await browser.submit(form, { password: newPassword })
    expect(done.status).toBe(200)
    const [mail] = await inbox('Fiona+cso@example.com')
    expect(mail?.text).toContain(first!.number)
    const account = await db.prisma.account.findUniqueOrThrow({ where: { number: first!.number } })
    expect(account).toMatchObject({ unconfirmedSince: null, isEmailVerified: true })
    expect((await browser.get(at(first!.link))).status).toBe(410)
  })

  test('prints the link, and is refused as soon as there is a support person', async ({ run }) => {
    const refused = await run('staff', 'grant', 'support', '--first', 'second@example.com')
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('There is a support person already.')
  })

  test('is for support alone, and for an address', async ({ run }) => {
    const auditor = await run('staff', 'grant', 'auditor', '--first', 'a@example.com')
    expect([auditor.status, auditor.stderr.split(':')[0]]).toEqual([
      64,
      '--first is for the first ones',
    ])
    const two = await run('staff', 'grant', 'support', '--first', 'a@b.gov', '--first', 'c@d.gov')
    expect(two.status).toBe(64)
    const { status, stderr } = await run('staff', 'grant', 'support', '--first', 'nobody')
    expect([status, stderr]).toEqual([1, 'nobody is no e-mail address.\n'])
  })
})

describe('staff grant support --first, where the one there was is closed', () => {
  test('makes another one, whose username is the address', async ({ run, signOn, at }) => {
    const { db } = signOn.services
    await db.prisma.account.updateMany({
      where: { staffRoles: { some: { role: 'support' } } },
      data: { closedAt: new Date() },
    })
    const made = await run('staff', 'grant', 'support', '--first', 'fred@example.com')
    expect(made.status).toBe(0)
    expect(made.stderr).toMatch(
      /^Account \d{7} with the username fred@example\.com is support now\./,
    )
    expect(made.stdout).toMatch(new RegExp(`^${at('/recover/password/')}[\\w-]{43}\n$`))
  })
})

describe('staff grant registrar --first --first', () => {
  test('makes two accounts of twenty at once, each with a link', async ({
    signOn,
    browser,
    at,
    audited,
  }) => {
    const key = signOn.services.keys.secrets.identifiers
    const { db } = signOn.services
    const linkFor = (tx: Transaction, id: AccountId) => printResetLink(tx, key, id)
    const emails = ['rita@example.com', 'roberto@example.com'] as const
    const make = () => makeFirstRegistrars({ db, linkFor }, emails, byOperator('olga'))
    const made = await Promise.all(Array.from({ length: 20 }, make))
    const [first, ...others] = made.flatMap((each) => (each.ok ? [each.value] : []))
    expect(others).toEqual([])
    expect(new Set(made.flatMap((each) => (each.ok ? [] : [each.reason])))).toEqual(
      new Set(['there-are-two']),
    )
    expect(first!.map(({ username }) => username)).toEqual(emails)
    const events = await audited('staff-role.granted')
    expect(events.map(({ actorId, detail }) => [actorId, detail])).toEqual([
      ['olga', { role: 'registrar' }],
      ['olga', { role: 'registrar' }],
    ])
    for (const { link } of first!) {
      expect((await browser.get(at(link))).form('reset')).toBeDefined()
    }
  })

  test('needs two people, and says when there are two already', async ({ run, signOn }) => {
    const first = (...emails: string[]) =>
      run('staff', 'grant', 'registrar', ...emails.flatMap((email) => ['--first', email]))
    expect((await first('rita@example.com')).status).toBe(64)
    const one = await first('ann@example.com', 'Ann+two@example.com')
    expect([one.status, one.stderr]).toEqual([
      1,
      'Two registrars are two people: name two mailboxes.\n',
    ])
    const none = await first('ann@example.com', 'nobody')
    expect([none.status, none.stderr]).toEqual([
      1,
      'ann@example.com and nobody: one of them is no e-mail address.\n',
    ])
    const late = await first('ann@example.com', 'bob@example.com')
    expect([late.status, late.stdout]).toEqual([1, ''])
    expect(late.stderr).toContain('There are two registrars already')
    // One whose account nobody can use does not count, and a name that somebody has gives way.
    const { prisma } = signOn.services.db
    await prisma.account.updateMany({
      where: { username: 'rita@example.com' },
      data: { disabledAt: new Date() },
    })
    const again = await first('rita@example.com', 'bob@example.com')
    expect([again.status, again.stdout.split('\n')]).toEqual([
      0,
      [expect.stringContaining('/recover/'), expect.stringContaining('/recover/'), ''],
    ])
    expect(again.stderr).toMatch(/with the username registrar-\d{7} is registrar now/)
  })
})

describe('staff revoke', () => {
  test('takes a role away, the last registrar’s as well, with the operator in the audit', async ({
    run,
    signOn,
    audited,
    inbox,
  }) => {
    const { prisma } = signOn.services.db
    await prisma.staffRole.deleteMany({ where: { role: 'registrar' } })
    expect((await run('staff', 'revoke', 'registrar')).status).toBe(64)
    await run('staff', 'grant', 'registrar', '--account', jane.number)
    const revoke = () =>
      run('staff', 'revoke', 'registrar', '--account', jane.number, '--operator', 'olga')
    expect(await revoke()).toEqual({
      status: 0,
      stdout: `Account ${jane.number} is staff no longer: Registrar, for all courts.\n`,
      stderr: '',
    })
    expect((await revoke()).stdout).toContain('is not that')
    const [event] = await audited('staff-role.revoked')
    expect(event).toMatchObject({ actorKind: 'operator', actorId: 'olga' })
    const subjects = (await inbox(jane.email)).map(({ subject }) => subject)
    expect(subjects.toSorted()).toEqual([
      'A role was taken from your account',
      'You were given a role for your work',
    ])
  })
})

describe('staff grant', () => {
  test('makes somebody staff of all courts, once, with the operator in the audit', async ({
    run,
    audited,
  }) => {
    const grant = () =>
      run('staff', 'grant', 'support', '--account', jane.number, '--operator', 'olga')
    expect(await grant()).toEqual({
      status: 0,
      stdout: `Account ${jane.number} is staff now: PACER Service Center, for all courts.\n`,
      stderr: '',
    })
    expect((await grant()).stdout).toContain('is that already')
    const events = await audited('staff-role.granted')
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      actorKind: 'operator',
      actorId: 'olga',
      detail: { role: 'support' },
    })
    expect((await run('accounts', 'show', jane.number)).stdout).toMatch(/^staff +support$/m)
  })

  test.for([
    [['clerk', '--account', nora.number], 'clerk is no role for all courts: registrar,'],
    [['support', '--account', '7999999'], 'There is no account with the number 7999999.'],
    [['support', '--account', legacyAccount.number], 'is a legacy one'],
    [['support', '--account', sharedAccount.number], 'is not one person’s'],
    [['support', '--account', disabledAccount.number], 'is disabled'],
  ] as const)('refuses %j, and says why', async ([args, words], { run, audited }) => {
    const { status, stderr } = await run('staff', 'grant', ...args)
    expect([status, stderr]).toEqual([1, expect.stringContaining(words)])
    expect(await audited('staff-role.granted')).toEqual([])
  })

  test('says that it needs an account', async ({ run }) => {
    const { status, stderr } = await run('staff', 'grant', 'support')
    expect([status, stderr.split('\n')[0]]).toEqual([
      64,
      'staff grant needs --account NUMBER or --first EMAIL',
    ])
  })
})
