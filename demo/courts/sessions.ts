import { randomBytes } from 'node:crypto'
import type Koa from 'koa'
import type { UserInfoResponse } from 'openid-client'
import type { Attempt, SignIn } from './relying-party.ts'

const idleMinutes = 30
/** A sign-in with forms to fill in takes up to an hour. */
const attemptMinutes = 60
const maximumAttempts = 5
const maximumSessions = 10_000

export type Notice = {
  readonly kind: 'done' | 'refused'
  readonly title: string
  readonly text: string
}

/** A person who is signed in here: the tokens, and the facts as they were at `readAt`. */
export type Person = {
  readonly signIn: SignIn
  readonly facts: UserInfoResponse
  readonly readAt: Date
}

/** One browser's session at one court, in memory. */
export type Session = {
  usedAt: number
  person?: Person | undefined
  /** Shown once, on the next page. */
  notice?: Notice | undefined
  /** Several, since people open several tabs. */
  readonly attempts: { readonly attempt: Attempt; readonly startedAt: number }[]
}

/**
 * The sessions of one court. The cookie carries a random id and nothing else; its name is the
 * court's own, because browsers do not keep the cookies of different ports apart.
 */
export function createSessions(cookieName: string, isSecure: boolean) {
  const sessions = new Map<string, Session>()

  function find(ctx: Koa.Context): Session | undefined {
    const session = sessions.get(ctx.cookies.get(cookieName) ?? '')
    const minutes = session?.person ? idleMinutes : attemptMinutes
    if (!session || Date.now() - session.usedAt > minutes * 60_000) return undefined
    session.usedAt = Date.now()
    return session
  }

  function end(ctx: Koa.Context): void {
    sessions.delete(ctx.cookies.get(cookieName) ?? '')
    ctx.cookies.set(cookieName, null)
  }

  /** Puts the session under a new id: one from before a sign-in is worth nothing after it. */
  function renew(ctx: Koa.Context, session: Session): void {
    sessions.delete(ctx.cookies.get(cookieName) ?? '')
    const id = randomBytes(32).toString('base64url')
    sessions.set(id, session)
    if (sessions.size > maximumSessions) sessions.delete(sessions.keys().next().value!)
    ctx.cookies.set(cookieName, id, {
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      overwrite: true,
    })
  }

  return {
    find,
    end,
    renew,

    /** Remembers an attempt to sign in, in this browser's session or in a new one. */
    remember(ctx: Koa.Context, attempt: Attempt): void {
      const known = find(ctx)
      const session = known ?? { usedAt: Date.now(), attempts: [] }
      session.attempts.push({ attempt, startedAt: Date.now() })
      session.attempts.splice(0, session.attempts.length - maximumAttempts)
      if (!known) renew(ctx, session)
    },

    /** Takes the attempt that the answer belongs to; each can be taken once. */
    take(ctx: Koa.Context, state: unknown): { session: Session; attempt: Attempt } | undefined {
      const session = find(ctx)
      const index = session?.attempts.findIndex(({ attempt }) => attempt.state === state) ?? -1
      if (!session || index < 0) return undefined
      const [taken] = session.attempts.splice(index, 1)
      if (!taken || Date.now() - taken.startedAt > attemptMinutes * 60_000) return undefined
      return { session, attempt: taken.attempt }
    },
  }
}
