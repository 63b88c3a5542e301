import { test, vi } from 'vitest'
import { listWaiting } from '../../src/jobs/list-jobs.ts'
import { type AuditedAbout, type AuditedEvent, listAudited, newestAudited } from './audited.ts'
import { type CourtOptions, createCourt, newBrowser, type TestCourt } from './court.ts'
import type { HttpClient } from './http-client.ts'
import { type MailServer, type ReceivedMail, startMailServer } from './mail-server.ts'
import { becomes } from './measure.ts'
import type { Person } from './people.ts'
import { type SignOn, type SignOnOptions, startSignOn } from './sign-on.ts'

/**
 * Everything that a story needs, made when a test names it and closed after it. A test file has one
 * subject; it says who there is and what is special, then tells its stories, in sentences:
 *
 *     const test = kit()
 *       .override('people', [jane, nora])                        // who has an account
 *       .override('signOnOptions', { settings: { … } })          // only where the story needs it
 *       .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
 *
 *     test('a person walks into a second court', async ({ ncwd, court, browser, audited }) => {
 *       const tokens = await ncwd.signIn(browser, jane.username)
 *       …
 *       expect(await audited('account.signed-in')).toHaveLength(1)
 *     })
 *
 * A helper that needs what the kit gives is a fixture too (`.extend('isSignedIn', ({ browser }) =>
 * async () => …)`), in the one chain of the file: a second chain starts a second server. Tables of
 * cases use `test.for`, whose tests get fixtures, unlike those of `test.each`. What takes long is
 * started once a file (`scope: 'file'`) and left as it was found; what a test changes is its own:
 * `signOnWith`, `openBrowser`. Nothing of ours is mocked; time is shifted by faking `Date`
 * (`vi.useFakeTimers({ toFake: ['Date'] })`), which ends with the test. What is opened past the kit and
 * left open fails the file (`leak-check.ts`). Every file makes its own chain: `override` changes the one
 * that it is called on, and files share a process.
 */
export function kit() {
  return (
    test
      .extend('people', { scope: 'file' }, [] as readonly Person[])
      .extend('signOnOptions', { scope: 'file' }, {} as SignOnOptions)
      /** Takes the mails of every server of this file. */
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to find what is needed.
      .extend('mailServer', { scope: 'file' }, async ({}, { onCleanup }): Promise<MailServer> => {
        const mailServer = await startMailServer()
        onCleanup(() => mailServer.stop())
        return mailServer
      })
      /** The server of this file, where the `people` have accounts. */
      .extend(
        'signOn',
        { scope: 'file' },
        async ({ people, signOnOptions, mailServer }, { onCleanup }) => {
          const signOn = await startSignOn(sendingBy(mailServer, signOnOptions))
          onCleanup(() => signOn.stop())
          if (people.length > 0) await signOn.apply({ accounts: people })
          return signOn
        },
      )
      /** The address of a path of this server. */
      .extend(
        'at',
        { scope: 'file' },
        ({ signOn }) =>
          (path: string): string =>
            `${signOn.issuer}${path}`,
      )
      /** Whether a redirect stays at this server, for `followWhile`. */
      .extend(
        'isOurs',
        { scope: 'file' },
        ({ signOn }) =>
          (to: URL): boolean =>
            to.origin === signOn.issuer,
      )
      /** The usual application of a court, one for the file; with options, another one. */
      .extend('court', { scope: 'file' }, ({ signOn }) => {
        const usual = new Map<string, Promise<TestCourt>>()
        return (id: string, options?: CourtOptions): Promise<TestCourt> => {
          if (options) return createCourt(signOn, id, options)
          const court = usual.get(id) ?? createCourt(signOn, id)
          usual.set(id, court)
          return court
        }
      })
      /** Another server, for one test. */
      .extend(
        'signOnWith',
        ({ mailServer, onTestFinished }) =>
          async (options: SignOnOptions): Promise<SignOn> => {
            const signOn = await startSignOn(sendingBy(mailServer, options))
            onTestFinished(() => signOn.stop())
            return signOn
          },
      )
      /** One more person at a browser without cookies. */
      .extend('openBrowser', ({ onTestFinished }) => (): HttpClient => {
        const browser = newBrowser()
        onTestFinished(() => browser.stop())
        return browser
      })
      .extend('browser', ({ openBrowser }) => openBrowser())
      /** The audit events of a name, or all, about a subject, since this test began; oldest first. */
      .extend('audited', async ({ signOn }) => {
        const { db } = signOn.services
        const before = await newestAudited(db)
        return (event?: string, about?: AuditedAbout): Promise<AuditedEvent[]> =>
          listAudited(db, event, about, before)
      })
      /** Waits until every job that somebody's act asked for is done. */
      .extend('runJobs', ({ signOn }) => async (): Promise<void> => {
        await becomes('the jobs are done', 15_000, async () => {
          const waiting = await listWaiting(signOn.services.db)
          return waiting.length === 0
        })
      })
      /** Mails that came since this test began, or those to one address, once all are sent; oldest first. */
      .extend('inbox', ({ mailServer, runJobs }) => {
        const before = mailServer.mails.length
        return async (to?: string): Promise<ReceivedMail[]> => {
          await runJobs()
          const since = mailServer.mails.slice(before)
          return since.filter(({ recipients }) => to === undefined || recipients.includes(to))
        }
      })
      /** What a test did to the time ends with it. */
      .extend('realTime', { auto: true }, ({ onTestFinished }) => {
        onTestFinished(() => {
          vi.useRealTimers()
        })
      })
  )
}

function sendingBy({ settings }: MailServer, options: SignOnOptions): SignOnOptions {
  return { ...options, settings: { ...settings, ...options.settings } }
}
