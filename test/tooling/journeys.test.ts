import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as oidc from 'openid-client'
import { expect, vi } from 'vitest'
import { standMark } from '../../src/accounts/recovery/recovery.ts'
import { findNamed } from '../../src/accounts/recovery/store.ts'
import { resetPurpose } from '../../src/accounts/set-password.ts'
import type { CanonicalUsername } from '../../src/accounts/username.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import { mintLink } from '../../src/mail/one-use-link.ts'
import { resetPasswordPath } from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import {
  callbackOf,
  filingSoftware,
  newBrowser,
  offlineRequest,
  openPage,
  sendPassword,
} from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora, type Person } from '../support/people.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { traced, traceFiles } from '../support/trace-files.ts'

type Journey = { readonly title: string; readonly files: readonly string[] }

const longest = 10
const everyRequest = 'Every request'
const ofALink = 'A new password by mail'
const ofACommand = 'An account of an apply file'

/** The journeys of the document: a heading each, and one numbered line per file. */
const journeys: Journey[] = readFileSync(new URL('../../docs/journeys.md', import.meta.url), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    files: [...section.matchAll(/^\d+\. .*/gm)].map(
      ([line]) => /^\d+\. `([^`]+)`: ./.exec(line)?.[1] ?? line,
    ),
  }))

// The first test waits for everything: two rounds of all journeys, and V8 in between.
vi.setConfig({ testTimeout: 120_000 })

/** Of the journey that is under way. */
let files = new Set<string>()

const test = kit()
  .override('people', [nora])
  .override('signOnOptions', {
    extend({ application }) {
      application.middleware.unshift((_ctx, next) => traced(files, next))
    },
  })
  /** As an operator does it, in this process. */
  .extend('applyPerson', { scope: 'file' }, ({ signOn }, { onCleanup }) => {
    const { config } = signOn
    const folder = temporaryFolder('journeys')
    onCleanup(() => folder.remove())
    return async (person: Person) => {
      const file = join(folder.path, 'people.json')
      writeFileSync(file, JSON.stringify({ accounts: [person] }))
      const log = vi.spyOn(console, 'log').mockReturnValue()
      const status = await runCommandLine(['apply', file], {
        CSO_ISSUER: config.issuer,
        DATABASE_URL: config.database.url,
        REDIS_URL: config.redis?.url,
        CSO_REDIS_PREFIX: config.redis?.prefix,
        CSO_KEYS_DIR: config.keys.directory,
      })
      log.mockRestore()
      expect(status).toBe(0)
    }
  })
  /** The page of a link for a new password, as the mail to this person has it. */
  .extend('openReset', { scope: 'file' }, ({ signOn, at }, { onCleanup }) => {
    const { db, keys } = signOn.services
    const key = keys.secrets.identifiers
    const browser = newBrowser()
    onCleanup(() => browser.stop())
    return async ({ username }: Person) => {
      const account = await findNamed(db, username as CanonicalUsername, undefined)
      if (!account) throw new Error(`${username} is not there`)
      const about = { stands: standMark(key, account) }
      const link = { purpose: resetPurpose, accountId: account.id, about, lifeMinutes: 30 }
      const token = await inTransaction(db, (tx) => mintLink(tx, key, link))
      return (await browser.get(at(resetPasswordPath(token)))).form('reset')
    }
  })
  /** Takes every journey once; the files that each came to, in the order of their first calls. */
  .extend(
    'takeAll',
    { scope: 'file' },
    async ({ signOn, court, applyPerson, openReset }, { onCleanup }) => {
      const [ncwd, ncwb] = [await court('ncwd'), await court('ncwb')]
      const vendor = await court('ca4', filingSoftware)
      const browser = newBrowser()
      onCleanup(() => browser.stop())
      const { refresh_token: refreshToken = '' } = await vendor.signIn(
        browser,
        nora.username,
        offlineRequest,
      )

      return async (person: Person): Promise<ReadonlyMap<string, readonly string[]>> => {
        const taken = new Map<string, readonly string[]>()
        const take = async <Result>(
          title: string,
          work: () => Promise<Result>,
        ): Promise<Result> => {
          files = new Set()
          const result = await work()
          taken.set(title, [...files])
          files = new Set()
          return result
        }
        const { url, checks } = await ncwd.authorize({ prompt: 'login' })
        const page = await openPage(browser, signOn, url)
        const answer = await take('A password', () => sendPassword(browser, page, nora.username))
        const second = await ncwb.authorize()
        const code = await take('An authorization request', () => browser.get(second.url))
        await take('A code to tokens', () => ncwb.redeem(callbackOf(code), second.checks))
        await take('A refresh', () => oidc.refreshTokenGrant(vendor.rp, refreshToken))
        await take(ofACommand, () => traced(files, () => applyPerson(person)))
        const form = await openReset(person)
        await take(ofALink, () =>
          browser.submit(form, { password: 'lantern orbit velvet mango tundra' }),
        )
        await ncwd.redeem(callbackOf(answer), checks)
        return taken
      }
    },
  )
  .extend('came', { scope: 'file' }, async ({ takeAll }, { onCleanup }) => {
    const named = new Set(journeys.flatMap((journey) => journey.files))
    const trace = await traceFiles(named, () => takeAll(rehearsed))
    onCleanup(() => trace.stop())
    return takeAll(jane)
  })

const rehearsed = {
  ...jane,
  number: '7123457',
  username: 'jdoe-rehearsal',
  email: 'rehearsal@example.com',
  standings: jane.standings.map((one) => ({ ...one, filer_id: `${one.filer_id}-too` })),
}

test('the document tells the six journeys, in ten lines each at most', ({ came }) => {
  expect(journeys.map(({ title }) => title)).toEqual([everyRequest, ...came.keys()])
  for (const { title, files } of journeys) {
    expect(files.length, title).toBeGreaterThan(0)
    expect(files.length, title).toBeLessThanOrEqual(longest)
  }
})

test.for(
  journeys.filter(({ title }) => title !== everyRequest).map(({ title, files }) => [title, files]),
)('%s comes to the files that are told, in their order', ([title, told], { came }) => {
  expect(came.get(String(title))?.filter((file) => told?.includes(file))).toEqual(told)
})

test('every request comes to what stands in front first, in that order', ({ came }) => {
  const front = journeys.find(({ title }) => title === everyRequest)?.files ?? []
  for (const { title, files } of journeys) {
    if (title === everyRequest || title === ofACommand) continue
    const told = [...front, ...files]
    expect(
      came.get(title)?.filter((file) => told.includes(file)),
      title,
    ).toEqual(told)
  }
})
