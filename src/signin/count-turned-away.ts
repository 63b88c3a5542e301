import { bySystem, type Origin } from '../audit/by.ts'
import type { RefusalTally } from '../audit/refusal-tally.ts'
import type { ClientId } from '../ids.ts'
import { wideNetworkOf } from '../networks.ts'
import { signInRefused } from './events.ts'

/**
 * A sign-in that was turned away before anything was read for it is in the audit with its network's
 * count of the minute: while a flood runs not even the first of a network writes a row at once.
 */
export function countTurnedAway(
  refusals: RefusalTally,
  reason: 'busy' | 'too-many',
  from: Origin & { readonly address: string; readonly clientId?: ClientId },
): void {
  const { address, ip, requestId, clientId } = from
  const event = signInRefused({ by: bySystem({ ip, requestId }), clientId, reason, failures: 0 })
  refusals.count(wideNetworkOf(address), event)
}
