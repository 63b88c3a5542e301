import { describe, expect, vi } from 'vitest'
import { runCommandLine } from '../../src/cli/run.ts'
import { commandSettings } from '../support/command-settings.ts'
import { kit } from '../support/kit.ts'
import { disabledAccount, jane, legacyAccount, nora, sharedAccount } from '../support/people.ts'

const test = kit
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
    expect([status, stderr.split('\n')[0]]).toEqual([64, 'staff grant needs --account NUMBER'])
  })
})
