export type AccountState = 'active' | 'disabled'

/** What an account does, or what is done with it, as far as its state has a say. */
export type AccountAct = 'sign-in' | 'search' | 'file' | 'recover' | 'be-written-to'

/**
 * What an account may do in each state: nothing else in the house decides on a state. Whether it
 * searches is also its search status, and whether it files each court's own decision.
 */
const allowed: Readonly<Record<AccountState, Readonly<Record<AccountAct, boolean>>>> = {
  active: { 'sign-in': true, search: true, file: true, recover: true, 'be-written-to': true },
  // Independent of search and of filing: what was decided there stands when it is enabled again.
  disabled: { 'sign-in': false, search: true, file: true, recover: false, 'be-written-to': true },
}

export function may(account: { readonly state: AccountState }, act: AccountAct): boolean {
  return allowed[account.state][act]
}

/** The state of a row of `accounts`. */
export function stateOf(row: { readonly disabledAt: Date | null }): AccountState {
  return row.disabledAt ? 'disabled' : 'active'
}

/** When the account came into its state, where that is known. */
export function stateSince(row: { readonly disabledAt: Date | null }): Date | undefined {
  return row.disabledAt ?? undefined
}

/** `stateOf` as SQL text, for a SELECT on accounts under that alias. */
export function stateSql(alias: string): string {
  return `CASE WHEN ${alias}.disabled_at IS NULL THEN 'active' ELSE 'disabled' END`
}
