import type { AccountId } from '../ids.ts'
import type { Queryable, Transaction } from '../storage/db.ts'
import type { BirthDateColumns } from './birth-date.ts'
import type { PersonName } from './person/name.ts'
import type { PostalAddress } from './person/postal-address.ts'

/** What a holder told of oneself, as far as it may be shown again: never the day of birth. */
export type PersonRecord = {
  readonly givenName: string | null
  readonly familyName: string | null
  readonly hasBirthDate: boolean
  readonly phone: string | null
  readonly address: PostalAddress | null
}

export async function findPerson(db: Queryable, id: AccountId): Promise<PersonRecord | undefined> {
  const row = await db.prisma.account.findUnique({
    where: { id },
    select: { givenName: true, familyName: true, birthDateMark: true, phone: true, address: true },
  })
  if (!row) return undefined
  const { birthDateMark, address, ...rest } = row
  return {
    ...rest,
    hasBirthDate: birthDateMark !== null,
    address: address as PostalAddress | null,
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

export async function writeAddress(
  tx: Transaction,
  id: AccountId,
  { address, phone }: { readonly address: PostalAddress; readonly phone: string },
): Promise<void> {
  const data = { phone, address: { ...address, lines: [...address.lines] } }
  await tx.prisma.account.update({ where: { id }, data })
}
