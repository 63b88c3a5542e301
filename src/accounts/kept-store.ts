import type { AccountId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import type { StateColumns } from './account-state.ts'
import type { BarNumber } from './person/bar-numbers.ts'
import type { PostalAddress } from './person/postal-address.ts'

/** Everything that is kept of an account and is its holder's to know: no password, no mark. */
export type KeptAccount = StateColumns & {
  readonly id: AccountId
  readonly number: string
  readonly type: 'individual' | 'shared' | 'firm'
  readonly userType: string
  readonly isUpgraded: boolean
  readonly username: string
  readonly usernameCanonical: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly email: string | null
  readonly isEmailVerified: boolean
  readonly emailRefusedAt: Date | null
  readonly birthDateSealed: string | null
  readonly phone: string | null
  readonly address: PostalAddress | null
  readonly barNumbers: readonly BarNumber[]
  readonly searchStatus: 'active' | 'inactive'
  readonly searchUsedAt: Date
  readonly clientCode: string | null
  readonly billedTo: 'self' | 'firm'
  readonly passwordChangedAt: Date | null
  readonly rulesVersion: string | null
  readonly rulesAcceptedAt: Date | null
  readonly createdAt: Date
}

const columns = {
  id: true,
  number: true,
  type: true,
  userType: true,
  isUpgraded: true,
  username: true,
  usernameCanonical: true,
  givenName: true,
  familyName: true,
  email: true,
  isEmailVerified: true,
  emailRefusedAt: true,
  birthDateSealed: true,
  phone: true,
  address: true,
  barNumbers: true,
  searchStatus: true,
  searchUsedAt: true,
  clientCode: true,
  billedTo: true,
  disabledAt: true,
  unconfirmedSince: true,
  mustChangePasswordSince: true,
  passwordChangedAt: true,
  reviewSince: true,
  recoverySince: true,
  supportHoldSince: true,
  holderHoldSince: true,
  closedAt: true,
  rulesVersion: true,
  rulesAcceptedAt: true,
  createdAt: true,
} as const satisfies Readonly<Record<keyof KeptAccount, true>>

export async function findKeptAccount(
  db: Queryable,
  id: AccountId,
): Promise<KeptAccount | undefined> {
  const row = await db.prisma.account.findUnique({ where: { id }, select: columns })
  return (row ?? undefined) as KeptAccount | undefined
}

const selectUsernames: Statement = {
  name: 'account-usernames',
  text: `SELECT canonical FROM usernames WHERE account_id = $1::uuid ORDER BY created_at, canonical`,
}

/** Every username that the account ever had, in its canonical form, the first one first. */
export async function listUsernamesOf(db: Queryable, id: AccountId): Promise<string[]> {
  const rows = await db.query<{ canonical: string }>(selectUsernames, [id])
  return rows.map(({ canonical }) => canonical)
}

/** The browsers in which somebody signed in with it and which are remembered for that: twenty at most. */
export async function listKnownBrowsers(
  db: Queryable,
  accountId: AccountId,
): Promise<{ createdAt: Date; lastUsedAt: Date }[]> {
  return db.prisma.knownBrowser.findMany({
    where: { accountId },
    select: { createdAt: true, lastUsedAt: true },
    orderBy: { lastUsedAt: 'desc' },
  })
}
