import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudited } from '../support/audited.ts'
import { createCourt, idClaims, newBrowser, type TestCourt } from '../support/court.ts'
import { nora } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'
import { startTwoProcesses, type TwoProcesses } from '../support/two-processes.ts'

/** Longer by hand: `CHAOS_SECONDS=120 CHAOS_PER_SECOND=6 npm test -- test/process/killed…`. */
const seconds = Number(process.env['CHAOS_SECONDS'] ?? 20)
const journeysPerSecond = Number(process.env['CHAOS_PER_SECOND'] ?? 3)
const killEveryMilliseconds = 5000

let installation: TwoProcesses
let office: SignOn
let ncwd: TestCourt
let ncwb: TestCourt

beforeAll(async () => {
  installation = await startTwoProcesses()
  office = installation.office
  await office.apply({ accounts: [nora] })
  ncwd = await createCourt(office, 'ncwd')
  ncwb = await createCourt(office, 'ncwb')
}, 120_000)

afterAll(() => installation.stop(), 60_000)

/** What a person does: signs in at one court and walks into the next. Another try begins anew. */
async function journey(): Promise<{ tries: number; problems?: readonly string[] }> {
  const browser = newBrowser()
  try {
    const problems: string[] = []
    for (let tries = 1; tries <= 2; tries += 1) {
      try {
        // The session may have begun before the process died: then no page is shown.
        const hasSession = browser.cookies
          .list(new URL(office.issuer))
          .some(({ name }) => name === '__Host-session')
        const here = hasSession
          ? await ncwd.walkIn(browser).catch(() => ncwd.signIn(browser, nora.username))
          : await ncwd.signIn(browser, nora.username)
        const there = await ncwb.walkIn(browser)
        expect(idClaims(there)['sub']).toBe(idClaims(here)['sub'])
        return { tries }
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error))
      }
    }
    return { tries: 2, problems }
  } finally {
    await browser.stop()
  }
}

test(
  'two processes behind the documented nginx, one of them killed every five seconds: no journey fails after one retry',
  async () => {
    const endAt = performance.now() + seconds * 1000
    let kills = 0
    const chaos = (async () => {
      while (performance.now() + killEveryMilliseconds < endAt) {
        await delay(killEveryMilliseconds)
        const index = (kills % 2) as 0 | 1
        await installation.kill(index)
        await installation.restart(index)
        kills += 1
      }
    })()
    const journeys: ReturnType<typeof journey>[] = []
    while (performance.now() < endAt) {
      journeys.push(journey())
      await delay(1000 / journeysPerSecond)
    }
    const results = await Promise.all(journeys)
    await chaos
    const failed = results.flatMap(({ problems }) => (problems ? [problems] : []))
    const again = results.filter(({ tries }) => tries > 1).length
    console.log(
      `${results.length} journeys, ${kills} kills: ${again} needed a retry, ${failed.length} failed`,
    )
    expect(failed).toEqual([])
    expect(kills).toBeGreaterThanOrEqual(2)

    // Nobody is recorded as signed in without the session of it.
    const { db } = office.services
    const sessions = await db.prisma.session.count({ where: { accountId: { not: null } } })
    expect(await listAudited(db, 'account.signed-in')).toHaveLength(sessions)
  },
  seconds * 1000 + 60_000,
)
