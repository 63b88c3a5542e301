import { foldedNameSql } from './folded-name.ts'

/**
 * What two accounts of one person have in common beside the name, as SQL text that the indexes
 * `accounts_bar_numbers_idx` and `accounts_postal_key_idx` have as well.
 */

/** The bar numbers of a row of accounts, in one spelling of their letters: a list of `{ state, number }`. */
export function barNumbersSql(account: string): string {
  return `lower(${account}.bar_numbers::text)::jsonb`
}

/** The two keys of the postal address of a row of accounts: the first five of the ZIP Code, and the street. */
export function postalKeySql(account: string): { readonly zip: string; readonly street: string } {
  return {
    zip: `left(${account}.address ->> 'postalCode', 5)`,
    street: foldedNameSql(`${account}.address -> 'lines' ->> 0`),
  }
}

/** Whether two rows of accounts have one postal address, as SQL text; NULL where one has none. */
export function samePostalAddressSql(one: string, other: string): string {
  const [a, b] = [postalKeySql(one), postalKeySql(other)]
  return `(${a.zip} = ${b.zip} AND ${a.street} = ${b.street})`
}
