/**
 * What two spellings of one name have in common, as SQL text that the index `accounts_folded_name_idx` has as
 * well: case, width, accents, apostrophes, hyphens, blanks and points make no other person. Letters
 * of another alphabet do, and so does another name in the middle.
 * @param text a column or a parameter, as SQL.
 */
export function foldedNameSql(text: string): string {
  return `regexp_replace(lower(normalize(${text}, NFKD)), '${unheard}', '', 'g')`
}

/** Accents, which NFKD sets apart, and signs that one keyboard types in one way and another in another. */
const unheard =
  String.raw`[\u0300-\u036F ''` +
  '`' +
  String.raw`.,\u00B7\u2018-\u201B\u02B9-\u02BC\u2032\u2010-\u2015\u2212-]+`

/** Whether the names of two rows of accounts are one, as SQL text; NULL where one has none. */
export function sameNameSql(one: string, other: string): string {
  const same = (column: string) =>
    `${foldedNameSql(`${one}.${column}`)} = ${foldedNameSql(`${other}.${column}`)}`
  return `(${same('family_name')} AND ${same('given_name')})`
}
