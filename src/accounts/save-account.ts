import { accountSaved } from '../audit/events.ts'
import { appendEvent } from '../audit/store.ts'
import { type AccountId, newAccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import {
  type AccountRecord,
  findByNumber,
  insertAccount,
  type StoredAccount,
  updateAccount,
} from './store.ts'
import { checkUsername, type UsernameProblem } from './username.ts'

export type AccountInput = Omit<AccountRecord, 'id' | 'usernameCanonical' | 'emailCanonical'> & {
  /** The stored form of a password (`Passwords.hash`); undefined keeps the one there is. */
  passwordHash: string | undefined
}

/**
 * Registers the account with that number, or brings the existing one to the given facts. Writes
 * nothing, not even an audit row, when nothing differs.
 * @returns the account's id, or what is wrong with its username.
 */
export async function saveAccount(
  tx: Transaction,
  input: AccountInput,
): Promise<Outcome<AccountId, UsernameProblem>> {
  const username = checkUsername(input.username, { isUpgraded: input.isUpgraded })
  if (!username.ok) return refused(username.reason)

  const { passwordHash, ...facts } = input
  const record = {
    ...facts,
    usernameCanonical: username.value,
    emailCanonical: input.email?.toLowerCase() ?? null,
  }
  const before = await findByNumber(tx, input.number)
  if (!before) {
    const id = newAccountId()
    await insertAccount(tx, { id, ...record, passwordHash: passwordHash ?? null })
    await appendEvent(tx, accountSaved({ accountId: id, change: 'registered', fields: [] }))
    return ok(id)
  }

  const after = { ...record, ...(passwordHash !== undefined && { passwordHash }) }
  const fields = (Object.keys(after) as (keyof typeof after)[]).filter(
    (field) => !isSame(before[field as keyof StoredAccount], after[field]),
  )
  if (fields.length === 0) return ok(before.id)
  await updateAccount(
    tx,
    before.id,
    Object.fromEntries(fields.map((field) => [field, after[field]])),
  )
  await appendEvent(tx, accountSaved({ accountId: before.id, change: 'changed', fields }))
  return ok(before.id)
}

function isSame(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b
}
