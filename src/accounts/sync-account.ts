import type { By } from '../audit/by.ts'
import { recordEvent, recordEvents } from '../audit/store.ts'
import { now } from '../clock.ts'
import { type AccountId, newAccountId } from '../ids.ts'
import { ok } from '../outcome.ts'
import {
  type Change,
  type Checked,
  hasProblems,
  type Problem,
  takenMeanwhile,
  under,
} from '../problem.ts'
import type { Transaction } from '../storage/db.ts'
import { type AccountState, type StateColumns, stateOf } from './account-state.ts'
import { disableAccount } from './disable-account.ts'
import { canonicalEmail } from './email-address.ts'
import { enableAccount } from './enable-account.ts'
import { accountSaved } from './events.ts'
import {
  type AccountRecord,
  findByNumber,
  insertAccount,
  insertAccounts,
  type StoredAccount,
  type TakenAccountMember,
  updateAccount,
} from './store.ts'
import { checkUsername, type UsernameProblem } from './username.ts'

type AccountMembers = Omit<
  AccountRecord,
  'id' | 'number' | 'usernameCanonical' | 'emailCanonical' | keyof StateColumns
>

/** What is undefined stays as it is, null takes it away; a new account needs what has no default. */
export type AccountInput = {
  readonly [Member in keyof AccountMembers]?: AccountMembers[Member] | undefined
} & {
  readonly number: string
  readonly isDisabled?: boolean | undefined
  /** The stored form of a password (`Passwords.hash`). */
  readonly passwordHash?: string | undefined
}

/** What saving an account would do. */
export type AccountPlan = {
  readonly isNew: boolean
  readonly changes: readonly Change[]
  readonly after: Omit<StoredAccount, 'id'> & { readonly state: AccountState }
}

/** As an operator writes them. */
const memberNames: Readonly<Record<keyof AccountMembers | 'isDisabled' | 'passwordHash', string>> =
  {
    type: 'type',
    userType: 'user_type',
    isUpgraded: 'upgraded',
    username: 'username',
    givenName: 'given_name',
    familyName: 'family_name',
    email: 'email',
    isEmailVerified: 'email_verified',
    searchStatus: 'search',
    clientCode: 'client_code',
    billedTo: 'billed_to',
    isDisabled: 'disabled',
    passwordHash: 'password',
  }

const takenProblems: Readonly<Record<TakenAccountMember, Problem>> = {
  'number-taken': { path: ['number'], message: takenMeanwhile },
  'username-taken': { path: ['username'], message: takenMeanwhile },
}

const usernameWords: Readonly<Record<UsernameProblem, string>> = {
  'too-long': 'has at most 64 characters',
  'too-short': 'has at least 8 characters',
  'not-legacy-length': 'has exactly 6 characters, as the account is a legacy one',
  'forbidden-character': 'has A-Z a-z 0-9 . _ @ - and nothing else',
}

/**
 * Registers the account with that number, or brings the existing one to the given facts. Writes
 * nothing, not even an audit row, when nothing differs.
 * @returns the account's id with what was done, or every problem.
 */
export async function syncAccount(
  tx: Transaction,
  input: AccountInput,
  by: By,
): Promise<Checked<AccountPlan & { readonly id: AccountId }>> {
  const before = await findByNumber(tx, input.number)
  const planned = planAccount(before, input)
  if (!planned.ok) return planned
  const { state: _, ...after } = planned.value.after
  const id = before?.id ?? newAccountId()
  const saved = ok({ ...planned.value, id })
  if (!before) {
    const inserted = await insertAccount(tx, { id, ...after })
    if (!inserted.ok) return hasProblems([takenProblems[inserted.reason]])
    await recordEvent(tx, accountSaved({ accountId: id, change: 'registered', fields: [], by }))
    return saved
  }
  const fields = (Object.keys(after) as (keyof typeof after)[]).filter(
    (field) => field !== 'disabledAt' && before[field] !== after[field],
  )
  if (fields.length > 0) {
    const change = Object.fromEntries(fields.map((field) => [field, after[field]]))
    const updated = await updateAccount(tx, id, change)
    if (!updated.ok) return hasProblems([takenProblems[updated.reason]])
    await recordEvent(tx, accountSaved({ accountId: id, change: 'changed', fields, by }))
  }
  if ((after.disabledAt === null) !== (before.disabledAt === null)) {
    await (after.disabledAt ? disableAccount(tx, id, by) : enableAccount(tx, id, by))
  }
  return saved
}

/**
 * Registers accounts that are new, all in a few statements: for files of many people.
 * @returns their ids, in order; or the problems of the first that cannot be registered, under its place.
 */
export async function syncNewAccounts(
  tx: Transaction,
  inputs: readonly AccountInput[],
  by: By,
): Promise<Checked<readonly AccountId[]>> {
  const accounts: StoredAccount[] = []
  for (const [index, input] of inputs.entries()) {
    const planned = planAccount(undefined, input)
    if (!planned.ok) return hasProblems(under([index], planned.problems))
    const { state: _, ...after } = planned.value.after
    accounts.push({ id: newAccountId(), ...after })
  }
  const stored = await insertAccounts(tx, accounts)
  if (!stored.ok) return hasProblems([{ path: [], message: takenMeanwhile }])
  for (const [index, account] of accounts.entries()) {
    const inserted = stored.value.has(account.id) || (await insertAccount(tx, account))
    if (inserted === true || inserted.ok) continue
    return hasProblems(under([index], [takenProblems[inserted.reason]]))
  }
  const ids = accounts.map(({ id }) => id)
  await recordEvents(
    tx,
    ids.map((accountId) => accountSaved({ accountId, change: 'registered', fields: [], by })),
  )
  return ok(ids)
}

/** What saving would do to the account as it is stored; nothing is written. */
export function planAccount(
  before: StoredAccount | undefined,
  input: AccountInput,
): Checked<AccountPlan> {
  const { number, isDisabled, passwordHash, ...given } = input
  const facts: AccountMembers = { ...(before ? factsOf(before) : defaults), ...defined(given) }
  // Another address is nobody's until it is confirmed anew.
  const hasNewEmail = before !== undefined && facts.email !== before.email
  if (facts.email === null || (hasNewEmail && given.isEmailVerified === undefined)) {
    facts.isEmailVerified = false
  }
  const problems: Problem[] = missingProblems(before, given)
  if (given.isEmailVerified && facts.email === null) {
    problems.push({ path: ['email_verified'], message: 'is true, and there is no e-mail address' })
  }
  const username = checkUsername(facts.username, { isUpgraded: facts.isUpgraded })
  if (!username.ok && problems.length === 0) {
    problems.push({ path: ['username'], message: usernameWords[username.reason] })
  }
  if (problems.length > 0 || !username.ok) return hasProblems(problems)

  const after = {
    number,
    ...facts,
    usernameCanonical: username.value,
    emailCanonical: facts.email === null ? null : canonicalEmail(facts.email),
    ...stateAfter(before, isDisabled),
    passwordHash: passwordHash ?? before?.passwordHash ?? null,
  }
  return ok({ isNew: !before, changes: changesOf(before, after), after })
}

const defaults: AccountMembers = {
  type: 'individual',
  userType: '',
  isUpgraded: true,
  username: '',
  givenName: null,
  familyName: null,
  email: null,
  isEmailVerified: false,
  searchStatus: 'active',
  clientCode: null,
  billedTo: 'self',
}

function factsOf(stored: StoredAccount): AccountMembers {
  const members = Object.keys(defaults) as (keyof AccountMembers)[]
  return Object.fromEntries(
    members.map((member) => [member, stored[member]]),
  ) as unknown as AccountMembers
}

function defined<T extends object>(members: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as never
}

function missingProblems(
  before: StoredAccount | undefined,
  given: Pick<AccountInput, 'userType' | 'username'>,
): Problem[] {
  if (before) return []
  return (['userType', 'username'] as const)
    .filter((member) => given[member] === undefined)
    .map((member) => ({
      path: [memberNames[member]],
      message: 'is missing, and the account is new',
    }))
}

/** The moment an account was disabled is kept: to be told so again does not move it. */
function stateAfter(before: StoredAccount | undefined, isDisabled: boolean | undefined) {
  const disabledAt = before?.disabledAt ?? null
  const after = isDisabled === undefined ? disabledAt : isDisabled ? (disabledAt ?? now()) : null
  return { disabledAt: after, state: stateOf({ ...before, disabledAt: after }) }
}

function changesOf(before: StoredAccount | undefined, after: AccountPlan['after']): Change[] {
  const shown = (value: string | boolean | null | undefined) =>
    value === null || value === undefined ? undefined : String(value)
  const changes = (Object.keys(defaults) as (keyof AccountMembers)[])
    .filter((member) => (before ? before[member] : null) !== after[member])
    .map((member) => ({
      member: memberNames[member],
      from: before && shown(before[member]),
      to: shown(after[member]),
    }))
  const wasDisabled = before !== undefined && before.disabledAt !== null
  const isDisabled = after.disabledAt !== null
  if (wasDisabled !== isDisabled) {
    const from = before && shown(wasDisabled)
    changes.push({ member: memberNames.isDisabled, from, to: shown(isDisabled) })
  }
  if (after.passwordHash !== null && after.passwordHash !== before?.passwordHash) {
    const from = before?.passwordHash ? 'the one before' : undefined
    changes.push({ member: memberNames.passwordHash, from, to: 'the one in the file' })
  }
  return changes
}
