import type { Context } from 'koa'
import type { default as Provider, Session } from 'oidc-provider'
import type { AccountId, ClientId } from '../ids.ts'
import { type SignOutDeps, signOut } from './sign-out.ts'

/** The session of somebody who is signed in in this browser. */
export type SignedIn = {
  /** What the cookie says. */
  readonly id: string
  readonly uid: string
  readonly accountId: AccountId
  /** When this sign-in was, in epoch seconds. */
  readonly loginTs: number
  /** Its time begins again. */
  save(secondsLeft: number): Promise<unknown>
  /** From the next `save` on it has another identifier, and the one of before is nobody's. */
  resetIdentifier(): void
}

export type BrowserSessions = {
  readonly cookieName: string
  /** Who is signed in in this browser; undefined for nobody. Nothing is written. */
  find(ctx: Context): Promise<SignedIn | undefined>
  /** The same session under another identifier: a cookie that was copied is worth nothing from then on. */
  renew(ctx: Context, session: SignedIn, secondsLeft: number): Promise<void>
  /** Ends the session for good, with its audit row, and takes the cookie away. */
  end(ctx: Context, session: SignedIn, clientId: ClientId | undefined): Promise<void>
}

/** The sessions of browsers outside the engine's own requests. */
export function createBrowserSessions(
  deps: SignOutDeps & { readonly provider: Provider; readonly isHttps: boolean },
): BrowserSessions {
  const { provider } = deps
  const cookieName = provider.cookieName('session')
  const setCookie = (ctx: Context, value: string | null) =>
    ctx.cookies.set(cookieName, value, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: deps.isHttps,
      signed: true,
    })
  return {
    cookieName,
    async find(ctx) {
      const session = await provider.Session.get(ctx)
      return isSignedIn(session) ? session : undefined
    },
    async renew(ctx, session, secondsLeft) {
      session.resetIdentifier()
      await session.save(secondsLeft)
      setCookie(ctx, session.id)
    },
    async end(ctx, session, clientId) {
      await signOut(deps, ctx, session, clientId)
      setCookie(ctx, null)
    },
  }
}

function isSignedIn(session: Session): session is Session & SignedIn {
  return Boolean(session.accountId && session.loginTs)
}
