import { toldReason } from '../../efiling/requests/decision-reasons.ts'
import type { NamedAccount, NamedEvent } from '../../efiling/requests/queue-store.ts'
import type { FilingRequest, WaitsFor, WithdrawalReason } from '../../efiling/requests/request.ts'
import type { RightState } from '../../efiling/right.ts'

/** Whom a request waits for, as the staff of its court reads it. */
export const waitsLabels: Readonly<Record<WaitsFor, string>> = {
  clerk: 'The clerk',
  you: 'The filer',
  fee: 'The fee',
  judge: 'A judge',
  training: 'Training',
}

/** What somebody has at the court now. */
export const rightLabels: Readonly<Record<RightState, string>> = {
  none: 'Nothing',
  pending: 'Nothing yet',
  active: 'Active',
  suspended: 'Suspended',
  revoked: 'Revoked',
  lapsed: 'Lapsed',
  'given-up': 'Given up',
}

const overLabels = {
  approved: 'Approved',
  denied: 'Denied',
  withdrawn: 'Ended without a decision',
} as const

type Stands = Pick<FilingRequest, 'state' | 'waitsFor'>

/** Where a request stands, in a list. */
export function standsLabel({ state, waitsFor }: Stands): string {
  if (waitsFor) return waitsLabels[waitsFor]
  return state === 'open' || state === 'draft' ? '' : overLabels[state]
}

/** The same by itself. */
export function standsText(stands: Stands): string {
  const label = standsLabel(stands)
  return stands.waitsFor ? `Waits for: ${label.toLowerCase()}` : label
}

/** Who somebody is, as staff sees it. */
export function nameOf({ givenName, familyName, username }: NamedAccount): string {
  return [givenName, familyName].filter(Boolean).join(' ') || username
}

/** What became of a request, as a sentence without its period. */
export function eventText({ kind, waitsFor, reason }: NamedEvent): string {
  const why = toldReason(reason)
  switch (kind) {
    case 'submitted':
      return 'The request was sent'
    case 'asked':
      return ['The filer was asked something', why].filter(Boolean).join('. ')
    case 'answered':
      return 'The filer answered'
    case 'document-added':
      return 'The filer added a document'
    case 'waits':
      return `It was said what it waits for: ${waitsFor ? waitsLabels[waitsFor].toLowerCase() : ''}`
    case 'approved':
      return reason === 'linked'
        ? 'The request was approved: the CM/ECF account from before was linked'
        : 'The request was approved'
    case 'denied':
      return ['The request was denied', why].filter(Boolean).join('. ')
    case 'withdrawn':
      return isClosing({ kind, reason })
        ? 'The request ended: the account was closed'
        : 'The filer took the request back'
  }
}

/** Whether a request ended with its account, which nobody of its court has done. */
export function isClosing({ kind, reason }: Pick<NamedEvent, 'kind' | 'reason'>): boolean {
  return kind === 'withdrawn' && reason === ('account-closed' satisfies WithdrawalReason)
}

/** What somebody did first, after whose name it stands. */
export const doneFirst: Readonly<Record<NamedEvent['kind'], string>> = {
  submitted: 'sent it',
  asked: 'asked the filer something',
  answered: 'answered',
  'document-added': 'added a document',
  waits: 'said what it waits for',
  approved: 'approved it',
  denied: 'denied it',
  withdrawn: 'took it back',
}
