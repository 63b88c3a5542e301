import { type Held, type HoldColumns, heldSql, isHeldSql, listHolds } from './hold.ts'

/** What can be said of an account as a whole; a stricter one stands before a milder one. */
export const accountStates = [
  'closed',
  'disabled',
  'unconfirmed',
  'in-review',
  'held',
  'must-change-password',
  'active',
] as const
export type AccountState = (typeof accountStates)[number]

/** What an account does, or what is done with it, as far as its state has a say. */
export const accountActs = ['sign-in', 'search', 'file', 'recover', 'be-written-to'] as const
export type AccountAct = (typeof accountActs)[number]

/**
 * What an account may do in each state: nothing else in the house decides on a state. Of several that
 * apply the first one counts, so each allows nothing that one after it forbids. Whether it searches is
 * also its search status, and whether it files each court's own decision. `docs/accounts.md` has the
 * same table, with who can change what.
 */
const allowed: Readonly<Record<AccountState, Readonly<Record<AccountAct, boolean>>>> = {
  // For good: what is stored of it is history.
  closed: allow(),
  // What was decided elsewhere stands when it is enabled again; nobody can use it meanwhile.
  disabled: allow('be-written-to'),
  // The mail that confirms it, and a new password through that mailbox, are the way in.
  unconfirmed: allow('recover', 'be-written-to'),
  'in-review': allow('sign-in', 'recover', 'be-written-to'),
  // A password through the mailbox gives no right back: who recovered is held until somebody looked.
  held: allow('sign-in', 'search', 'recover', 'be-written-to'),
  // The sign-in asks for the new password. A right to file stays: it may be the last day to file.
  'must-change-password': allow('sign-in', 'search', 'file', 'recover', 'be-written-to'),
  active: allow('sign-in', 'search', 'file', 'recover', 'be-written-to'),
}

function allow(...acts: readonly AccountAct[]): Readonly<Record<AccountAct, boolean>> {
  return Object.fromEntries(accountActs.map((act) => [act, acts.includes(act)])) as never
}

export function may(account: { readonly state: AccountState }, act: AccountAct): boolean {
  return allowed[account.state][act]
}

/** A state in which the right password does not sign anybody in. */
export type BarringState = 'closed' | 'disabled' | 'unconfirmed'

/** The state that keeps an account from signing in; undefined where it may. */
export function barringState(account: { readonly state: AccountState }): BarringState | undefined {
  return may(account, 'sign-in') ? undefined : (account.state as BarringState)
}

/** The columns of `accounts` that make the state; one that is left out is null. */
export type StateColumns = HoldColumns & {
  readonly closedAt?: Date | null
  readonly disabledAt?: Date | null
  readonly unconfirmedSince?: Date | null
  readonly mustChangePasswordSince?: Date | null
}

/** The state of a row of `accounts`, and since when: the strictest of those that apply. */
function strictest(row: StateColumns): readonly [AccountState, Date | undefined] {
  if (row.closedAt) return ['closed', row.closedAt]
  if (row.disabledAt) return ['disabled', row.disabledAt]
  if (row.unconfirmedSince) return ['unconfirmed', row.unconfirmedSince]
  if (row.reviewSince) return ['in-review', row.reviewSince]
  const [held] = listHolds(row)
  if (held) return ['held', held.since]
  if (row.mustChangePasswordSince) return ['must-change-password', row.mustChangePasswordSince]
  return ['active', undefined]
}

export function stateOf(row: StateColumns): AccountState {
  return strictest(row)[0]
}

/** The columns of a new account that somebody made for its holder, who has confirmed nothing yet. */
export function unconfirmedColumns(at: Date) {
  return { disabledAt: null, unconfirmedSince: at }
}

/** When the account came into its state, where that is known. */
export function stateSince(row: StateColumns): Date | undefined {
  return strictest(row)[1]
}

/** `stateOf` as SQL text, for a SELECT on accounts under that alias. */
export function stateSql(alias: string): string {
  return `CASE WHEN ${alias}.closed_at IS NOT NULL THEN 'closed'
    WHEN ${alias}.disabled_at IS NOT NULL THEN 'disabled'
    WHEN ${alias}.unconfirmed_since IS NOT NULL THEN 'unconfirmed'
    WHEN ${alias}.review_since IS NOT NULL THEN 'in-review'
    WHEN ${isHeldSql(alias)} THEN 'held'
    WHEN ${alias}.must_change_password_since IS NOT NULL THEN 'must-change-password'
    ELSE 'active' END`
}

/** What tokens, pages and the steps of a sign-in are told of the state of an account. */
export type StateFacts = {
  readonly state: AccountState
  /** The hold that courts are told of, whatever else applies. */
  readonly held: Held | null
  /** Whether the next sign-in asks for a new password; a hold hides it in `state`, and does not end it. */
  readonly mustChangePassword: boolean
  /** What the version of every right grows by. */
  readonly holdVersion: number
}

/** `StateFacts` as members of a JSON object in SQL. */
export function stateJson(alias: string): string {
  return `'state', ${stateSql(alias)}, 'held', ${heldSql(alias)},
    'mustChangePassword', ${alias}.must_change_password_since IS NOT NULL,
    'holdVersion', ${alias}.hold_version`
}
