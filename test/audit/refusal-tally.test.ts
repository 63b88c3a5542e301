import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bySystem } from '../../src/audit/by.ts'
import { createRefusalTally, type RefusalTally } from '../../src/audit/refusal-tally.ts'
import { recordEvent } from '../../src/audit/store.ts'
import type { ClientId } from '../../src/ids.ts'
import { createLog } from '../../src/log.ts'
import { clientAuthenticationRefused } from '../../src/oidc/events.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

/** How much the audit can be made to keep by strangers: docs/decisions/0035. */

let signOn: SignOn
let tally: RefusalTally

beforeAll(async () => {
  signOn = await startSignOn({ storage: 'database' })
})
afterAll(() => signOn.stop())
beforeEach(async () => {
  tally = createRefusalTally(signOn.services.db, createLog('error'))
})
afterEach(() => tally.close())

const rows = () => signOn.services.db.prisma.auditEvent.findMany({ orderBy: { id: 'asc' } })

/** A refusal, recorded as its callers do it. */
async function refuse(network: string, reason: string): Promise<void> {
  const clientId = 'some-client' as ClientId
  const event = clientAuthenticationRefused({
    by: bySystem({ ip: network, requestId: 'r' }),
    clientId,
    reason,
  })
  const first = tally.firstOf(network, event)
  if (first) await recordEvent(signOn.services.db, first)
}

/** What `work` adds to the audit. */
async function added(work: () => Promise<unknown>) {
  const before = await rows()
  await work()
  return (await rows()).slice(before.length)
}

const repeatsOf = ({ detail }: { detail: unknown }) =>
  Number((detail as { repeats: number }).repeats)

test('of 600 networks 500 are told apart, and all others are one row at once and one at the end', async () => {
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

test('of 50 kinds of one network twenty are told apart, and all others are one', async () => {
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
