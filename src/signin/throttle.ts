import type { KeyObject } from 'node:crypto'
import type { AuditEvent } from '../audit/events.ts'
import { auditInsert, auditValues } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { Config } from '../config.ts'
import { keyedHash } from '../ids.ts'
import { networkOf } from '../networks.ts'
import { ok, refused } from '../outcome.ts'
import type { Database, Statement } from '../storage/db.ts'
import type { RedisStore } from '../storage/redis.ts'
import { createWindowCounter } from '../storage/window-counter.ts'

/** The 5th failure in a row costs 30 s, each further one twice as long, up to an hour. */
export const freeFailures = 4
export const firstDelaySeconds = 30
export const longestDelaySeconds = 3600
/** So many in a row and the password is no longer accepted at all: it has to be set anew. */
export const maximumFailures = 100

export type Reservation =
  | { readonly ok: true; readonly value: Attempt }
  | {
      readonly ok: false
      readonly reason: 'locked' | 'too-many'
      readonly retryAfterSeconds: number
    }

/** One reserved attempt; exactly one of its two functions has to be called. */
export type Attempt = {
  /** Failures in a row before this attempt. */
  readonly failures: number
  /**
   * The credential was right: forget the failures, and record the sign-in with it. It was no guess,
   * so it does not count in the window of its name and network either.
   */
  succeed(event: AuditEvent): Promise<void>
  /** Nothing was decided (a store failed): the attempt does not count. */
  withdraw(): Promise<void>
}

export type Throttle = {
  /**
   * Reserves an attempt before the credential is looked at. It counts as a failure from the start:
   * twenty guesses sent at once are twenty attempts, not one. The username need not exist, and the
   * answer says nothing about whether it does.
   */
  reserve(username: string, address: string): Promise<Reservation>
}

const reserveAttempt: Statement = {
  name: 'sign-in-reserve',
  text: `INSERT INTO sign_in_failures AS f (subject, failures, updated_at)
    VALUES ($1, 1, $2::timestamptz)
    ON CONFLICT (subject) DO UPDATE SET failures = f.failures + 1, updated_at = EXCLUDED.updated_at,
      locked_until = CASE WHEN f.failures + 1 > ${freeFailures} THEN $2::timestamptz
        + least(${longestDelaySeconds}, ${firstDelaySeconds} * power(2, least(f.failures - ${freeFailures}, 20)))
        * interval '1 second' END
      WHERE (f.locked_until IS NULL OR f.locked_until <= $2::timestamptz)
        AND f.failures < ${maximumFailures}
    RETURNING failures`,
}

const readLock: Statement = {
  name: 'sign-in-lock',
  text: `SELECT ceil(extract(epoch FROM locked_until - $2::timestamptz))::int AS seconds
    FROM sign_in_failures WHERE subject = $1`,
}

const succeedAttempt: Statement = {
  name: 'sign-in-succeed',
  text: `WITH forgotten AS (DELETE FROM sign_in_failures WHERE subject = $1) ${auditInsert(2)}`,
}

const withdrawAttempt: Statement = {
  name: 'sign-in-withdraw',
  text: `UPDATE sign_in_failures SET failures = greatest(failures - 1, 0),
      locked_until = CASE WHEN failures - 1 > ${freeFailures} THEN locked_until END
    WHERE subject = $1`,
}

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

  return {
    async reserve(username, address) {
      const subject = keyedHash(key, `username ${username}`)
      const pair = `${subject}:${networkOf(address)}`
      const [fromAddress, fromPair] = await Promise.all([
        perAddress.count(networkOf(address)),
        perPair.count(pair),
      ])
      // A store that fails here costs one attempt of the window, and nobody his sign-in.
      const giveBack = () => perPair.giveBack(pair).catch(() => undefined)
      const windowSeconds = fromAddress.retryAfterSeconds ?? fromPair.retryAfterSeconds
      if (windowSeconds !== undefined) {
        return { ...refused('too-many'), retryAfterSeconds: windowSeconds }
      }
      const [reserved] = await db.query<{ failures: number }>(reserveAttempt, [subject, now()])
      if (!reserved) {
        const [lock] = await db.query<{ seconds: number | null }>(readLock, [subject, now()])
        const retryAfterSeconds = Math.max(1, lock?.seconds ?? longestDelaySeconds)
        return { ...refused('locked'), retryAfterSeconds }
      }
      return ok({
        failures: reserved.failures - 1,
        async succeed(event: AuditEvent) {
          await Promise.all([
            db.query(succeedAttempt, [subject, ...auditValues(event)]),
            giveBack(),
          ])
        },
        async withdraw() {
          await Promise.all([db.query(withdrawAttempt, [subject]), giveBack()])
        },
      })
    },
  }
}
