import { looksLikeSamePerson } from '../../accounts/same-person.ts'
import type { ImportedAccount } from '../../efiling/imported/imported-account.ts'
import { findImported } from '../../efiling/imported/store.ts'
import { areNamesDifferent } from '../../efiling/linking/link.ts'
import type { Right } from '../../efiling/right.ts'
import { findRight } from '../../efiling/right-store.ts'
import { type AccountId, type CourtId, isUuid } from '../../ids.ts'
import type { Database } from '../../storage/db.ts'
import { likeOwnWords } from '../like-own.ts'
import { accountFacts, rightText } from '../requests/read-request.ts'
import { nameOf } from '../requests/request-words.ts'
import { type Filer, findFiler } from '../requests/store.ts'
import { importedFacts } from './link-words.ts'

/** An account of the old system, and the account of a person whose it is or may be. */
export type Pair = {
  readonly imported: ImportedAccount
  readonly filer: Filer
  readonly right: Right | undefined
  /** The account may be that of who looks at it, or of a namesake. */
  readonly isLikeOwn: boolean
}

/**
 * @param viewerId who looks at it.
 * @returns undefined where the court has no such account of its old system.
 */
export async function findPair(
  db: Database,
  courtId: CourtId,
  { accountId, importedId }: { readonly accountId: AccountId; readonly importedId: string },
  viewerId: AccountId,
): Promise<Pair | undefined> {
  const imported = isUuid(importedId) ? await findImported(db, courtId, importedId) : undefined
  if (!imported) return undefined
  const [filer, right, isLikeOwn] = await Promise.all([
    findFiler(db, accountId),
    findRight(db, accountId, courtId),
    looksLikeSamePerson(db, viewerId, accountId),
  ])
  return { imported, filer, right, isLikeOwn }
}

/** Both sides in words. */
export type PairOnPage = {
  readonly login: string
  readonly oldName: string
  readonly name: string
  readonly number: string
  readonly namesDiffer: boolean
  /** What whoever looks at it is told of a namesake. */
  readonly likeOwn: string | false
  readonly oldFacts: readonly (readonly [label: string, text: string])[]
  readonly facts: readonly (readonly [label: string, text: string])[]
}

export function pairOnPage(
  { imported, filer, right, isLikeOwn }: Pair,
  court: { readonly timeZone: string },
): PairOnPage {
  return {
    login: imported.login,
    oldName: imported.name,
    name: nameOf(filer),
    number: filer.number,
    likeOwn: isLikeOwn && likeOwnWords,
    namesDiffer: areNamesDifferent(imported.name, filer),
    oldFacts: importedFacts(imported),
    facts: [...accountFacts(filer), ['At this court now', rightText(right, court)]],
  }
}
