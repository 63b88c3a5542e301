import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { AccountFacts } from './account.ts'
import { type BarringState, barringState, stateOf, stateSql } from './account-state.ts'
import { type HoldReason, holdColumns, listHolds } from './hold.ts'

/** Why a state was not changed, beside that it was there already. */
export type StateRefusal = 'unknown-account' | 'closed'

/** @returns false where the account was disabled already. */
export async function markDisabled(tx: Transaction, id: AccountId): Promise<boolean> {
  const where = { id, disabledAt: null }
  return (await tx.prisma.account.updateMany({ where, data: { disabledAt: now() } })).count === 1
}

/** @returns false where the account was not disabled. */
export async function markEnabled(tx: Transaction, id: AccountId): Promise<boolean> {
  const where = { id, disabledAt: { not: null } }
  return (await tx.prisma.account.updateMany({ where, data: { disabledAt: null } })).count === 1
}

/** Begins a hold. Every hold, and every end of one, raises the version of every right of the account. */
export async function markHeld(
  tx: Transaction,
  id: AccountId,
  reason: HoldReason,
): Promise<Outcome<void, StateRefusal | 'already-held'>> {
  const column = holdColumns[reason]
  const { count } = await tx.prisma.account.updateMany({
    where: { id, closedAt: null, [column]: null },
    data: { [column]: now(), holdVersion: { increment: 1 } },
  })
  return count === 1 ? ok() : whyNot(tx, id, 'already-held')
}

/** Ends the hold of that reason; others go on. */
export async function markReleased(
  tx: Transaction,
  id: AccountId,
  reason: HoldReason,
): Promise<Outcome<void, StateRefusal | 'not-held'>> {
  const column = holdColumns[reason]
  const { count } = await tx.prisma.account.updateMany({
    where: { id, closedAt: null, [column]: { not: null } },
    data: { [column]: null, holdVersion: { increment: 1 } },
  })
  return count === 1 ? ok() : whyNot(tx, id, 'not-held')
}

/** The reason of the hold that courts are told; undefined where there is none. */
export async function findHold(tx: Transaction, id: AccountId): Promise<HoldReason | undefined> {
  const row = await tx.prisma.account.findUnique({ where: { id } })
  return row ? listHolds(row)[0]?.reason : undefined
}

/** The state in which nobody signs in, hold or not; undefined where somebody may. */
export async function findBarring(
  tx: Transaction,
  id: AccountId,
): Promise<BarringState | undefined> {
  const row = await tx.prisma.account.findUnique({ where: { id } })
  return row ? barringState({ state: stateOf(row) }) : undefined
}

/** Every reason for which an account is held, the hold that began first at the top. */
export async function listHoldReasons(db: Queryable, id: AccountId): Promise<HoldReason[]> {
  const row = await db.prisma.account.findUnique({ where: { id } })
  return row ? listHolds(row).map(({ reason }) => reason) : []
}

export async function markClosed(
  tx: Transaction,
  id: AccountId,
): Promise<Outcome<void, 'unknown-account' | 'already-closed'>> {
  const where = { id, closedAt: null }
  const { count } = await tx.prisma.account.updateMany({ where, data: { closedAt: now() } })
  if (count === 1) return ok()
  const exists = await tx.prisma.account.findUnique({ where: { id }, select: { id: true } })
  return refused(exists ? 'already-closed' : 'unknown-account')
}

/** The address is its holder's. Whoever has just confirmed it searches from now on. */
export async function markConfirmed(
  tx: Transaction,
  id: AccountId,
): Promise<Outcome<void, StateRefusal | 'already-confirmed'>> {
  const { count } = await tx.prisma.account.updateMany({
    where: { id, closedAt: null, unconfirmedSince: { not: null } },
    data: { unconfirmedSince: null, isEmailVerified: true, searchUsedAt: now() },
  })
  return count === 1 ? ok() : whyNot(tx, id, 'already-confirmed')
}

/** @param takesPassword whether the stored password is forgotten: only the mailbox lets anybody
 *   in then, and it is not taken as the new one. */
export async function markPasswordRequired(
  tx: Transaction,
  id: AccountId,
  takesPassword: boolean,
): Promise<Outcome<void, StateRefusal | 'already-required'>> {
  const isLess = takesPassword
    ? { OR: [{ mustChangePasswordSince: null }, { passwordHash: { not: null } }] }
    : { mustChangePasswordSince: null }
  const before = takesPassword
    ? await tx.prisma.account.findUnique({ where: { id }, select: { passwordHash: true } })
    : null
  const disowned = before?.passwordHash && { disownedPasswordHash: before.passwordHash }
  const { count } = await tx.prisma.account.updateMany({
    where: { id, closedAt: null, ...isLess },
    data: {
      mustChangePasswordSince: now(),
      ...(takesPassword && { passwordHash: null, ...disowned }),
    },
  })
  return count === 1 ? ok() : whyNot(tx, id, 'already-required')
}

/** The same state as before, or one that nothing changes any more. */
async function whyNot<Same extends string>(tx: Transaction, id: AccountId, same: Same) {
  const row = await tx.prisma.account.findUnique({ where: { id } })
  if (!row) return refused<StateRefusal | Same>('unknown-account')
  return refused<StateRefusal | Same>(stateOf(row) === 'closed' ? 'closed' : same)
}

const lockSearchRow: Statement = {
  name: 'account-lock-search',
  text: `SELECT ${stateSql('accounts')} AS state, search_status::text AS "searchStatus",
      search_used_at AS "searchUsedAt"
    FROM accounts WHERE id = $1::uuid FOR NO KEY UPDATE`,
}

/** What decides whether the account searches; nobody else changes it until the transaction ends. */
export async function lockSearch(
  tx: Transaction,
  id: AccountId,
): Promise<Pick<AccountFacts, 'state' | 'searchStatus' | 'searchUsedAt'> | undefined> {
  const [row] = await tx.query<Pick<AccountFacts, 'state' | 'searchStatus' | 'searchUsedAt'>>(
    lockSearchRow,
    [id],
  )
  return row
}

const updateSearchUsed: Statement = {
  name: 'account-search-used',
  text: `UPDATE accounts SET search_used_at = $2::timestamptz
    WHERE id = $1::uuid AND search_used_at < $2::timestamptz`,
}

/** The six months begin again. */
export async function writeSearchUsed(db: Queryable, id: AccountId, at: Date): Promise<void> {
  await db.query(updateSearchUsed, [id, at])
}
