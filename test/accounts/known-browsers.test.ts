import { expect } from 'vitest'
import { createCourt, newBrowser } from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'

/** Decision 0034: each account keeps twenty. */
const bound = 20

const test = kit()
  .override('signOnOptions', {
    settings: {
      CSO_LIMIT_SIGN_IN_PER_ADDRESS: '1000/60',
      CSO_LIMIT_PAGES_PER_ADDRESS: '1000/60',
      CSO_PASSWORD_QUEUE: '100',
    },
  })
  .override('people', [jane, nora])
  .extend('signInAnew', { scope: 'file' }, async ({ signOn }, { onCleanup }) => {
    const court = await createCourt(signOn, 'ncwd')
    const browsers: HttpClient[] = []
    onCleanup(async () => {
      await Promise.all(browsers.map((browser) => browser.stop()))
    })
    return async (username: string) => {
      const browser = newBrowser()
      browsers.push(browser)
      await court.signIn(browser, username)
    }
  })
  .extend('marks', { scope: 'file' }, ({ signOn }) => async (number: string) => {
    const { prisma } = signOn.services.db
    const { id: accountId } = await prisma.account.findUniqueOrThrow({ where: { number } })
    const rows = await prisma.knownBrowser.findMany({
      where: { accountId },
      orderBy: { lastUsedAt: 'asc' },
    })
    return rows.map(({ mark }) => mark)
  })
  /** As if somebody had signed in with so many browsers yesterday. */
  .extend('signedInBefore', { scope: 'file' }, ({ signOn }) => async (number: string) => {
    const { prisma } = signOn.services.db
    const { id: accountId } = await prisma.account.findUniqueOrThrow({ where: { number } })
    await prisma.knownBrowser.deleteMany({ where: { accountId } })
    await prisma.knownBrowser.createMany({
      data: Array.from({ length: bound }, (_, index) => ({
        mark: `${number} browser ${index}`,
        accountId,
        lastUsedAt: new Date(Date.now() - 86_400_000 + index),
      })),
    })
  })

test('of the browsers that somebody signs in with the newest twenty are known', async ({
  signInAnew,
  signedInBefore,
  marks,
}) => {
  await signInAnew(nora.username)
  await signedInBefore(jane.number)
  const full = await marks(jane.number)
  for (let count = 0; count < 3; count += 1) await signInAnew(jane.username)
  const after = await marks(jane.number)
  expect(after).toHaveLength(bound)
  expect(after.slice(0, -3)).toEqual(full.slice(3))
  expect(await marks(nora.number)).toHaveLength(1)
})

test('five at once are no way round it: the next sign-in brings them back to twenty', async ({
  signInAnew,
  signedInBefore,
  marks,
}) => {
  await signedInBefore(jane.number)
  await Promise.all(Array.from({ length: 5 }, () => signInAnew(jane.username)))
  await signInAnew(jane.username)
  expect(await marks(jane.number)).toHaveLength(bound)
})

test('a name has one row of failures, however many try it at once', async ({ signOn }) => {
  const court = await createCourt(signOn, 'ncwb')
  const { prisma } = signOn.services.db
  const before = await prisma.signInFailures.count()
  await Promise.allSettled(
    Array.from({ length: 5 }, async () => {
      const browser = newBrowser()
      await court.signIn(browser, 'nobody-has-this-name').finally(() => browser.stop())
    }),
  )
  expect(await prisma.signInFailures.count()).toBe(before + 1)
})
