import type { BarNumber } from '../../accounts/person/bar-numbers.ts'
import type { PostalAddress } from '../../accounts/person/postal-address.ts'
import type { AccountId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'

/** The account of a filer as the court sees it: who it is, and how it is reached; never the day of birth. */
export async function findFiler(db: Queryable, id: AccountId) {
  const row = await db.prisma.account.findUnique({
    where: { id },
    omit: {
      passwordHash: true,
      disownedPasswordHash: true,
      birthDateMark: true,
      birthDateSealed: true,
    },
  })
  if (!row) throw new Error('the account of a request is gone')
  const { address, barNumbers, ...rest } = row
  return {
    ...rest,
    address: address as PostalAddress | null,
    barNumbers: barNumbers as BarNumber[],
  }
}

export type Filer = Awaited<ReturnType<typeof findFiler>>
