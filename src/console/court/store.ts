import { displayName } from '../../accounts/account.ts'
import type { Queryable, Statement } from '../../storage/db.ts'

const selectPeople: Statement = {
  name: 'console-names-of-people',
  text: `SELECT id::text AS id, given_name AS "givenName", family_name AS "familyName", username
    FROM accounts WHERE id = ANY($1::uuid[])`,
}

type PersonRow = Parameters<typeof displayName>[0] & { readonly id: string }

/** The names of people by their ids, with the username of each behind it. */
export async function listNamesOfPeople(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.query<PersonRow>(selectPeople, [[...new Set(ids)]])
  return new Map(rows.map((row) => [row.id, `${displayName(row)} (${row.username})`]))
}
