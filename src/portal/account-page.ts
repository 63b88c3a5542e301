import { loadTemplates, renderShell, webAddress } from '../http/page-shell.ts'
import type { TimeOnPage } from '../http/session-warning.ts'
import { dayAndTime, timeOfDay } from '../time-in-words.ts'
import type { PortalContent } from './frame.ts'
import type { NextStep } from './next-steps.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type AccountOnPage = {
  name: string
  username: string
  /** Seven digits. */
  number: string
  typeLabel: string
  /** Absent for an account that never searches. */
  searchStatus?: 'active' | 'inactive' | undefined
  email?: { address: string; isConfirmed: boolean } | undefined
  /** Why an account of this kind files nowhere, as sentences; absent for one that may. */
  cannotFileText?: string | undefined
}

/** What one court decided, in words; a day is in words too, for example `August 30, 2021`. */
export type StandingOnPage = {
  courtName: string
  courtId: string
  status: 'not-live' | 'none' | 'pending' | 'active' | 'suspended' | 'revoked' | 'lapsed'
  label: string
  text: string
  role?: string | undefined
  filerId?: string | undefined
  /** What the person may do there. */
  actions: string[]
  firstDay?: string | undefined
  lastDay?: string | undefined
  isPast?: boolean | undefined
  /** Every change as it was recorded here, the newest first. */
  changes: { label: string; on: string }[]
  /** The offices of its clerk, where the clerk can mend what is missing; trusted HTML. */
  offices?: string | undefined
  /** The page with every decision in full, where there is one. */
  decisionsUrl?: string | undefined
  /** The court's own application or its login; `isOldLogin` where it asks for its own password. */
  entrance: { url: string; isOldLogin: boolean }
}

export type SessionOnPage = TimeOnPage & {
  signedInAt: Date
  /** The sign-in before this one, in whatever browser. */
  previousSignInAt?: Date | undefined
  isStaff?: boolean | undefined
}

/** The start page of an account: what to do next, what each court decided, and when the session ends. */
export function accountContent(model: {
  account: AccountOnPage
  steps: readonly NextStep[]
  /** The hidden token of a step that is done by one press. */
  pressCsrf: string
  /** What somebody is staff of: `role`, and the court's name where it is held at one. */
  staffPosts: { role: string; courtName?: string | undefined }[]
  standings: StandingOnPage[]
  session: SessionOnPage
}): PortalContent {
  const { session } = model
  return {
    title: 'Your account',
    body: template('account', {
      ...model,
      standings: model.standings.map((standing) => ({
        ...standing,
        entranceUrl: webAddress(standing.entrance.url),
        isRefused: ['suspended', 'revoked', 'lapsed'].includes(standing.status),
      })),
      signedInAt: dayAndTime(session.signedInAt),
      previousSignInAt: session.previousSignInAt && dayAndTime(session.previousSignInAt),
      endsAtIso: session.endsAt.toISOString(),
      endsAtText: timeOfDay(session.endsAt),
    }),
  }
}

/** The session goes on: whoever came from a page with a form goes back to that. */
export function stayContent(): PortalContent {
  return { title: 'You are signed in', body: template('stay', {}) }
}

/** Nobody is signed in in this browser, and nothing is claimed about how that came about. */
export function notSignedInPage(model: { nonce: string; signInAddress: string }): string {
  return renderShell({
    nonce: model.nonce,
    title: 'You are not signed in',
    body: template('not-signed-in', model),
  })
}
