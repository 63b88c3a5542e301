import { maybeSamePerson } from '../../accounts/same-person.ts'
import { lockAccount } from '../../accounts/store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { listRolesInForce } from '../../staff/store.ts'
import type { Queryable, Transaction } from '../../storage/db.ts'
import type { FilingRequest } from './request.ts'
import { findRequestAt } from './store.ts'

/** A request as somebody of its court had it on the page. */
export type SeenRequest = {
  readonly courtId: CourtId
  readonly number: string
  /** That of the page: whoever decides on an older one decides on something else. */
  readonly version: number
  readonly staffId: AccountId
}

/** Why nothing is done with a request. */
const refusals = [
  /** This court has no such request. */
  'unknown-request',
  /** Who acts works at this court no more. */
  'not-clerk',
  /** Nobody decides on a request that may be one's own. */
  'own-request',
  /** Somebody else was first: its history says who, and what was done. */
  'changed-meanwhile',
] as const
export type ClerkRefusal = { readonly reason: (typeof refusals)[number] }

export function isClerkRefusal(refusal: { readonly reason: string }): refusal is ClerkRefusal {
  return (refusals as readonly string[]).includes(refusal.reason)
}

/**
 * The request that somebody of its court wants to do something with: it stands as it was on the page, and is
 * of somebody else. What is done with it is done by `moveRequest`, which lets one of twenty through.
 */
export async function openForClerk(
  tx: Transaction,
  { courtId, number, version, staffId }: SeenRequest,
): Promise<Outcome<FilingRequest, ClerkRefusal>> {
  if (!(await worksAtCourt(tx, staffId, courtId))) return refused('not-clerk')
  const request = await findRequestAt(tx, courtId, number)
  if (!request) return refused('unknown-request')
  if (await maybeSamePerson(tx, staffId, request.accountId)) return refused('own-request')
  if (request.state !== 'open' || request.version !== version) return refused('changed-meanwhile')
  // In the order in which a decision on a right locks.
  await lockAccount(tx, request.accountId)
  return ok(request)
}

/** Whether somebody works in the clerk's office of this court at this moment. */
export async function worksAtCourt(
  db: Queryable,
  staffId: AccountId,
  courtId: CourtId,
): Promise<boolean> {
  const roles = await listRolesInForce(db, staffId)
  return roles.some(
    (held) => (held.role === 'clerk' || held.role === 'court-manager') && held.courtId === courtId,
  )
}
