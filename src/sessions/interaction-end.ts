import type { AuditEvent } from '../audit/event.ts'
import { auditInsertAll, auditValuesOf } from '../audit/store.ts'
import { now, secondsFromNow } from '../clock.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { type GrantToSave, grantValues, noGrant, upsertGrantIfGiven } from './grant-store.ts'
import { type SessionToSave, sessionValues } from './session-store.ts'
import { isRequestFirst, markRequest, requestValues } from './used-request.ts'

/** What somebody said on the way, which a slice above keeps: committed with the session. */
export type Statements<Said> = {
  /** Its INSERT as SQL text, the parameters numbered from `first`, where `onlyIf` has a row. */
  readonly insert: (first: number, onlyIf: string) => string
  /** The parameters; without a value such that nothing is inserted. */
  readonly values: (said: Said | undefined) => unknown[]
}

/** What belongs to the end of an interaction, beside the session that comes out of it. */
export type InteractionEnd<Said> = {
  /** The stored id of the interaction. */
  readonly id: string
  /** Until then nobody can come with it again; the mark is needed no longer. */
  readonly expiresInSeconds: number
  /** The identifier that the session had until now. */
  readonly replaces: string | undefined
  /** The session of somebody else in the same browser, by its stored uid: it ends. */
  readonly ends: string | undefined
  /** The stand of the account that the password was proved at here; absent where none was. */
  readonly stand: number | undefined
  readonly said: Said | undefined
  readonly grant: GrantToSave | undefined
  readonly events: readonly AuditEvent[]
  /** The stored id of the pushed request that is answered: it is used up, too. */
  readonly request: string | undefined
}

/**
 * Saves the session that comes out of an interaction with everything that was said there.
 * @returns false when the interaction or its pushed request was used already, the session is over, or the
 * account's sign-ins have ended since the password was proved: nothing is changed.
 */
export type EndInteraction<Said> = (
  db: Queryable,
  session: SessionToSave,
  end: InteractionEnd<Said>,
) => Promise<boolean>

const isFirst = 'SELECT 1 FROM used'

// The end of an interaction is one act. Of two requests that end the same one at the same moment the
// second waits for the first one's mark, finds it, and writes nothing. A session that was ended
// meanwhile uses nothing up, and nor does an interaction whose pushed request was used elsewhere.
// Whoever ends the account's sign-ins in the same moment is waited for, and finds the session that began before;
// both lock the account first.
const isSessionOpen = 'NOT EXISTS (SELECT 1 FROM sessions WHERE uid = $2 AND ended_at IS NOT NULL)'
const isProofGood = '($19::int IS NULL OR EXISTS (SELECT 1 FROM standing))'
const isInteractionOpen = `NOT EXISTS (SELECT 1 FROM short_lived
  WHERE model = 'UsedInteraction' AND id = $6)`
const mayMark = `$17::text IS NOT NULL AND ${isProofGood} AND ${isSessionOpen} AND ${isInteractionOpen}`

export function createEndInteraction<Said>(statements: Statements<Said>): EndInteraction<Said> {
  const statement: Statement = {
    name: 'interaction-end',
    text: `WITH standing AS (SELECT 1 FROM accounts
        WHERE id = $3::uuid AND sign_in_stand = $19::int FOR SHARE),
      requested AS (${markRequest('$17', '$18', mayMark)}),
      used AS (
        INSERT INTO short_lived (model, id, payload, expires_at)
        SELECT 'UsedInteraction', $6, '{}', $7::timestamptz
          WHERE ${isProofGood} AND ${isSessionOpen} AND ($17::text IS NULL OR EXISTS (${isRequestFirst}))
        ON CONFLICT DO NOTHING RETURNING 1),
      replaced AS (UPDATE sessions SET replaced_at = $8::timestamptz
        WHERE id = $9 AND replaced_at IS NULL AND EXISTS (${isFirst})),
      ended AS (UPDATE sessions SET ended_at = $8::timestamptz
        WHERE uid = $10 AND ended_at IS NULL AND EXISTS (${isFirst})),
      granted AS (${upsertGrantIfGiven(11, isFirst)}),
      stated AS (${statements.insert(20, isFirst)}),
      audited AS (${auditInsertAll('$16', isFirst)}),
      saved AS (INSERT INTO sessions (id, uid, account_id, payload, expires_at)
        SELECT $1, $2, $3::uuid, $4::jsonb, $5::timestamptz WHERE EXISTS (${isFirst}))
      ${isFirst}`,
  }
  return async (db, session, end) => {
    const rows = await db.query(statement, [
      ...sessionValues(session),
      end.id,
      secondsFromNow(end.expiresInSeconds),
      now(),
      end.replaces ?? null,
      end.ends ?? null,
      ...(end.grant ? grantValues(end.grant) : noGrant),
      auditValuesOf(end.events),
      ...(end.request ? requestValues(end.request) : [null, null]),
      end.stand ?? null,
      ...statements.values(end.said),
    ])
    return rows.length === 1
  }
}
