import type { KeyObject } from 'node:crypto'
import { type By, byAccount, type Origin } from '../../audit/by.ts'
import { type DeadLinkFound, findLink, type LinkRefusal, useLink } from '../../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction, type Queryable, type Transaction } from '../../storage/db.ts'
import { confirmAccount } from '../confirm-account.ts'
import { endAllSignIns } from '../end-sign-ins.ts'
import type { Passwords } from '../password.ts'
import type { PasswordPolicy, PasswordProblem } from '../password-policy.ts'
import { resetPurpose, setPassword } from '../set-password.ts'
import { withdrawEmailChange } from '../withdraw-email-change.ts'
import { isRecoverable, type RecoverableAccount, standMark } from './recovery.ts'
import { findRecoverable, lockRecoverable } from './store.ts'

export type ResetDeps = {
  readonly db: Database
  readonly key: KeyObject
  readonly passwords: Pick<Passwords, 'hash' | 'verify'>
  readonly policy: PasswordPolicy
  /** Ends what wrong passwords did to the name: whoever reads the mailbox did not guess. */
  forgetFailures(tx: Transaction, account: ResetAccount, by: By): Promise<unknown>
}

export type ResetAccount = Pick<RecoverableAccount, 'id' | 'usernameCanonical'>

/** Why a link gives no new password. `superseded`: password or address are others by now. */
export type ResetLinkRefusal = Exclude<LinkRefusal, 'voided'> | 'superseded' | 'not-possible'

/** A link that is good, for the page that it opens. */
export type OpenReset = {
  readonly account: RecoverableAccount
  /** The application whose sign-in page led to the question. */
  readonly clientId: string | undefined
}

/** For the page of a link: changes nothing and uses nothing up. */
export async function findReset(
  { db, key }: Pick<ResetDeps, 'db' | 'key'>,
  token: string,
): Promise<Outcome<OpenReset, ResetLinkRefusal>> {
  const link = await findLink(db, key, resetPurpose, token)
  if (!link.ok) return refused(await reasonOf(db, link))
  const { accountId, about } = link.value
  const account = accountId && (await findRecoverable(db, accountId))
  const whyNot = whyNotFor(key, account, about['stands'])
  return account && !whyNot ? ok({ account, clientId: about['client'] }) : refused(whyNot!)
}

/** What was voided was sent before another password or address, if one can be chosen at all. */
async function reasonOf(db: Queryable, dead: DeadLinkFound): Promise<ResetLinkRefusal> {
  if (dead.reason !== 'voided') return dead.reason
  const { accountId } = dead.was
  const account = accountId && (await findRecoverable(db, accountId))
  return account && isRecoverable(account) ? 'superseded' : 'not-possible'
}

function whyNotFor(
  key: KeyObject,
  account: RecoverableAccount | undefined,
  stands: string | undefined,
): 'superseded' | 'not-possible' | undefined {
  if (!account || !isRecoverable(account)) return 'not-possible'
  return stands === standMark(key, account) ? undefined : 'superseded'
}

/**
 * Gives an account the password that the reader of its mailbox chose. Everybody who is signed in is signed
 * out, a pause after wrong passwords ends, and the holder is told; nobody is signed in. Rights to file
 * stay as they are.
 * @throws UnavailableError when the password cannot be looked at or hashed now.
 */
export async function resetPassword(
  deps: ResetDeps,
  { token, password }: { readonly token: string; readonly password: string },
  origin: Origin,
): Promise<
  Outcome<
    OpenReset,
    | { readonly reason: ResetLinkRefusal }
    | { readonly reason: 'weak'; readonly problem: PasswordProblem; readonly open: OpenReset }
  >
> {
  const found = await findReset(deps, token)
  if (!found.ok) return refused(found.reason, {})
  const checked = await deps.policy.check(password, { words: wordsOf(found.value.account) })
  if (!checked.ok) return refused('weak', { problem: checked.reason, open: found.value })
  const before = await findBefore(deps, found.value.account, checked.value)
  if (before) return refused('weak', { problem: before, open: found.value })
  const hash = await deps.passwords.hash(checked.value)
  return inTransaction(deps.db, async (tx) => {
    const { id } = found.value.account
    const account = await lockRecoverable(tx, id)
    const link = await useLink(tx, deps.key, resetPurpose, token)
    if (!link.ok) return refused(await reasonOf(tx, link), {})
    const whyNot = whyNotFor(deps.key, account, link.value.about['stands'])
    if (!account || whyNot) return refused(whyNot ?? 'not-possible', {})
    await put(tx, deps, account, hash, origin)
    return ok(found.value)
  })
}

/** Which one it was before, of an account that may not go on with that. */
async function findBefore(
  { passwords }: Pick<ResetDeps, 'passwords'>,
  { state, passwordHash, disownedPasswordHash }: RecoverableAccount,
  password: string,
): Promise<'of-before' | 'present' | undefined> {
  const isIt = async (hash: string | null) =>
    hash !== null && (await passwords.verify(password, hash)) !== 'mismatch'
  if (await isIt(disownedPasswordHash)) return 'of-before'
  return state === 'must-change-password' && (await isIt(passwordHash)) ? 'present' : undefined
}

async function put(
  tx: Transaction,
  deps: ResetDeps,
  account: RecoverableAccount,
  hash: string,
  origin: Origin,
): Promise<void> {
  const { id: accountId } = account
  const by = byAccount(accountId, origin)
  if (account.state === 'unconfirmed') await confirmAccount(tx, accountId, by)
  await setPassword(tx, { accountId, hash, why: 'reset' }, by)
  await endAllSignIns(tx, accountId, by)
  // Whoever asked for it may be the one who is shut out now; who has none that waits loses nothing.
  await withdrawEmailChange(tx, accountId, by)
  await deps.forgetFailures(tx, account, by)
}

function wordsOf({ username, givenName, familyName, email, number }: RecoverableAccount) {
  return [username, givenName, familyName, email, number]
}
