import { createPasswords, type Passwords } from '../accounts/password.ts'
import { saveAccount } from '../accounts/save-account.ts'
import { findByNumber } from '../accounts/store.ts'
import { courtGoLiveChanged } from '../audit/events.ts'
import { appendEvent } from '../audit/store.ts'
import { type SaveClientRules, saveClient } from '../clients/save-client.ts'
import { now } from '../clock.ts'
import type { Config } from '../config.ts'
import { findCourt, saveGoLive } from '../courts/store.ts'
import { saveStanding } from '../efiling/save-standing.ts'
import type { ClientId, CourtId } from '../ids.ts'
import type { Pepper } from '../signing/secrets.ts'
import { grantRole } from '../staff/grant-role.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import type { ApplyAccount, ApplyClient, ApplyFile } from './apply-file.ts'

export type ApplyReport = {
  readonly clients: number
  readonly accounts: number
  readonly standings: number
  /** What could not be applied, with its place; everything else was. */
  readonly problems: readonly string[]
}

/**
 * Applies a file, item by item, each in its own transaction with its audit rows; applying it again
 * changes nothing. Passwords are taken in development only.
 */
export async function applyFile(
  deps: {
    db: Database
    config: Pick<Config, 'environment' | 'password'>
    peppers: readonly [Pepper, ...Pepper[]]
    clientRules: SaveClientRules
  },
  file: ApplyFile,
): Promise<ApplyReport> {
  const { db, config } = deps
  const problems: string[] = []
  if (config.environment === 'production' && file.accounts.some((account) => account.password)) {
    return {
      clients: 0,
      accounts: 0,
      standings: 0,
      problems: ['accounts: passwords are not taken from a file in production'],
    }
  }

  for (const court of file.courts) {
    const problem = await inTransaction(db, (tx) => applyGoLive(tx, court))
    if (problem) problems.push(problem)
  }
  for (const client of file.clients) {
    problems.push(...(await applyClient(deps, client)))
  }
  let standings = 0
  const passwords = createPasswords({
    peppers: deps.peppers,
    concurrency: config.password.concurrency,
    queue: file.accounts.length + 1,
    isStubbed: false,
  })
  try {
    for (const account of file.accounts) {
      const problem = await applyAccount(db, passwords, account)
      if (problem) problems.push(`account ${account.number}: ${problem}`)
      else standings += account.standings.length
    }
  } finally {
    await passwords.close()
  }
  return { clients: file.clients.length, accounts: file.accounts.length, standings, problems }
}

async function applyGoLive(
  tx: Transaction,
  { id, go_live_on: goLiveOn }: ApplyFile['courts'][number],
): Promise<string | undefined> {
  const court = await findCourt(tx, id as CourtId)
  if (!court) return `court ${id}: is not known`
  if (court.goLiveOn === goLiveOn) return undefined
  await saveGoLive(tx, court.id, goLiveOn)
  await appendEvent(tx, courtGoLiveChanged({ courtId: court.id, goLiveOn }))
  return undefined
}

async function applyClient(
  deps: { db: Database; clientRules: SaveClientRules },
  client: ApplyClient,
): Promise<string[]> {
  return inTransaction(deps.db, async (tx) => {
    for (const id of client.courts) {
      if (!(await findCourt(tx, id as CourtId))) return [`client ${client.id}: no court ${id}`]
    }
    const result = await saveClient(
      tx,
      {
        id: client.id as ClientId,
        kind: client.kind,
        name: client.name,
        isActive: client.active,
        courtIds: client.courts as CourtId[],
        secrets: client.secrets,
        metadata: client.metadata,
      },
      deps.clientRules,
    )
    return result.ok ? [] : result.problems.map((problem) => `client ${client.id}: ${problem}`)
  })
}

async function applyAccount(
  db: Database,
  passwords: Passwords,
  account: ApplyAccount,
): Promise<string | undefined> {
  const passwordHash = await changedPassword(db, passwords, account)
  try {
    return await inTransaction(db, async (tx) => {
      const saved = await saveAccount(tx, {
        number: account.number,
        type: account.type,
        userType: account.user_type,
        isUpgraded: account.upgraded,
        username: account.username,
        givenName: account.given_name,
        familyName: account.family_name,
        email: account.email,
        isEmailVerified: account.email_verified,
        searchStatus: account.search,
        clientCode: account.client_code,
        billedTo: account.billed_to,
        disabledAt: await disabledAt(tx, account),
        passwordHash,
      })
      if (!saved.ok) return `username: ${saved.reason}`
      for (const standing of account.standings) {
        await saveStanding(tx, saved.value, standing.court as CourtId, {
          status: standing.status,
          role: standing.role,
          filerId: standing.filer_id,
          isAdmitted: standing.admitted,
          actions: standing.actions,
          sinceOn: standing.since,
          endsOn: standing.ends_on,
        })
      }
      if (account.staff_roles) {
        const granted = await grantRole(tx, saved.value, account.staff_roles)
        if (!granted.ok) throw new AccountRefused(`staff_roles: ${granted.reason}`)
      }
      return undefined
    })
  } catch (error) {
    if (error instanceof AccountRefused) return error.message
    const taken = uniqueProblem(error)
    if (taken) return taken
    throw error
  }
}

/** Takes back what was written of the account before its refusal. */
class AccountRefused extends Error {}

/** The moment an account was disabled is kept; a second application does not move it. */
async function disabledAt(tx: Transaction, account: ApplyAccount): Promise<Date | null> {
  if (!account.disabled) return null
  return (await findByNumber(tx, account.number))?.disabledAt ?? now()
}

/** The hash to store, or undefined when the password in the file is the one there is. */
async function changedPassword(
  db: Database,
  passwords: Passwords,
  account: ApplyAccount,
): Promise<string | undefined> {
  if (account.password === undefined) return undefined
  const stored = (await findByNumber(db.prisma, account.number))?.passwordHash
  if (stored && (await passwords.verify(account.password, stored)) === 'match') return undefined
  return passwords.hash(account.password)
}

/** Prisma's P2002 and P2003 in words; undefined for anything else. */
function uniqueProblem(error: unknown): string | undefined {
  const { code, meta } = error as { code?: string; meta?: unknown }
  if (code === 'P2003') return 'a court of its standings is not known'
  if (code !== 'P2002') return undefined
  return `another account has this already: ${JSON.stringify(meta)}`
}
