import type { KeyObject } from 'node:crypto'
import { type BarringState, barringState } from '../accounts/account-state.ts'
import { browserMark, isKnownBrowser } from '../accounts/known-browsers.ts'
import { maximumPasswordBytes, type Passwords } from '../accounts/password.ts'
import { rehashPassword } from '../accounts/rehash-password.ts'
import { type CanonicalUsername, canonicalUsername } from '../accounts/username.ts'
import { byAccount, bySystem, type Origin } from '../audit/by.ts'
import type { RefusalTally } from '../audit/refusal-tally.ts'
import { recordEvent } from '../audit/store.ts'
import type { PersonFacts } from '../efiling/facts.ts'
import type { AccountId, ClientId, CourtId } from '../ids.ts'
import { networkOf, wideNetworkOf } from '../networks.ts'
import { type Outcome, ok, type Refused, refused } from '../outcome.ts'
import type { Database } from '../storage/db.ts'
import { newBrowser } from './browser-cookie.ts'
import { countTurnedAway } from './count-turned-away.ts'
import { passwordAccepted, signInRefused } from './events.ts'
import type { NetworkNoise } from './network-noise.ts'
import { maximumFailures } from './store.ts'
import { type Attempt, type Throttle, type ThrottleRefusal, tooMany } from './throttle.ts'
import type { WaitingLine } from './waiting-line.ts'

export type Credentials = {
  readonly username: string
  readonly password: string
  /**
   * The stored form that the password is to be compared with, for somebody who is known already. Where
   * another one is stored by now, it is no guess: of twenty answers to one form the first may change it.
   */
  readonly storedAs?: string | undefined
}

/** Who signed in. */
type SignInSuccess = {
  readonly accountId: AccountId
  /** What is stored for the password that was right. */
  readonly passwordHash: string
  /** The stand of the account (`sign-in-stand.ts`) that the password was right at. */
  readonly signInStand: number
  /** The identifier by which this browser is known from now on. */
  readonly browser: string
  /** For the courts that were named. */
  readonly facts: PersonFacts | undefined
}

export type WrongCredentials = {
  readonly reason: 'wrong-credentials'
  /** In a row, with this one. */
  readonly failures: number
  /** Set when this one began a pause. */
  readonly pausedUntil: Date | undefined
  /** It was not looked at and does not count: another password is stored than `storedAs`. */
  readonly isStale?: true
}

export type SignInRefusal =
  | WrongCredentials
  /** The password was right, and the account is in a state in which nobody signs in to it. */
  | { readonly reason: 'account-barred'; readonly state: BarringState }
  | ThrottleRefusal

export type AuthenticateDeps = {
  readonly db: Database
  readonly passwords: Passwords
  readonly throttle: Throttle
  readonly line: WaitingLine
  readonly noise: NetworkNoise
  readonly refusals: RefusalTally
  /** Keys the marks of known browsers. */
  readonly identifierKey: KeyObject
}

/** Where an attempt comes from. */
export type Visitor = Origin & {
  readonly address: string
  readonly clientId: ClientId
  /** The identifier of a browser in which somebody has signed in before. */
  readonly browser: string | undefined
  /** The facts of the person for these courts are read with the success; absent: none are. */
  readonly factsFor?: readonly CourtId[] | undefined
}

/**
 * Decides whether a username and password are somebody who may sign in. An unknown username and a
 * wrong password are one answer and take one time, whatever the state of the account is; the audit has
 * the difference. Only the right password learns that its account is disabled, closed or not confirmed; it
 * is no guess then, and the failures before it are forgotten as after a sign-in.
 * @throws UnavailableError when a store cannot answer or the line is too long; it does not count then.
 */
export async function authenticate(
  deps: AuthenticateDeps,
  credentials: Credentials,
  by: Visitor,
): Promise<Outcome<SignInSuccess, SignInRefusal>> {
  const { throttle, line, noise } = deps
  const { address } = by
  const canonical = canonicalUsername(credentials.username)
  const name = canonical ?? credentials.username.slice(0, 64)
  const source = { address, knownBrowser: createBrowserLookup(deps, by.browser, canonical) }

  // What costs least comes first: this process's memory, a counter, and only then a place in the line.
  const barredForSeconds = noise.barredForSeconds(address)
  const isBarred = barredForSeconds !== undefined && !(await source.knownBrowser())
  const counted = isBarred ? tooMany(barredForSeconds) : await throttle.countFrom(source)
  if (!counted.ok) {
    // A window that a known browser has filled is its own, and closes nothing to its neighbours.
    if (!isBarred && !(await source.knownBrowser())) {
      noise.addFullWindow(address, counted.retryAfterSeconds)
    }
    return refuse(deps, counted, by)
  }

  const isKnown = line.isBusyFor(name) && (await source.knownBrowser()) !== undefined
  const place = {
    rank: isKnown ? 'known-browser' : noise.rankOf(address),
    network: wideNetworkOf(address),
    address: networkOf(address),
    name,
  } as const
  let hasBegun = false
  const work = async () => {
    hasBegun = true
    const reserved = await throttle.reserve({ typed: name, canonical }, source)
    if (!reserved.ok) return refuse(deps, reserved, by)
    const attempt = reserved.value
    try {
      return await decide(deps, { ...credentials, canonical }, by, attempt)
    } catch (error) {
      // Not waited for: the store that has just failed would be waited for a second time.
      attempt.withdraw().catch(() => undefined)
      throw error
    }
  }
  const outcome = await line.run(place, work).catch((error: unknown) => {
    if (!hasBegun) countTurnedAway(deps.refusals, 'busy', by)
    throw error
  })
  if (outcome.ok || outcome.reason === 'account-barred') noise.addSuccess(address)
  else if (!('isStale' in outcome)) noise.addFailure(address)
  return outcome
}

/** Asks the database once at most, and only for a browser that says who it is. */
function createBrowserLookup(
  { db, identifierKey }: AuthenticateDeps,
  browser: string | undefined,
  username: CanonicalUsername | undefined,
): () => Promise<string | undefined> {
  let answer: Promise<string | undefined> | undefined
  return () => {
    if (!browser || !username) return Promise.resolve(undefined)
    const mark = browserMark(identifierKey, browser, username)
    answer ??= isKnownBrowser(db, mark).then((isKnown) => (isKnown ? mark : undefined))
    return answer
  }
}

/** An attempt that nobody looked at: a row for the first of a network, a count of the others. */
async function refuse(
  { db, refusals }: AuthenticateDeps,
  refusal: Refused<ThrottleRefusal>,
  { address, ip, requestId, clientId }: Visitor,
): Promise<Refused<ThrottleRefusal>> {
  const event = signInRefused({
    by: bySystem({ ip, requestId }),
    clientId,
    reason: refusal.reason,
    failures: 0,
  })
  const first = refusals.firstOf(wideNetworkOf(address), event)
  if (first) await recordEvent(db, first)
  return refusal
}

async function decide(
  deps: AuthenticateDeps,
  credentials: Credentials & { canonical: CanonicalUsername | undefined },
  { address, ip, requestId, clientId, browser = newBrowser(), factsFor }: Visitor,
  attempt: Attempt,
): Promise<Outcome<SignInSuccess, SignInRefusal>> {
  const { passwords, refusals, identifierKey } = deps
  const { password, canonical } = credentials
  const origin = { ip, requestId }
  const refusedEvent = (
    reason: string,
    failures: number,
    { accountId, isGuess }: { accountId: AccountId | undefined; isGuess: boolean },
  ) => {
    const event = signInRefused({ by: bySystem(origin), clientId, accountId, reason, failures })
    // A name that somebody has is locked before its rows are many; made-up names have no end.
    const isBounded = accountId !== undefined && isGuess
    return isBounded ? event : refusals.firstOf(wideNetworkOf(address), event)
  }

  const { account } = attempt
  const { storedAs } = credentials
  if (storedAs !== undefined && account?.passwordHash !== storedAs) {
    await attempt.withdraw()
    const { failures } = attempt
    const isStale = true as const
    return refused('wrong-credentials', { failures, pausedUntil: undefined, isStale })
  }
  const check = await passwords.verify(password, account?.passwordHash ?? undefined)
  if (!account || !canonical || check === 'mismatch') {
    const reason = account ? reasonFor(password) : 'unknown-username'
    const event = refusedEvent(reason, attempt.failures + 1, {
      accountId: account?.id,
      isGuess: true,
    })
    const { failures, lockedUntil } = await attempt.fail(event)
    if (failures >= maximumFailures) return refused('password-disabled')
    return refused('wrong-credentials', { failures, pausedUntil: lockedUntil ?? undefined })
  }
  const barring = barringState(account)
  if (barring) {
    const about = { accountId: account.id, isGuess: false }
    await attempt.succeed({ event: refusedEvent(barring, attempt.failures, about) })
    return refused('account-barred', { state: barring })
  }
  let passwordHash = account.passwordHash ?? ''
  if (check === 'match-but-outdated') {
    const outdated = passwordHash
    passwordHash = await rehashPassword(
      deps,
      { id: account.id, outdated, password },
      byAccount(account.id, origin),
    )
  }
  const mark = browserMark(identifierKey, browser, canonical)
  const facts = await attempt.succeed({
    event: passwordAccepted({ by: byAccount(account.id, origin), clientId, accountId: account.id }),
    browser: { mark, accountId: account.id },
    factsFor,
  })
  const { id: accountId, signInStand } = account
  return ok({ accountId, passwordHash, signInStand, browser, facts })
}

function reasonFor(password: string): string {
  const isTooLong = Buffer.byteLength(password) > maximumPasswordBytes
  return isTooLong ? 'password-too-long' : 'wrong-password'
}
