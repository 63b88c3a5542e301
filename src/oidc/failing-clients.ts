import type { Middleware } from 'koa'
import { bySystem } from '../audit/by.ts'
import type { RefusalTally } from '../audit/refusal-tally.ts'
import { recordEvent } from '../audit/store.ts'
import { requestOrigin } from '../http/request-context.ts'
import type { ClientId } from '../ids.ts'
import { networkOf, wideNetworkOf } from '../networks.ts'
import type { Database } from '../storage/db.ts'
import type { WindowCounter } from '../storage/window-counter.ts'
import { engineOf } from './engine.ts'
import { clientAuthenticationRefused } from './events.ts'
import { notesOf } from './request-notes.ts'

/**
 * A client that keeps failing to prove itself is told to wait. Each failure that is counted is in the
 * audit: a row for the first of a network, a count of the others.
 */
export function limitFailingClients(deps: {
  readonly db: Database
  readonly clientFailures: WindowCounter
  readonly refusals: RefusalTally
}): Middleware {
  return async (ctx, next) => {
    await next()
    const clientId = engineOf(ctx)?.client?.clientId as ClientId | undefined
    if (!clientId) return
    const { refusal } = notesOf(ctx)
    if (refusal?.error !== 'invalid_client') return
    const { ip, requestId } = requestOrigin(ctx)
    const { retryAfterSeconds } = await deps.clientFailures.count(`${clientId}:${networkOf(ip)}`)
    if (retryAfterSeconds !== undefined) {
      ctx.status = 429
      ctx.set('Retry-After', String(retryAfterSeconds))
      return
    }
    const by = bySystem({ ip, requestId })
    const event = clientAuthenticationRefused({ by, clientId, reason: refusal.detail })
    const first = deps.refusals.firstOf(wideNetworkOf(ip), event)
    if (first) await recordEvent(deps.db, first)
  }
}
