import { type Origin, redactionAcknowledged } from '../audit/events.ts'
import { auditInsert, auditValues } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { AccountId, ClientId, CourtId } from '../ids.ts'
import type { Database, Statement } from '../storage/db.ts'

const saveAcknowledgement: Statement = {
  name: 'redaction-acknowledge',
  text: `WITH acknowledged AS (
      INSERT INTO redaction_acknowledgements AS r
        (session_uid, signed_in_at, account_id, acknowledged_at)
      VALUES ($1, $2::bigint, $3::uuid, $4::timestamptz)
      ON CONFLICT (session_uid) DO UPDATE SET signed_in_at = EXCLUDED.signed_in_at,
        account_id = EXCLUDED.account_id, acknowledged_at = EXCLUDED.acknowledged_at
        WHERE r.signed_in_at <> EXCLUDED.signed_in_at OR r.account_id <> EXCLUDED.account_id
      RETURNING 1),
    audited AS (${auditInsert(5, 'SELECT 1 FROM acknowledged')})
    SELECT 1`,
}

/** One sign-in: the stored uid of its session and its `auth_time` in epoch seconds. */
export type SignInMoment = { readonly sessionUid: string; readonly signedInAt: number }

/**
 * Records that the filer confirmed the responsibility to redact in this sign-in. A second
 * confirmation (double click, two tabs) changes nothing.
 * Source: FRAP 25(a)(5), FRCP 5.2, FRCrP 49.1, FRBP 9037.
 */
export async function acknowledgeRedaction(
  db: Database,
  signIn: SignInMoment,
  by: Origin & { accountId: AccountId; clientId: ClientId; courtId: CourtId },
): Promise<void> {
  await db.query(saveAcknowledgement, [
    signIn.sessionUid,
    signIn.signedInAt,
    by.accountId,
    now(),
    ...auditValues(redactionAcknowledged(by)),
  ])
}
