import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'

/**
 * The statement of a filer, in one sign-in, to be responsible for redaction: the stored uid of the
 * session and the sign-in's `auth_time` in epoch seconds.
 */
export type RedactionAcknowledgement = {
  readonly sessionUid: string
  readonly signedInAt: number
  readonly accountId: AccountId
}

/**
 * The INSERT of a statement as SQL text, its four parameters numbered from `first`; nothing when the
 * first one is null, or `onlyIf` has no row.
 * Source: FRAP 25(a)(5), FRCP 5.2, FRCrP 49.1, FRBP 9037.
 */
function insert(first: number, onlyIf: string): string {
  const [uid, signedInAt, accountId, at] = [0, 1, 2, 3].map((n) => `$${first + n}`)
  return `INSERT INTO redaction_acknowledgements AS r
      (session_uid, signed_in_at, account_id, acknowledged_at)
    SELECT ${uid}::text, ${signedInAt}::bigint, ${accountId}::uuid, ${at}::timestamptz
      WHERE ${uid}::text IS NOT NULL AND EXISTS (${onlyIf})
    ON CONFLICT (session_uid) DO UPDATE SET signed_in_at = EXCLUDED.signed_in_at,
      account_id = EXCLUDED.account_id, acknowledged_at = EXCLUDED.acknowledged_at
      WHERE r.signed_in_at <> EXCLUDED.signed_in_at OR r.account_id <> EXCLUDED.account_id`
}

/** The parameters of `insert`, in its order. */
function values(acknowledgement: RedactionAcknowledgement | undefined): unknown[] {
  if (!acknowledgement) return [null, null, null, null]
  const { sessionUid, signedInAt, accountId } = acknowledgement
  return [sessionUid, signedInAt, accountId, now()]
}

/** For the statement that saves the session of a sign-in, which saves these in it, too. */
export const redactionAcknowledgements = { insert, values }

export const redactionSweep: SweepRule = {
  table: 'redaction_acknowledgements',
  key: 'session_uid',
  // A session lives at most twelve hours; the day leaves room.
  isOver: `acknowledged_at < $1::timestamptz - interval '24 hours'`,
}
