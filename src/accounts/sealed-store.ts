import type { AccountId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'

/** A row with something sealed. */
export type SealedAccount = {
  readonly id: AccountId
  readonly birthDateSealed: string
  readonly birthDateMark: string | null
}

const batch = 500
export const beforeFirst = '00000000-0000-0000-0000-000000000000' as AccountId

const selectSealed: Statement = {
  name: 'accounts-sealed',
  text: `SELECT id, birth_date_sealed AS "birthDateSealed", birth_date_mark AS "birthDateMark"
    FROM accounts WHERE id > $1::uuid ORDER BY id LIMIT ${batch}`,
}

/**
 * The next accounts after that id, whether or not something of them is sealed; `last` is undefined after
 * all of them.
 */
export async function listSealed(
  db: Queryable,
  after: AccountId,
): Promise<{ sealed: SealedAccount[]; last: AccountId | undefined }> {
  const rows = await db.query<SealedAccount & { birthDateSealed: string | null }>(selectSealed, [
    after,
  ])
  return { sealed: rows.filter((row) => row.birthDateSealed !== null), last: rows.at(-1)?.id }
}

const updateSealed: Statement = {
  name: 'accounts-reseal',
  text: `UPDATE accounts a SET birth_date_sealed = s.sealed, birth_date_mark = s.mark
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS s(id, before, sealed, mark)
    WHERE a.id = s.id AND a.birth_date_sealed = s.before RETURNING a.id`,
}

/** Replaces what is still as it was read; who wrote meanwhile is not undone. @returns how many. */
export async function replaceSealed(
  db: Queryable,
  changes: readonly {
    readonly id: AccountId
    readonly before: string
    readonly birthDateSealed: string
    readonly birthDateMark: string
  }[],
): Promise<number> {
  const rows = await db.query(updateSealed, [
    changes.map(({ id }) => id),
    changes.map(({ before }) => before),
    changes.map(({ birthDateSealed }) => birthDateSealed),
    changes.map(({ birthDateMark }) => birthDateMark),
  ])
  return rows.length
}

const keyBatch = 20_000
// `v1.KEY.DATA`: see `signing/sealed-field.ts`.
const selectKeyBatch: Statement = {
  name: 'account-sealing-keys',
  text: `WITH batch AS (SELECT id, split_part(birth_date_sealed, '.', 2) AS key
      FROM accounts WHERE id > $1::uuid ORDER BY id LIMIT ${keyBatch})
    SELECT (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last,
      ARRAY(SELECT DISTINCT key FROM batch WHERE key = ANY($2::text[])) AS found`,
}

/** Those of the keys' ids with which something of an account is sealed; reads all accounts, bit by bit. */
export async function findSealingKeysInUse(
  db: Queryable,
  ids: readonly string[],
): Promise<string[]> {
  const found = new Set<string>()
  let last: string | null = beforeFirst
  while (last !== null && found.size < ids.length) {
    const [row]: { last: string | null; found: string[] }[] = await db.query(selectKeyBatch, [
      last,
      ids,
    ])
    for (const id of row?.found ?? []) found.add(id)
    last = row?.last ?? null
  }
  return [...found]
}
