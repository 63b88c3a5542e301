import type { Queryable, Statement } from '../storage/db.ts'

const hashBatch = 20_000

// `hmac-sha256:PEPPER$argon2id$…`: see `password.ts`.
const selectPepperBatch: Statement = {
  name: 'account-peppers',
  text: `WITH batch AS (SELECT id, split_part(split_part(password_hash, '$', 1), ':', 2) AS pepper
      FROM accounts WHERE id > $1::uuid ORDER BY id LIMIT ${hashBatch})
    SELECT (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last,
      ARRAY(SELECT DISTINCT pepper FROM batch WHERE pepper = ANY($2::text[])) AS found`,
}

/** Those of the peppers' ids under which a password is stored; reads all accounts, bit by bit. */
export async function findPeppersInUse(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  let last: string | null = '00000000-0000-0000-0000-000000000000'
  while (last !== null && found.size < ids.length) {
    const [row]: { last: string | null; found: string[] }[] = await db.query(selectPepperBatch, [
      last,
      ids,
    ])
    for (const id of row?.found ?? []) found.add(id)
    last = row?.last ?? null
  }
  return [...found]
}
