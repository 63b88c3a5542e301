import type { Court } from '../../courts/court.ts'
import { listCourtsBeside } from '../../courts/store.ts'
import { findLinkOf } from '../../efiling/linking/link-store.ts'
import { linkAccountPath } from '../../efiling/linking/linking-paths.ts'
import type { AccountId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'
import type { CourtBeside } from './link-page.ts'

/**
 * The other courts of the host, and whether this person is linked there: a circuit and its appellate panel are one
 * system with one address, and two courts, each with rights and filing accounts of its own.
 */
export async function listBeside(
  db: Queryable,
  accountId: AccountId,
  court: Pick<Court, 'id' | 'cmecfHost'>,
): Promise<CourtBeside[]> {
  const others = await listCourtsBeside(db, court)
  const links = await Promise.all(others.map(({ id }) => findLinkOf(db, accountId, id)))
  return others.map(({ id, name }, index) => ({
    id,
    name,
    url: linkAccountPath(id),
    isLinked: links[index] !== undefined,
  }))
}
