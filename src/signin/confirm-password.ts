import type { Context } from 'koa'
import type { ClientId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import { type AuthenticateDeps, authenticate, type SignInRefusal } from './authenticate.ts'
import type { BrowserCookie } from './browser-cookie.ts'
import { originOf } from './visit.ts'

/** What it takes to look at a password outside a sign-in: all of what a sign-in takes. */
export type ConfirmDeps = AuthenticateDeps & { readonly browserCookie: BrowserCookie }

/**
 * Somebody who is known already proves to know the password of the account. It is counted, delayed and
 * recorded as at the sign-in page, so that whoever finds a browser open has no more guesses there.
 * @param account.storedAs the stored form, as it was when the person was told what to do.
 * @returns the stored form by now, which differs where the parameters of hashing did.
 * @throws UnavailableError as `authenticate` does.
 */
export async function confirmPassword(
  deps: ConfirmDeps,
  ctx: Context,
  account: { readonly username: string; readonly storedAs: string; readonly clientId: ClientId },
  password: string,
): Promise<Outcome<{ readonly passwordHash: string }, SignInRefusal>> {
  const { username, storedAs, clientId } = account
  const by = originOf(ctx)
  const browser = deps.browserCookie.read(ctx)
  const outcome = await authenticate(
    deps,
    { username, password, storedAs },
    { ...by, address: by.ip, clientId, browser },
  )
  if (!outcome.ok) return outcome
  deps.browserCookie.write(ctx, outcome.value.browser)
  return ok({ passwordHash: outcome.value.passwordHash })
}
