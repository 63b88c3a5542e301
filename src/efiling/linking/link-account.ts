import { findPerson } from '../../accounts/person-store.ts'
import { maybeOneOf, maybeSamePerson } from '../../accounts/same-person.ts'
import { lockAccount } from '../../accounts/store.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import { findGoLivePlan } from '../../courts/go-live-store.ts'
import { findCourt } from '../../courts/store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok, type Refused, refused } from '../../outcome.ts'
import { listStaffIdsOf } from '../../staff/listed-staff-store.ts'
import type { Queryable, Transaction } from '../../storage/db.ts'
import { type Decision, inForceAt } from '../apply-decision.ts'
import { decideRight, type RightRefusal } from '../decide-right.ts'
import { accountLinked } from '../events.ts'
import type { ImportedAccount } from '../imported/imported-account.ts'
import { erasePassword, findImporter, lockImported } from '../imported/store.ts'
import { listDecisions, type RightDecision } from '../right-store.ts'
import { wasAdmissionDecided } from './decided-here.ts'
import { areNamesDifferent, fullName, type Link, type LinkWay } from './link.ts'
import { findLinkBar, type LinkBar } from './link-bar.ts'
import { findLinkOf, findLinkOfImported, insertLink, wasEverLinked } from './link-store.ts'
import { tellLinked } from './tell-linked.ts'

export type LinkingRefusal =
  | LinkBar
  /** The court has no such account. */
  | { readonly reason: 'unknown' }
  /** Somebody else has it; who is never said. */
  | { readonly reason: 'imported-taken' }
  /** The old system says that it was not in use. */
  | { readonly reason: 'imported-inactive' }
  /** A link of it was undone: a clerk decides whose it is. */
  | { readonly reason: 'was-linked' }
  /** The time for linking by password is over; a clerk still can. */
  | { readonly reason: 'linking-closed' }
  /** The two names are different, and nobody has said that it is one person. */
  | { readonly reason: 'names-differ'; readonly oldName: string; readonly name: string }
  /** A clerk links nobody who may be the clerk; who works for the court, or sent the file, does not link alone. */
  | { readonly reason: 'not-own' }
  /** Who links is neither the holder nor of this court. */
  | { readonly reason: 'not-yours' }

export type WantedLink = {
  readonly accountId: AccountId
  readonly courtId: CourtId
  readonly importedId: string
  readonly way: LinkWay
  /** Whoever links has seen two different names, and said that it is one person. */
  readonly isOnePerson: boolean
  /** Of a clerk, and needed there. */
  readonly reason?: string | undefined
  readonly by: By
}

/**
 * Links an account of a court's old system to the account of its holder: what the old system says becomes the
 * right there (decision 0124), the old password is forgotten, and both addresses are told. The caller has had it
 * shown whose the old account is. Of twenty at once one links, on either side.
 */
export async function linkAccount(
  tx: Transaction,
  wanted: WantedLink,
): Promise<Outcome<Link, LinkingRefusal>> {
  const { accountId, courtId, importedId, way, by } = wanted
  const { actor } = by
  if (actor.kind !== 'account') return refused('not-yours')
  const isHolder = actor.id === accountId
  if (isHolder !== (way !== 'clerk')) return refused(isHolder ? 'not-own' : 'not-yours')
  if (!isHolder && (await maybeSamePerson(tx, actor.id, accountId))) return refused('not-own')

  const holder = await lockAccount(tx, accountId)
  const court = await findCourt(tx, courtId)
  const imported = await lockImported(tx, courtId, importedId)
  const person = await findPerson(tx, accountId)
  if (!holder || !person || !court || !imported) return refused('unknown')
  const at = now()
  const history = await listDecisions(tx, accountId, courtId)
  const right = inForceAt(history, at)
  const link = await findLinkOf(tx, accountId, courtId)
  const who = isHolder ? 'holder' : 'clerk'
  const bar = findLinkBar({ court, holder, right, link, by: who, history, at })
  if (bar) return refused(bar.reason, bar) as Refused<LinkBar>
  if (isHolder && (await isLinkingClosed(tx, courtId))) return refused('linking-closed')
  if (await findLinkOfImported(tx, importedId)) return refused('imported-taken')
  if (imported.status === 'inactive') return refused('imported-inactive')
  if (isHolder && (await wasEverLinked(tx, importedId))) return refused('was-linked')
  // Whoever can import a file could write an old account with a password for it.
  if (isHolder && (await maybeOfCourt(tx, wanted))) return refused('not-own')
  const namesDiffer = areNamesDifferent(imported.name, person)
  if (namesDiffer && !wanted.isOnePerson) {
    return refused('names-differ', { oldName: imported.name, name: fullName(person) })
  }

  const decision = decisionOf(imported, history, wanted)
  const decided = await decideRight(tx, { accountId, courtId, decision, by })
  if (!decided.ok) return refusalOf(decided)
  const reason = wanted.reason ?? null
  const facts = { courtId, importedId, accountId, way, namesDiffer, reason, linkedBy: actor.id }
  const linked = await insertLink(tx, facts)
  if (!linked.ok) return refused('imported-taken')
  await erasePassword(tx, importedId)
  await recordEvent(tx, accountLinked({ link: linked.value, by }))
  await tellLinked(tx, linked.value)
  return ok(linked.value)
}

/** Whether a court takes no more links by the old password at this moment: its clerk links then. */
export async function isLinkingClosed(db: Queryable, courtId: CourtId): Promise<boolean> {
  const closesAt = (await findGoLivePlan(db, courtId))?.legacyClosesAt
  return Boolean(closesAt && closesAt <= now())
}

/** Whether the holder may be somebody who works for the court, or whoever sent the file. */
async function maybeOfCourt(
  tx: Transaction,
  { accountId, courtId, importedId }: WantedLink,
): Promise<boolean> {
  const importer = await findImporter(tx, importedId)
  const others = [...(await listStaffIdsOf(tx, courtId)), ...(importer ? [importer] : [])]
  return maybeOneOf(tx, accountId, others)
}

/** What the old system says; what the court ever decided about an admission here is newer. */
function decisionOf(
  { login, status, role, actions, endsOn, isAdmitted, admittedUntil }: ImportedAccount,
  history: readonly RightDecision[],
  { reason }: WantedLink,
): Decision {
  return {
    kind: status === 'suspended' ? 'link-suspended' : 'link',
    role,
    actions,
    endsOn,
    filerId: login,
    ...(isAdmitted && !wasAdmissionDecided(history) && { isAdmitted, admittedUntil }),
    ...(reason && { message: reason }),
  }
}

function refusalOf(refusal: RightRefusal): Refused<LinkingRefusal> {
  switch (refusal.reason) {
    case 'filer-taken':
      return refused('imported-taken')
    case 'not-own':
    case 'not-yours':
      return refused(refusal.reason)
    case 'waits-for-later':
      return refused('has-right', { state: 'none' as const })
    default:
      throw new Error(`a link that nothing kept was refused: ${refusal.reason}`)
  }
}
