import { maximumPasswordBytes, type PasswordCheck, type Passwords } from '../accounts/password.ts'
import { rehashPassword } from '../accounts/rehash-password.ts'
import { findForSignIn, type SignInAccount } from '../accounts/store.ts'
import { canonicalUsername } from '../accounts/username.ts'
import { accountSignedIn, type Origin, signInRefused } from '../audit/events.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId, ClientId } from '../ids.ts'
import { ok, refused } from '../outcome.ts'
import type { Database } from '../storage/db.ts'
import type { Throttle } from './throttle.ts'

export type Credentials = { readonly username: string; readonly password: string }

export type SignInOutcome =
  | { readonly ok: true; readonly value: { readonly accountId: AccountId } }
  | { readonly ok: false; readonly reason: 'wrong-credentials' }
  | {
      readonly ok: false
      readonly reason: 'locked' | 'too-many'
      readonly retryAfterSeconds: number
    }

export type AuthenticateDeps = {
  readonly db: Database
  readonly passwords: Passwords
  readonly throttle: Throttle
}

/**
 * Decides whether a username and password are somebody who may sign in. An unknown username, a wrong
 * password and a disabled account are one answer and take one time; the audit has the difference.
 * @param by where the attempt comes from: the asking client, the address, the request.
 * @throws UnavailableError when a store or the password queue cannot answer; it does not count then.
 */
export async function authenticate(
  deps: AuthenticateDeps,
  { username, password }: Credentials,
  by: Origin & { address: string; clientId: ClientId; amr: readonly string[] },
): Promise<SignInOutcome> {
  const { db, passwords, throttle } = deps
  const { address, amr, ...origin } = by
  const canonical = canonicalUsername(username)

  const reserved = await throttle.reserve(canonical ?? username.slice(0, 64), address)
  if (!reserved.ok) {
    await recordEvent(db, signInRefused({ ...origin, reason: reserved.reason, failures: 0 }))
    return reserved
  }
  const attempt = reserved.value
  try {
    const account = canonical && (await findForSignIn(db, canonical))
    const check = await passwords.verify(password, account?.passwordHash ?? undefined)
    const reason = refusalReason(account, check, password)
    if (reason || !account) {
      const failures = attempt.failures + 1
      const accountId = account?.id
      await recordEvent(
        db,
        signInRefused({ ...origin, accountId, reason: reason ?? 'unknown-username', failures }),
      )
      return refused('wrong-credentials')
    }
    if (check === 'match-but-outdated' && account.passwordHash) {
      const outdated = account.passwordHash
      await rehashPassword(deps, { id: account.id, outdated, password }, origin)
    }
    await attempt.succeed(accountSignedIn({ ...origin, accountId: account.id, amr }))
    return ok({ accountId: account.id })
  } catch (error) {
    // Not waited for: the store that has just failed would be waited for a second time.
    attempt.withdraw().catch(() => undefined)
    throw error
  }
}

function refusalReason(
  account: SignInAccount | undefined,
  check: PasswordCheck,
  password: string,
): string | undefined {
  if (!account) return 'unknown-username'
  if (Buffer.byteLength(password) > maximumPasswordBytes) return 'password-too-long'
  if (check === 'mismatch') return 'wrong-password'
  return account.disabledAt ? 'disabled' : undefined
}
