import type { CourtFact } from '../accounts/account-changes.ts'
import { type By, bySystem } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, ClientId, CourtId } from '../ids.ts'
import type { Decision, NextDecision } from './apply-decision.ts'
import type { Link, LinkReader } from './linking/link.ts'

type AtClient = { by: By; clientId: ClientId }

export function redactionAcknowledged(
  about: AtClient & { accountId: AccountId; courtId: CourtId },
): AuditEvent {
  return { event: 'redaction.acknowledged', outcome: 'success', ...about }
}

/** A court decided about somebody's right, or its holder gave it up. What was written to the holder is not here. */
export function rightDecided(about: {
  accountId: AccountId
  courtId: CourtId
  decision: Decision
  next: NextDecision
  by: By
}): AuditEvent {
  const { accountId, courtId, decision, next, by } = about
  return {
    event: 'right.decided',
    outcome: 'success',
    accountId,
    courtId,
    detail: {
      decision: decision.kind,
      state: next.state,
      version: next.version,
      ordinal: next.ordinal,
      ...(decision.reason && { reason: decision.reason }),
      ...(decision.holdsFrom && { holdsFrom: decision.holdsFrom.toISOString() }),
    },
    by,
  }
}

/** A request of somebody to a court, and who of it did something with it. */
export type DecidedRequest = { accountId: AccountId; courtId: CourtId; number: string; by: By }

/** A court gave what was asked for; what it gave is told by `right.decided`. */
export function requestApproved(about: DecidedRequest): AuditEvent {
  const { number, ...whose } = about
  return { event: 'request.approved', outcome: 'success', ...whose, detail: { number } }
}

/** A court denied what was asked for. */
export function requestDenied(about: DecidedRequest & { reason: string }): AuditEvent {
  const { number, reason, ...whose } = about
  return { event: 'request.denied', outcome: 'success', ...whose, detail: { number, reason } }
}

/** The clerk asked the person something. */
export function requestQuestionAsked(about: DecidedRequest & { reason: string }): AuditEvent {
  const { number, reason, ...whose } = about
  return {
    event: 'request.question-asked',
    outcome: 'success',
    ...whose,
    detail: { number, reason },
  }
}

/** The clerk said what the request waits for. */
export function requestWaitChanged(about: DecidedRequest & { waitsFor: string }): AuditEvent {
  const { number, waitsFor, ...whose } = about
  return {
    event: 'request.wait-changed',
    outcome: 'success',
    ...whose,
    detail: { number, waitsFor },
  }
}

/** Somebody of the court took the request on, handed it to a colleague, or gave it back. @param about.to who has it. */
export function requestAssignmentChanged(
  about: DecidedRequest & { to: AccountId | null },
): AuditEvent {
  const { number, to, ...whose } = about
  const detail = { number, assigned: to !== null, ...(to && { to }) }
  return { event: 'request.assignment-changed', outcome: 'success', ...whose, detail }
}

type OfNotice = { accountId: AccountId; courtId: CourtId; fact: CourtFact; by: By }

/** A person asked a court to take over a change into its own records. To what is not here. */
export function noticeAsked({ fact, ...about }: OfNotice): AuditEvent {
  return { event: 'notice-of-change.asked', outcome: 'success', ...about, detail: { fact } }
}

export function noticeWithdrawn({ fact, ...about }: OfNotice): AuditEvent {
  return { event: 'notice-of-change.withdrawn', outcome: 'success', ...about, detail: { fact } }
}

/** The court took it over, or declined. */
export function noticeDecided(
  about: OfNotice & { decision: 'taken-over' | 'declined' },
): AuditEvent {
  const { fact, decision, ...rest } = about
  return {
    event: 'notice-of-change.decided',
    outcome: 'success',
    ...rest,
    detail: { fact, decision },
  }
}

/** An operator's file said what a court had decided. */
export function standingChanged(about: {
  accountId: AccountId
  courtId: CourtId
  status: string
  version: number
  by: By
}): AuditEvent {
  return {
    event: 'standing.changed',
    outcome: 'success',
    accountId: about.accountId,
    courtId: about.courtId,
    detail: { status: about.status, version: about.version },
    by: about.by,
  }
}

type OfRequest = { accountId: AccountId; courtId: CourtId; number: string; by: By }

/** A person asked a court for the right to file. */
export function requestSubmitted(
  about: OfRequest & { kind: string; documents: number },
): AuditEvent {
  const { number, kind, documents, ...whose } = about
  const detail = { number, kind, documents }
  return { event: 'request.submitted', outcome: 'success', ...whose, detail }
}

/** The person answered what the clerk had asked. */
export function requestAnswered(about: OfRequest): AuditEvent {
  const { number, ...whose } = about
  return { event: 'request.answered', outcome: 'success', ...whose, detail: { number } }
}

/** The person took the request back, or the account was closed, which ends it. */
export function requestWithdrawn(about: OfRequest & { reason?: string | undefined }): AuditEvent {
  const { number, reason, ...whose } = about
  const detail = { number, ...(reason && { reason }) }
  return { event: 'request.withdrawn', outcome: 'success', ...whose, detail }
}

/** Documents were sealed with the newest key. */
export function documentsResealed(about: { count: number; key: string; by: By }): AuditEvent {
  const { by, ...detail } = about
  return { event: 'document.resealed', outcome: 'success', by, detail }
}

/** Somebody of a court opened a document of a request to it. */
export function documentOpened(about: OfRequest & { document: string }): AuditEvent {
  const { number, document, ...whose } = about
  return { event: 'document.opened', outcome: 'success', ...whose, detail: { number, document } }
}

/** Messages about the go-live of a court were queued: one batch of one wave. */
export function filersTold(about: {
  readonly courtId: CourtId
  /** As `go_live_notices` has it. */
  readonly wave: string
  /** Of the plan that they tell of. */
  readonly version: number
  readonly accounts: number
  readonly messages: number
}): AuditEvent {
  const { courtId, ...detail } = about
  return { event: 'court.filers-told', outcome: 'success', courtId, detail, by: bySystem() }
}

/** Linking by the old password has ended, and the hashes of the court's old passwords are gone. */
export function oldPasswordsErased(about: {
  readonly courtId: CourtId
  readonly count: number
}): AuditEvent {
  const { courtId, count } = about
  return {
    event: 'court.old-passwords-erased',
    outcome: 'success',
    courtId,
    detail: { count },
    by: bySystem(),
  }
}

type OfLink = { readonly link: Link; readonly by: By }

const whoseLink = ({ accountId, courtId }: Link) => ({ accountId, courtId })

/** An account of a court's old system was linked; which right came of it is told by `right.decided`. */
export function accountLinked({ link, by }: OfLink): AuditEvent {
  const { id, importedId, way, namesDiffer } = link
  const detail = { link: id, imported: importedId, way, namesDiffer }
  return { event: 'account.linked', outcome: 'success', ...whoseLink(link), detail, by }
}

/** A clerk undid a link. */
export function accountUnlinked({ link, by }: OfLink): AuditEvent {
  const detail = { link: link.id, imported: link.importedId }
  return { event: 'account.unlinked', outcome: 'success', ...whoseLink(link), detail, by }
}

/** One of the two who were told of a link said that it is wrong. */
export function linkContested({
  link,
  reader,
  by,
}: OfLink & { readonly reader: LinkReader }): AuditEvent {
  const detail = { link: link.id, imported: link.importedId, reader }
  return { event: 'link.reported', outcome: 'success', ...whoseLink(link), detail, by }
}

/** A clerk let a contested link stand. */
export function linkSettled({ link, by }: OfLink): AuditEvent {
  const detail = { link: link.id, imported: link.importedId }
  return { event: 'link.confirmed', outcome: 'success', ...whoseLink(link), detail, by }
}

/** A file of accounts of a court's old system was taken; by its digest it is known again. */
export function accountsImported(about: {
  courtId: CourtId
  importId: number
  rows: number
  added: number
  changed: number
  digest: string
  by: By
}): AuditEvent {
  const { courtId, by, ...detail } = about
  return { event: 'account.imported', outcome: 'success', courtId, by, detail }
}

/** Somebody tried to link an account of a court's old system, and was refused. */
export function linkingRefused(about: {
  readonly accountId: AccountId | undefined
  readonly courtId: CourtId
  /** The account of the old system, where there is such a one. */
  readonly imported: string | undefined
  readonly why: 'wrong' | 'too-many' | 'imported-taken' | 'imported-inactive' | 'was-linked'
  readonly by: By
}): AuditEvent {
  const { imported, why, ...rest } = about
  const detail = { why, ...(imported && { imported }) }
  return { event: 'account.linking-refused', outcome: 'refused', ...rest, detail }
}

/** A person added a document to a request that was sent. */
export function requestDocumentSent(about: OfRequest): AuditEvent {
  const { number, ...whose } = about
  return { event: 'request.document-sent', outcome: 'success', ...whose, detail: { number } }
}
