import type { Context } from 'koa'
import { portalClientId } from '../clients/client.ts'
import { epochSeconds } from '../clock.ts'
import { sessionTime } from '../sessions/lifetimes.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import type { BrowserSessions } from './browser-session.ts'

/** The browser's session, as our own pages use it: they share the one that the courts' sign-ins use. */
export function createOwnSessions(deps: {
  readonly sessions: BrowserSessions
  storedId(id: string): string
}) {
  const { sessions, storedId } = deps
  return async function findOwnSession(ctx: Context): Promise<OwnSession | undefined> {
    const session = await sessions.find(ctx)
    if (!session) return undefined
    const { accountId, uid, loginTs } = session
    const timeLeft = (isStaff: boolean) => sessionTime(loginTs, epochSeconds(), isStaff)
    return {
      accountId,
      uid: storedId(uid),
      signedInAt: new Date(loginTs * 1000),
      async use(isStaff) {
        const time = timeLeft(isStaff)
        await session.save(time.secondsLeft)
        return { idleSeconds: time.idleSeconds, endsAt: new Date(time.endsAt * 1000) }
      },
      renew: (isStaff) => sessions.renew(ctx, session, timeLeft(isStaff).secondsLeft),
      end: () => sessions.end(ctx, session, portalClientId),
    }
  }
}
