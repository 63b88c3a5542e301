import type { KeyObject } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SignInAccount } from '../accounts/store.ts'
import type { CanonicalUsername } from '../accounts/username.ts'
import type { AuditEvent } from '../audit/event.ts'
import { now } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { PersonFacts } from '../efiling/facts.ts'
import { UnavailableError } from '../errors.ts'
import { networkOf } from '../networks.ts'
import { type Outcome, ok, type Refused, refused } from '../outcome.ts'
import type { Database } from '../storage/db.ts'
import type { RedisStore } from '../storage/redis.ts'
import { createWindowCounter, type WindowCounter } from '../storage/window-counter.ts'
import {
  type FailureCount,
  fail,
  failureSubject,
  findFailures,
  maximumFailures,
  type Reserved,
  reserve,
  type Success,
  succeed,
  withdraw,
} from './store.ts'

/** Where an attempt comes from. */
export type Source = {
  readonly address: string
  /**
   * The mark of a browser that is known for the name; it is asked for only where it matters. What
   * others in its network do closes no window to it: it has windows of its own.
   */
  knownBrowser(): Promise<string | undefined>
}

type TooMany = { readonly reason: 'too-many'; readonly retryAfterSeconds: number }

export type ThrottleRefusal =
  | TooMany
  | {
      /** The name is paused after wrong passwords. */
      readonly reason: 'locked'
      readonly until: Date
      readonly retryAfterSeconds: number
    }
  /** After a hundred wrong ones the password of this name is accepted no more. */
  | { readonly reason: 'password-disabled' }

/** What is tried: the name as typed, and in the one form that it can be stored in, if it has one. */
export type Name = { readonly typed: string; readonly canonical: CanonicalUsername | undefined }

/** One reserved attempt; exactly one of its three functions has to be called. */
export type Attempt = {
  /** Failures in a row before this attempt; others that are under way count as failures. */
  readonly failures: number
  /** Whose name it is; undefined where nobody has it. */
  readonly account: SignInAccount | undefined
  /** The credential was wrong; the event is recorded with it. */
  fail(event: AuditEvent | undefined): Promise<FailureCount>
  /**
   * The credential was right: forget the failures, and record what goes with it. It was no guess,
   * so it does not count in the window of its name and network either. Gives the facts that were wanted.
   */
  succeed(success: Success): Promise<PersonFacts | undefined>
  /** Nothing was decided (a store failed): the attempt does not count. */
  withdraw(): Promise<void>
}

export type Throttle = {
  /** Counts an attempt where it comes from, before it waits; says when it is one too many. */
  countFrom(source: Source): Promise<Outcome<void, TooMany>>
  /**
   * Reserves an attempt before the credential is looked at: twenty guesses sent at once are twenty
   * attempts, not one. The username need not exist, and the answer says nothing about whether it does.
   * @throws UnavailableError also when other attempts at the name are not decided in time.
   */
  reserve(name: Name, source: Source): Promise<Outcome<Attempt, ThrottleRefusal>>
}

/** For attempts at the same name that another process is looking at: a hash takes ten. */
const longestWaitMilliseconds = 500
const askAgainMilliseconds = 20

/**
 * Failures per username are kept in PostgreSQL, where no flush forgets them; the windows per address
 * are counters. Source: NIST SP 800-63B-4 section 3.2.2.
 */
export function createThrottle(deps: {
  db: Database
  redis: RedisStore | undefined
  limits: Config['limits']
  key: KeyObject
}): Throttle {
  const { db, key } = deps
  const perAddress = createWindowCounter('sign-in-address', deps.limits.signInPerAddress, deps)
  const perPair = createWindowCounter('sign-in-pair', deps.limits.signInPerUsernameAndAddress, deps)

  /** The attempt, or why none may be looked at. */
  async function reserveFor(
    subject: string,
    { canonical }: Name,
  ): Promise<Outcome<Reserved, ThrottleRefusal>> {
    const startedAt = performance.now()
    for (;;) {
      const reserved = await reserve(db, subject, canonical)
      if (reserved) return ok(reserved)
      const refusal = refusalFor(await findFailures(db, subject))
      if (refusal) return refusal
      if (performance.now() - startedAt > longestWaitMilliseconds) {
        throw new UnavailableError('other attempts at the same name are under way')
      }
      await sleep(askAgainMilliseconds)
    }
  }

  return {
    async countFrom(source) {
      const { seconds } = await countIn(perAddress, source, '')
      return seconds === undefined ? ok() : tooMany(seconds)
    },

    async reserve(name, source) {
      const subject = failureSubject(key, name.canonical ?? name.typed)
      const { seconds, key: pair } = await countIn(perPair, source, `${subject}:`)
      if (seconds !== undefined) return tooMany(seconds)
      // A store that fails here costs one attempt of the window, and nobody his sign-in.
      const giveBack = () => perPair.giveBack(pair).catch(() => undefined)
      const reserved = await reserveFor(subject, name)
      if (!reserved.ok) return reserved
      const { failures, account } = reserved.value
      return ok({
        failures,
        account: account ?? undefined,
        fail: (event) => fail(db, subject, event),
        async succeed(success) {
          const facts = await succeed(db, subject, success)
          // Not waited for, so that it travels with what the sign-in writes next.
          giveBack()
          return facts
        },
        async withdraw() {
          await Promise.all([withdraw(db, subject), giveBack()])
        },
      })
    },
  }
}

export function tooMany(retryAfterSeconds: number): Refused<TooMany> {
  return refused('too-many', { retryAfterSeconds })
}

/** Counts in the window of the network, and where that is full in the one of a known browser. */
async function countIn(counter: WindowCounter, source: Source, prefix: string) {
  const ofNetwork = `${prefix}${networkOf(source.address)}`
  const { retryAfterSeconds: seconds } = await counter.count(ofNetwork)
  const mark = seconds === undefined ? undefined : await source.knownBrowser()
  if (mark === undefined) return { seconds, key: ofNetwork }
  const ofBrowser = `${prefix}browser ${mark}`
  return { seconds: (await counter.count(ofBrowser)).retryAfterSeconds, key: ofBrowser }
}

function refusalFor({ failures, lockedUntil }: FailureCount): Refused<ThrottleRefusal> | undefined {
  if (failures >= maximumFailures) return refused('password-disabled')
  const milliseconds = (lockedUntil?.getTime() ?? 0) - now().getTime()
  if (!lockedUntil || milliseconds <= 0) return undefined
  const retryAfterSeconds = Math.ceil(milliseconds / 1000)
  return refused('locked', { until: lockedUntil, retryAfterSeconds })
}
