import type { Day } from '../days.ts'

/**
 * The rules of use that hold now, by the day of their version: it changes with the text
 * (`templates/rules-of-use-text.eta`), and then every holder is asked at the next sign-in.
 */
export const rulesVersion = '2026-11-02' as Day

/**
 * Whether somebody has to accept the present rules: what was accepted is older.
 * @param accepted the day of the accepted version; of an account that was made elsewhere, the day on
 *   which it came here, since its holder had accepted what held then.
 */
export function mustAcceptRules(accepted: string): boolean {
  return accepted < rulesVersion
}

/** The accepted version of an account as `mustAcceptRules` takes it, as SQL text. */
export function acceptedRulesSql(alias: string): string {
  return `coalesce(${alias}.rules_version, to_char(${alias}.created_at, 'YYYY-MM-DD'))`
}
