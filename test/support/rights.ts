import { insertAccount, type StoredAccount } from '../../src/accounts/store.ts'
import { canonicalUsername } from '../../src/accounts/username.ts'
import { type By, byAccount, byOperator } from '../../src/audit/by.ts'
import type { Decision } from '../../src/efiling/apply-decision.ts'
import { decideRight } from '../../src/efiling/decide-right.ts'
import { efilingClaim, findFacts } from '../../src/efiling/facts.ts'
import type { EfilingEntry } from '../../src/efiling/standing.ts'
import { type AccountId, type CourtId, newAccountId } from '../../src/ids.ts'
import { createLog } from '../../src/log.ts'
import { grantRole } from '../../src/staff/grant-role.ts'
import type { CourtRole } from '../../src/staff/role.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { cloneDatabase } from './database.ts'

/** Somebody of that number; the rest follows from it. */
export const numbered = (number: string, other: Partial<StoredAccount> = {}): StoredAccount => ({
  id: newAccountId(),
  number,
  type: 'individual',
  userType: 'attorney',
  isUpgraded: true,
  username: `person-${number}`,
  usernameCanonical: canonicalUsername(`person-${number}`)!,
  passwordHash: null,
  givenName: null,
  familyName: null,
  email: `${number}@example.com`,
  emailCanonical: `${number}@example.com`,
  isEmailVerified: true,
  searchStatus: 'active',
  clientCode: null,
  billedTo: 'self',
  disabledAt: null,
  ...other,
})

export type RightsHouse = Awaited<ReturnType<typeof openRightsHouse>>

/** Courts, people and their deciding, over so many handles of one database: as many processes. */
export async function openRightsHouse({ handles = 2 } = {}) {
  const { url, drop } = await cloneDatabase('withCourts')
  const dbs: Database[] = []
  for (let index = 0; index < handles; index += 1) {
    dbs.push(await openDatabase({ url, dataDir: '', poolSize: 6 }, createLog('silent')))
  }
  const db = dbs[0]!
  let number = 7_400_000
  const by = byOperator('test')

  const addPerson = async (other: Partial<StoredAccount> = {}): Promise<AccountId> => {
    number += 1
    const account = numbered(String(number), other)
    const inserted = await inTransaction(db, (tx) => insertAccount(tx, account))
    if (!inserted.ok) throw new Error(inserted.reason)
    return account.id
  }
  const addStaff = async (role: CourtRole, courtId: CourtId): Promise<AccountId> => {
    const id = await addPerson()
    const granted = await inTransaction(db, (tx) => grantRole(tx, id, { role, courtId }, by))
    if (!granted.ok) throw new Error(granted.reason)
    return id
  }
  const decide = (
    by: AccountId | By,
    accountId: AccountId,
    courtId: CourtId,
    decision: Decision,
    on = db,
  ) =>
    inTransaction(
      on,
      (tx) => {
        const who = typeof by === 'string' ? byAccount(by, {}) : by
        return decideRight(tx, { accountId, courtId, decision, by: who })
      },
      { milliseconds: 30_000 },
    )
  /** What the court is told at this moment. */
  const entry = async (
    accountId: AccountId,
    courtId: CourtId,
    on = db,
    at = new Date(),
  ): Promise<EfilingEntry> => {
    const facts = await findFacts(on, accountId, [courtId], undefined)
    return efilingClaim(facts!, at)[courtId]!
  }
  const close = async () => {
    for (const each of dbs) await each.close()
    await drop()
  }
  return { dbs, db, addPerson, addStaff, decide, entry, close }
}

export const inNcwd = 'ncwd' as CourtId
export const inNcwb = 'ncwb' as CourtId
