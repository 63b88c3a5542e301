import type { Middleware } from 'koa'
import type { RefusalTally } from '../audit/refusal-tally.ts'
import { requestOf } from '../http/request-context.ts'
import { isSignInPath } from '../paths.ts'
import { inWords } from '../time-in-words.ts'
import type { BrowserCookie } from './browser-cookie.ts'
import { countTurnedAway } from './count-turned-away.ts'
import type { Door } from './door.ts'
import { turnedAwayPage } from './pages.ts'
import { originOf } from './visit.ts'

/** A form that takes longer to arrive is awaited, and keeps nobody else out meanwhile. */
const bodyMilliseconds = 1000

/**
 * Asks the door about every form of a sign-in page. Whoever is turned away gets a page that is the
 * same for everybody and was rendered before; the form is not read, and no store is asked.
 */
export function turnAwayStrangers(deps: {
  door: Door
  browserCookie: BrowserCookie
  refusals: RefusalTally
}): Middleware {
  const { door, browserCookie, refusals } = deps
  // One for each waiting time in words, and there are about two hundred of these.
  const pages = new Map<string, Buffer>()
  const pageOf = (reason: 'busy' | 'too-many', seconds: number) => {
    const key = `${reason} ${inWords(seconds)}`
    const page = pages.get(key) ?? Buffer.from(turnedAwayPage({ reason, seconds }))
    pages.set(key, page)
    return page
  }

  return async (ctx, next) => {
    if (ctx.method !== 'POST' || !isSignInPath(ctx.path)) return next()
    const { address } = requestOf(ctx)
    const entry = door.enter({ address, browser: browserCookie.read(ctx) })
    if (entry.ok) {
      const patience = setTimeout(() => {
        if (!ctx.req.complete) entry.value.leave()
      }, bodyMilliseconds)
      return next().finally(() => {
        clearTimeout(patience)
        entry.value.leave()
      })
    }

    const { reason, retryAfterSeconds } = entry
    countTurnedAway(refusals, reason, { ...originOf(ctx), address })
    ctx.status = reason === 'busy' ? 503 : 429
    ctx.set('Retry-After', String(retryAfterSeconds))
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = pageOf(reason, retryAfterSeconds)
  }
}
