import type { AccountId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { AccountType } from './account.ts'
import { type AccountState, stateSql } from './account-state.ts'
import type { BirthDateColumns } from './birth-date.ts'
import type { BarNumber } from './person/bar-numbers.ts'
import type { PersonName } from './person/name.ts'
import type { PostalAddress } from './person/postal-address.ts'

/** What a holder told of oneself, as far as it may be shown again: never the day of birth. */
export type PersonRecord = {
  readonly givenName: string | null
  readonly familyName: string | null
  readonly hasBirthDate: boolean
  readonly phone: string | null
  readonly address: PostalAddress | null
  readonly barNumbers: readonly BarNumber[]
}

export async function findPerson(db: Queryable, id: AccountId): Promise<PersonRecord | undefined> {
  const row = await db.prisma.account.findUnique({
    where: { id },
    select: {
      givenName: true,
      familyName: true,
      birthDateMark: true,
      phone: true,
      address: true,
      barNumbers: true,
    },
  })
  if (!row) return undefined
  const { birthDateMark, address, barNumbers, ...rest } = row
  return {
    ...rest,
    hasBirthDate: birthDateMark !== null,
    address: address as PostalAddress | null,
    barNumbers: barNumbers as BarNumber[],
  }
}

export async function writeName(tx: Transaction, id: AccountId, name: PersonName): Promise<void> {
  await tx.prisma.account.update({ where: { id }, data: name })
}

/** Stores a day of birth where there is none yet. @returns false where there was one: it stays. */
export async function writeFirstBirthDate(
  tx: Transaction,
  id: AccountId,
  birthDate: BirthDateColumns,
): Promise<boolean> {
  const where = { id, birthDateMark: null }
  return (await tx.prisma.account.updateMany({ where, data: birthDate })).count === 1
}

/** Stores a day of birth, also where there is one. */
export async function writeBirthDate(
  tx: Transaction,
  id: AccountId,
  birthDate: BirthDateColumns,
): Promise<void> {
  await tx.prisma.account.update({ where: { id }, data: birthDate })
}

/** What a correction of the day of birth is decided on. */
export type LockedPerson = {
  readonly type: AccountType
  readonly state: AccountState
  readonly birthDateMark: string | null
  readonly birthDateSealed: string | null
  readonly isEmailVerified: boolean
}

const lockPersonRow: Statement = {
  name: 'account-lock-person',
  text: `SELECT type::text AS type, ${stateSql('accounts')} AS state,
      birth_date_mark AS "birthDateMark", birth_date_sealed AS "birthDateSealed",
      is_email_verified AS "isEmailVerified"
    FROM accounts WHERE id = $1::uuid FOR NO KEY UPDATE`,
}

/** Nobody else changes the account until the transaction ends. */
export async function lockPerson(
  tx: Transaction,
  id: AccountId,
): Promise<LockedPerson | undefined> {
  const [row] = await tx.query<LockedPerson>(lockPersonRow, [id])
  return row
}

export async function writeAddress(
  tx: Transaction,
  id: AccountId,
  { address, phone }: { readonly address: PostalAddress; readonly phone: string },
): Promise<void> {
  const data = { phone, address: { ...address, lines: [...address.lines] } }
  await tx.prisma.account.update({ where: { id }, data })
}

/** What of a person is changed; what is left out stays. */
export type PersonChange = Partial<
  PersonName & {
    readonly phone: string
    readonly barNumbers: readonly BarNumber[]
    readonly address: PostalAddress
  }
>

export async function writePerson(
  tx: Transaction,
  id: AccountId,
  { address, barNumbers, ...rest }: PersonChange,
): Promise<void> {
  const data = {
    ...rest,
    ...(barNumbers && { barNumbers: barNumbers.map((each) => ({ ...each })) }),
    ...(address && { address: { ...address, lines: [...address.lines] } }),
  }
  await tx.prisma.account.update({ where: { id }, data })
}
