import type { DeliveryFormat, DeliveryPreference, RequestKind } from '../../courts/practice.ts'
import type { Role } from '../../courts/roles.ts'
import type { AccountId, CourtId } from '../../ids.ts'

/** A draft is seen by who writes it alone; all but the first two are over. */
export type RequestState = 'draft' | 'open' | 'approved' | 'denied' | 'withdrawn'

/** Whom an open request waits for: its court's clerk or judge, or what the person who asks has to do. */
export const waits = ['clerk', 'you', 'fee', 'training', 'judge'] as const
export type WaitsFor = (typeof waits)[number]

/** What was answered to one question, with the words of the question as they were shown. */
export type Answer = {
  /** The id of the question; one of `ownQuestions`, or of the court's. */
  readonly question: string
  readonly label: string
  readonly value: string
}

/** No question of a court has an id that begins so. */
export const ownQuestionPrefix = 'cso-'

/** Asked at every court, beside the court's own questions. */
export const ownQuestions = { filedBefore: 'cso-filed-before', oldLogin: 'cso-old-login' } as const

/** The number of a request, by which both sides speak of it: eight digits. */
export const requestNumberPattern = /^\d{8}$/

/** What somebody asks of one court. It is a row of its own, and never touches a right that is there. */
export type FilingRequest = {
  readonly id: string
  readonly number: string
  readonly accountId: AccountId
  readonly courtId: CourtId
  readonly kind: RequestKind
  readonly role: Role
  readonly state: RequestState
  /** Whom it waits for; null unless it is open. */
  readonly waitsFor: WaitsFor | null
  /** The version of the court's practice whose questions were shown. */
  readonly practiceVersion: number
  readonly answers: readonly Answer[]
  readonly deliveryFrequency: DeliveryPreference | null
  readonly deliveryFormat: DeliveryFormat | null
  readonly termsVersion: number | null
  /** The clerk who took it on. */
  readonly assignedTo: AccountId | null
  readonly createdAt: Date
  readonly changedAt: Date
  readonly submittedAt: Date | null
  /** Since when it waits for whom it waits for. */
  readonly waitsSince: Date | null
  /** How long it had waited for the clerk until `waitsSince`, in seconds. */
  readonly clerkSeconds: number
  readonly endedAt: Date | null
  /** Grows with every change: of two who decide at once one does. */
  readonly version: number
}

export type RequestEventKind =
  | 'submitted'
  | 'asked'
  | 'answered'
  | 'document-added'
  | 'waits'
  | 'approved'
  | 'denied'
  | 'withdrawn'

/** Why a request ends undecided where its filer did not take back it alone: the account was closed with it. */
export type WithdrawalReason = 'account-closed'

/** One row of a request's history. */
export type RequestEvent = {
  readonly id: string
  readonly kind: RequestEventKind
  /** Whom it waits for from then on; null where it was over. */
  readonly waitsFor: WaitsFor | null
  /** A reason code of whoever decided. */
  readonly reason: string | null
  /** In somebody's own words, for the other side. */
  readonly message: string | null
  readonly byAccount: AccountId | null
  readonly recordedAt: Date
}

/** What can be done with a request: where it leads, and from where. */
export type RequestMove =
  | { readonly kind: 'submitted' }
  /** The clerk asks the person something. */
  | { readonly kind: 'asked'; readonly message: string; readonly reason?: string | undefined }
  | { readonly kind: 'answered'; readonly message: string }
  /** Its message is the name of the file; it goes on waiting as it did. */
  | { readonly kind: 'document-added'; readonly message: string }
  /** It waits for somebody else now: a fee, a judge, a training, or the clerk again. */
  | {
      readonly kind: 'waits'
      readonly waitsFor: Exclude<WaitsFor, 'you'>
      readonly message?: string | undefined
    }
  | {
      readonly kind: 'approved' | 'denied'
      readonly reason?: string | undefined
      readonly message?: string | undefined
    }
  | { readonly kind: 'withdrawn'; readonly reason?: WithdrawalReason | undefined }

type Standpoint = Pick<FilingRequest, 'state' | 'waitsFor'>

/** Where a request stands after a move; undefined where it cannot be made from where it stands. */
export function standpointAfter(before: Standpoint, move: RequestMove): Standpoint | undefined {
  const isOpen = before.state === 'open'
  switch (move.kind) {
    case 'submitted':
      return before.state === 'draft' ? { state: 'open', waitsFor: 'clerk' } : undefined
    case 'asked':
      return isOpen ? { state: 'open', waitsFor: 'you' } : undefined
    case 'answered':
      return isOpen && before.waitsFor === 'you' ? { state: 'open', waitsFor: 'clerk' } : undefined
    case 'document-added':
      return isOpen && (before.waitsFor === 'you' || before.waitsFor === 'clerk')
        ? before
        : undefined
    case 'waits':
      return isOpen && before.waitsFor !== move.waitsFor
        ? { state: 'open', waitsFor: move.waitsFor }
        : undefined
    case 'approved':
    case 'denied':
    case 'withdrawn':
      return isOpen ? { state: move.kind, waitsFor: null } : undefined
  }
}

/** How long a request has waited for the clerk, in seconds: what others had to do does not count. */
export function clerkSecondsAt(
  {
    waitsFor,
    waitsSince,
    clerkSeconds,
  }: Pick<FilingRequest, 'waitsFor' | 'waitsSince' | 'clerkSeconds'>,
  at: Date,
): number {
  if (waitsFor !== 'clerk' || !waitsSince) return clerkSeconds
  return clerkSeconds + Math.max(0, Math.floor((at.getTime() - waitsSince.getTime()) / 1000))
}

/** The role that a kind of request is about; undefined where the person chooses one. */
export function roleOfKind(kind: RequestKind): Role | undefined {
  return kind === 'non-attorney' ? undefined : rolesOfKinds[kind]
}

const rolesOfKinds: Readonly<Record<Exclude<RequestKind, 'non-attorney'>, Role>> = {
  'admission-and-filing': 'attorney',
  'filing-only': 'attorney',
  'pro-hac-vice': 'pro-hac-vice',
  'multi-district': 'mdl-attorney',
  'federal-attorney': 'federal-attorney',
}
