import { describe, expect, vi } from 'vitest'
import { printResetLink } from '../../src/accounts/recovery/print-reset-link.ts'
import { byOperator } from '../../src/audit/by.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import type { AccountId } from '../../src/ids.ts'
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
      '--first is for the first support person',
    ])
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
