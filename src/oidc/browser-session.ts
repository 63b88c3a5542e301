import type { Context } from 'koa'
import type { default as Provider, Session } from 'oidc-provider'
import type { AccountId, ClientId } from '../ids.ts'
import { type SignOutDeps, signOut } from './sign-out.ts'

/** The session of somebody who is signed in in this browser. */
export type SignedIn = {
  readonly uid: string
  readonly accountId: AccountId
  /** When this sign-in was, in epoch seconds. */
  readonly loginTs: number
  /** Its time begins again. */
  save(secondsLeft: number): Promise<unknown>
}

export type BrowserSessions = {
  readonly cookieName: string
  /** Who is signed in in this browser; undefined for nobody. Nothing is written. */
  find(ctx: Context): Promise<SignedIn | undefined>
  /** Ends the session for good, with its audit row, and takes the cookie away. */
  end(ctx: Context, session: SignedIn, clientId: ClientId | undefined): Promise<void>
}

/** The sessions of browsers outside the engine's own requests. */
export function createBrowserSessions(
  deps: SignOutDeps & { readonly provider: Provider; readonly isHttps: boolean },
): BrowserSessions {
  const { provider } = deps
  const cookieName = provider.cookieName('session')
  return {
    cookieName,
    async find(ctx) {
      const session = await provider.Session.get(ctx)
      return isSignedIn(session) ? session : undefined
    },
    async end(ctx, session, clientId) {
      await signOut(deps, ctx, session, clientId)
      ctx.cookies.set(cookieName, null, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: deps.isHttps,
        signed: true,
      })
    },
  }
}

function isSignedIn(session: Session): session is Session & SignedIn {
  return Boolean(session.accountId && session.loginTs)
}
