import { describe, expect, vi } from 'vitest'
import { runCommandLine } from '../../src/cli/run.ts'
import { enqueue, failJob, takeJobs } from '../../src/jobs/store.ts'
import { commandSettings } from '../support/command-settings.ts'
import { sql } from '../support/database.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'

const test = kit()
  .extend('run', { scope: 'file' }, ({ signOn }) => async (...args: string[]) => {
    const lines: string[] = []
    const prints = (['log', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((line) => void lines.push(String(line))),
    )
    try {
      const status = await runCommandLine(args, commandSettings(signOn))
      return { status, text: lines.join('\n') }
    } finally {
      for (const print of prints) print.mockRestore()
    }
  })
  /** The id of a job that nobody here knows and that was given up. */
  .extend('deadJob', async ({ signOn }, { onCleanup }) => {
    const { db } = signOn.services
    await enqueue(db, 'deliver', { mail: 7 })
    const [job] = await takeJobs(db, ['deliver'], 1, 10)
    await failJob(db, job!, 'no mail server')
    onCleanup(() => sql(db, `DELETE FROM jobs WHERE name = 'deliver'`).then(() => {}))
    return job!.id
  })

describe('the jobs of an installation', () => {
  test('are listed with what each is for, and done by a server that runs', async ({ run }) => {
    await becomes('the audit was sealed', 5000, async () =>
      /^ +seal-audit +1 s +20\d\d-/m.test((await run('jobs', 'list')).text),
    )
    const { text, status } = await run('jobs', 'list')
    expect(status).toBe(0)
    for (const table of [
      'sessions',
      'grants',
      'refresh-tokens',
      'short-lived',
      'redaction-acknowledgements',
      'known-browsers',
      'sign-in-failures',
      'rate-limits',
    ]) {
      expect(text).toMatch(new RegExp(`^ +sweep-${table} +60 s`, 'm'))
    }
    expect(text).toContain('Not done yet: nothing.')
    expect(text).toContain('Dead: nothing.')
  })

  test('that are dead are listed with their reason, and named by the doctor', async ({
    run,
    deadJob,
  }) => {
    const { text } = await run('jobs', 'list')
    expect(text).toMatch(new RegExp(`^ +${deadJob} +deliver +20\\S+ +1 +no mail server$`, 'm'))
    expect((await run('doctor')).text).toMatch(
      new RegExp(
        `^warning +jobs: the job ${deadJob} \\(deliver\\) is dead after 1 tries: no mail server\\. `,
        'm',
      ),
    )
  })

  test('that are dead are retried, once, with who did it in the audit', async ({
    run,
    deadJob,
    audited,
  }) => {
    const first = await run('jobs', 'retry', deadJob, '--operator', 'olga')
    expect([first.status, first.text]).toEqual([0, expect.stringContaining(`${deadJob} (deliver)`)])
    expect((await run('jobs', 'list')).text).toContain('Dead: nothing.')
    const again = await run('jobs', 'retry', deadJob)
    expect([again.status, again.text]).toEqual([1, expect.stringContaining('no dead job')])
    expect(await audited('job.retried')).toMatchObject([
      { actorKind: 'operator', actorId: 'olga', detail: { job: deadJob, name: 'deliver' } },
    ])
  })

  test.for(['seal-audit', '0', '-1', '99999999999999999999'])(
    'are not retried by what is no dead job: %s',
    async (id, { run }) => {
      expect((await run('jobs', 'retry', '--', id)).status).toBe(1)
    },
  )
})
