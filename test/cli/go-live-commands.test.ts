import { describe, expect, vi } from 'vitest'
import { runCommandLine } from '../../src/cli/run.ts'
import { findCourt } from '../../src/courts/store.ts'
import type { CourtId } from '../../src/ids.ts'
import { commandSettings } from '../support/command-settings.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

const test = kit()
  .override('people', [jane, nora])
  .extend('goLive', { scope: 'file' }, ({ signOn }) => async (...args: string[]) => {
    const lines: string[] = []
    const print = (line: unknown) => {
      lines.push(String(line))
    }
    const log = vi.spyOn(console, 'log').mockImplementation(print)
    const error = vi.spyOn(console, 'error').mockImplementation(print)
    try {
      const status = await runCommandLine(['courts', 'go-live', ...args], commandSettings(signOn))
      return { status, text: lines.join('\n') }
    } finally {
      log.mockRestore()
      error.mockRestore()
    }
  })

describe('a court goes live by commands', () => {
  test('planned, announced, postponed, made live and rolled back, each told before and kept with its reason', async ({
    signOn,
    goLive,
    audited,
  }) => {
    await signOn.apply({ courts: [{ id: 'ncwd', go_live_on: '2199-01-01' }] })
    const year = new Date().getUTCFullYear() + 1
    const planned = await goLive('plan', 'ncwd', `${year}-12-01 08:00`)
    expect(planned.text).toContain(
      `The court goes live on December 1, ${year}, 8:00 a.m. Eastern time`,
    )
    const window = `${year}-11-27 17:00..${year}-12-01 08:00`
    const changed = await goLive(
      ...['change', 'ncwd', '--filing-closed', window, '--emergency', 'Call (704) 350-7400.'],
    )
    expect(changed.text).toMatch(/Filing is closed from .* 5:00 p\.m\..*: .* cannot file/)
    expect(changed.text).toContain('In an emergency people read: Call (704) 350-7400.')

    const dry = await goLive('announce', 'ncwd', '--dry-run')
    expect(dry.text).toContain(
      '0 accounts of the old system are told on the days of notices, 60 days before, 14 days before, 3 days before, on the day, 14 days after.',
    )
    expect(dry.text).toContain('Nothing was changed.')
    expect((await goLive('show', 'ncwd')).text).toContain('no moment is announced')
    expect((await goLive('announce', 'ncwd')).status).toBe(0)
    expect((await goLive('announce', 'ncwd')).text).toContain(
      'Possible now: postpone, now, change.',
    )
    expect((await goLive('postpone', 'ncwd', `${year}-12-08 12:00`)).text).toContain('Say why.')
    const later = [`${year}-12-08 12:00`, '--reason', 'The servers come late.']
    const postponed = await goLive('postpone', 'ncwd', ...later)
    expect(postponed.text).toContain(
      `on December 8, ${year}, 12:00 p.m. Eastern time instead of December 1`,
    )
    expect(postponed.text).toMatch(/Filing stays closed from .*: that was not moved\./)

    expect((await goLive('now', 'ncwd', '--dry-run')).text).toMatch(
      /At once the court is live: 2 people with a right to file can file|At once the court is live: .* the old login ends for everybody/,
    )
    const none = ['--filing-closed', 'none', '--requests-closed', 'none']
    expect((await goLive('change', 'ncwd', ...none, '--notice-days=-7,0')).text).toContain(
      'Days of notices: 7 days before, on the day.',
    )
    expect((await goLive('now', 'ncwd', '--operator', 'olga')).status).toBe(0)
    expect(await findCourt(signOn.services.db, 'ncwd' as CourtId)).toMatchObject({
      hasGoLivePlan: true,
      filingClosedFrom: null,
    })
    expect((await goLive('close', 'ncwd')).text).toContain(
      '7 days after the go-live at the earliest',
    )
    const back = await goLive('roll-back', 'ncwd', '--reason', 'Nobody can file.')
    expect(back.text).toContain('At once the court is not live for anybody')
    expect(back.text).toContain('Kept as they are')

    const { text } = await goLive('show', 'ncwd')
    expect(text).toContain('Not live; no moment is announced')
    expect(text).toMatch(/version 8: Rolled back, no moment; .* \(Nobody can file\.\)/)
    expect(text).toContain('(The servers come late.)')
    const events = await audited('court.go-live-changed')
    expect(events.map(({ detail }) => (detail as { kind: string }).kind)).toEqual([
      ...['set', 'plan', 'change', 'announce', 'postpone', 'change', 'go-live', 'roll-back'],
    ])
    expect(events.at(-2)?.actorId).toBe('olga')
  })

  test.for([
    [['plan', 'ncwd', '2027-03-14 02:30'], 'there is no such time'],
    [['plan', 'ncwd', '2027-11-07 01:30'], 'show 01:30 twice'],
    [['plan', 'ncwd', '9999-12-31 08:00'], 'more than 5 years ahead'],
    [['plan', 'ncwd', '2026-02-30 08:00'], 'is no moment'],
    [['plan', 'ncwd', 'tomorrow'], 'is no moment'],
    [['plan', 'nowhere', '2027-12-01 08:00'], 'There is no court nowhere here.'],
    [['change', 'ncwd', '--filing-closed', '2027-12-01 08:00'], 'write two moments'],
    [['change', 'ncwd', '--notice-days=soon'], 'whole numbers of days'],
    [['roll-back', 'ca4', '--reason', 'x'], 'more than 7 days ago'],
  ] as const)('%j is refused: %s', async ([args, words], { goLive }) => {
    const { status, text } = await goLive(...args)
    expect(status).toBe(1)
    expect(text).toContain(words)
  })
})
