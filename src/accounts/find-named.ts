import type { AccountId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { accountNumberPattern } from './account.ts'
import { foldedNameSql } from './folded-name.ts'

const selectNamed: Statement = {
  name: 'account-named',
  text: `SELECT a.id::text AS id FROM accounts a
    WHERE a.number = $1 AND ${foldedNameSql('a.family_name')} = ${foldedNameSql('$2::text')}`,
}

/**
 * The account with that number whose holder has that last name: both or nobody, so that a number alone tells
 * no name. How the name is spelled matters as little as between twins (`folded-name.ts`).
 * @param typed as somebody typed them; the number may have blanks and hyphens.
 */
export async function findNamed(
  db: Queryable,
  typed: { readonly number: string; readonly familyName: string },
): Promise<AccountId | undefined> {
  const number = typed.number.replace(/[\s-]/g, '')
  if (!accountNumberPattern.test(number)) return undefined
  const [row] = await db.query<{ id: AccountId }>(selectNamed, [number, typed.familyName.trim()])
  return row?.id
}
