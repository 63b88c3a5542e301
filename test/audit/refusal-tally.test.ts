import { expect } from 'vitest'
import { bySystem } from '../../src/audit/by.ts'
import { createRefusalTally, type RefusalTally } from '../../src/audit/refusal-tally.ts'
import { recordEvent } from '../../src/audit/store.ts'
import type { ClientId } from '../../src/ids.ts'
import { createLog } from '../../src/log.ts'
import { clientAuthenticationRefused } from '../../src/oidc/events.ts'
import { listAudited } from '../support/audited.ts'
import { kit } from '../support/kit.ts'

/** How much the audit can be made to keep by strangers: docs/decisions/0035. */

let tally: RefusalTally

const test = kit()
  .override('signOnOptions', { storage: 'database' })
  .extend(
    'rows',
    { scope: 'file' },
    ({ signOn }) =>
      () =>
        listAudited(signOn.services.db),
  )
  /** A refusal, recorded as its callers do it. */
  .extend(
    'refuse',
    { scope: 'file' },
    ({ signOn }) =>
      async (network: string, reason: string): Promise<void> => {
        const clientId = 'some-client' as ClientId
        const event = clientAuthenticationRefused({
          by: bySystem({ ip: network, requestId: 'r' }),
          clientId,
          reason,
        })
        const first = tally.firstOf(network, event)
        if (first) await recordEvent(signOn.services.db, first)
      },
  )
  /** What `work` adds to the audit. */
  .extend('added', { scope: 'file' }, ({ rows }) => async (work: () => Promise<unknown>) => {
    const before = await rows()
    await work()
    return (await rows()).slice(before.length)
  })

test.beforeEach(async ({ signOn }) => {
  tally = createRefusalTally(signOn.services.db, createLog('error'))
})

test.afterEach(async () => {
  tally.close()
})

const repeatsOf = ({ detail }: { detail: unknown }) =>
  Number((detail as { repeats: number }).repeats)

test('of 600 networks 500 are told apart, and all others are one row at once and one at the end', async ({
  refuse,
  added,
}) => {
  const every = async () => {
    for (let n = 0; n < 600; n += 1) await refuse(`10.${n >> 8}.${n & 255}.0/24`, 'wrong-secret')
  }
  expect(await added(every)).toHaveLength(501)
  expect(await added(every)).toHaveLength(0)
  const counted = await added(() => tally.close())
  expect(counted).toHaveLength(501)
  expect(counted.filter((row) => repeatsOf(row) === 1)).toHaveLength(500)
  expect(counted.filter(({ ip }) => ip === 'other networks').map(repeatsOf)).toEqual([199])
}, 30_000)

test('of 50 kinds of one network twenty are told apart, and all others are one', async ({
  refuse,
  added,
}) => {
  const every = async () => {
    for (let n = 0; n < 50; n += 1) await refuse('203.0.113.0/24', `reason-${n}`)
  }
  expect(await added(every)).toHaveLength(21)
  expect(await added(every)).toHaveLength(0)
  const counted = await added(() => tally.close())
  expect(counted).toHaveLength(21)
  const several = counted.filter(
    ({ detail }) => (detail as { reason: string }).reason === 'several',
  )
  expect(several.map(repeatsOf)).toEqual([59])
})
