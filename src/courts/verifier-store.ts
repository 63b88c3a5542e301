import type { CourtId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'

const selectAll: Statement = {
  name: 'court-verifiers',
  text: 'SELECT court_id AS "courtId", url FROM old_login_verifiers WHERE court_id = ANY($1::text[])',
}

/** Where these courts say whether an old login and its password belong together, of those that do. */
export async function listVerifiers(
  db: Queryable,
  courtIds: readonly CourtId[],
): Promise<ReadonlyMap<CourtId, string>> {
  const rows = await db.query<{ courtId: CourtId; url: string }>(selectAll, [courtIds])
  return new Map(rows.map(({ courtId, url }) => [courtId, url]))
}

const upsertOne: Statement = {
  name: 'court-verifier-save',
  text: `INSERT INTO old_login_verifiers (court_id, url) VALUES ($1, $2)
    ON CONFLICT (court_id) DO UPDATE SET url = EXCLUDED.url`,
}

const deleteOne: Statement = {
  name: 'court-verifier-delete',
  text: 'DELETE FROM old_login_verifiers WHERE court_id = $1',
}

/** @param url null: the court answers no more. */
export async function writeVerifier(
  tx: Transaction,
  courtId: CourtId,
  url: string | null,
): Promise<void> {
  await (url === null ? tx.query(deleteOne, [courtId]) : tx.query(upsertOne, [courtId, url]))
}
