import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { runCommandLine } from '../../src/cli/run.ts'
import { eraseOldPasswords } from '../../src/efiling/go-live/erase-old-passwords.ts'
import { tellDueWaves } from '../../src/efiling/go-live/tell-due-waves.ts'
import { commandSettings } from '../support/command-settings.ts'
import { sql } from '../support/database.ts'
import { kit } from '../support/kit.ts'
import { temporaryFolder } from '../support/server-process.ts'

/** The part of docs/go-live.md that goes day by day: each command on its day, and the jobs of all days between. */

const manual = readFileSync(new URL('../../docs/go-live.md', import.meta.url), 'utf8')
const [, days = ''] = manual.split(/<!-- \/?days -->/)
const [, example = ''] = manual.split(/<!-- \/?example -->/)

const steps = [...days.matchAll(/^```sh\n# (\d{4}-\d\d-\d\d)\n(.*?)^```$/gms)].map(
  ([, day, commands]) => ({ day: day!, commands: commands!.trim().split('\n') }),
)

/** A command line as a shell reads it: words, and words in quotation marks. */
function wordsOf(command: string): string[] {
  const [, words = ''] = /^npm run cli -- (.*)$/.exec(command) ?? []
  return [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
}

/** The days on which a wave comes, one of them behind it, one on which none does, and the day after the end. */
const daysOfJobs = [
  ...[
    '2026-09-30',
    '2026-10-02',
    '2026-10-03',
    '2026-11-17',
    '2026-11-24',
    '2026-12-05',
    '2026-12-08',
  ],
  ...['2026-12-11', '2026-12-29', '2027-01-09', '2027-01-12', '2027-01-26', '2027-04-14'],
]

const test = kit()

test('a court changes as the manual says, day by day, and each of its filers is told each thing once', async ({
  signOn,
  inbox,
  runJobs,
}) => {
  const { db } = signOn.services
  const folder = temporaryFolder('day-by-day')
  const file = join(folder.path, 'accounts.csv')
  writeFileSync(file, example.trim().replace(/^```csv\n|```$/g, ''))
  expect(steps.map(({ day }) => day)).toHaveLength(8)
  expect(steps.flatMap(({ commands }) => commands).every((each) => wordsOf(each).length > 2)).toBe(
    true,
  )

  const told: string[] = []
  for (const name of ['log', 'error'] as const) {
    vi.spyOn(console, name).mockImplementation((line) => void told.push(String(line)))
  }
  const isNoonOf = (day: string) => new Date(`${day}T17:00:00Z`)
  vi.useFakeTimers({ toFake: ['Date'], now: isNoonOf('2026-09-13') })
  await signOn.apply({ courts: [{ id: 'ncwd', go_live_on: '2026-12-01' }] })
  const jobDays = [...daysOfJobs]
  /** Noon of that day, after what the jobs did by themselves on the days before it. */
  const liveUntil = async (day: string) => {
    while (jobDays[0] && jobDays[0] <= day) {
      vi.setSystemTime(isNoonOf(jobDays.shift()!))
      for (let run = 0; run < 2; run += 1) await tellDueWaves(db).run()
      await eraseOldPasswords(db).run()
    }
    vi.setSystemTime(isNoonOf(day))
  }
  const hashes = async () => {
    const [row] = await sql<{ count: number }>(
      db,
      `SELECT count(password_hash) AS count FROM imported_accounts WHERE court_id = 'ncwd'`,
    )
    return row!.count
  }

  for (const { day, commands } of steps) {
    await liveUntil(day)
    for (const command of commands) {
      told.length = 0
      const words = wordsOf(command).map((word) => (word === 'accounts.csv' ? file : word))
      const status = await runCommandLine(words, commandSettings(signOn))
      expect(`${command}: ${status} ${status === 0 ? '' : told.join('\n')}`).toBe(`${command}: 0 `)
    }
    await runJobs()
  }
  expect(told.join('\n')).toContain('linking by the old password has ended')
  expect(await hashes()).toBe(1)
  await liveUntil('2027-04-14')
  expect(await hashes()).toBe(0)

  const subjects = (await inbox('jane.doe@example.com')).map(({ subject }) =>
    subject.replace(/^U\.S\. District Court for the Western District of North Carolina: /, ''),
  )
  const december = 'electronic filing changes on December'
  const january = 'electronic filing changes on January 12, 2027, 8:00 a.m. Eastern time'
  const live = 'you now file with your PACER account'
  expect(subjects).toEqual([
    `${december} 1, 2026, 8:00 a.m. Eastern time`,
    `${december} 1, 2026, 8:00 a.m. Eastern time`,
    'the date of the change has moved',
    `${december} 8, 2026, 8:00 a.m. Eastern time`,
    `${december} 8, 2026, 8:00 a.m. Eastern time`,
    live,
    'back to the old filing system for now',
    january,
    january,
    january,
    live,
    live,
  ])
  expect(await inbox('rroe@example.com')).toHaveLength(subjects.length)
  folder.remove()
})
