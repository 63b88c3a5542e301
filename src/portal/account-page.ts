import { loadTemplates, renderShell, type SignedInAs, webAddress } from '../http/page-shell.ts'
import { timeOfDay } from '../signin/time-in-words.ts'

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
  /** The court's own application or its login; `isOldLogin` where it asks for its own password. */
  entrance: { url: string; isOldLogin: boolean }
}

export type VendorOnPage = {
  clientId: string
  name: string
  courtNames: string[]
  wants: string[]
  allowedAt: Date
}

export type SessionOnPage = {
  idleMinutes: number
  signedInAt: Date
  /** The sign-in before this one, in whatever browser. */
  previousSignInAt?: Date | undefined
  /** The latest end of the session. */
  endsAt: Date
  isStaff?: boolean | undefined
}

const warningSeconds = 120

/**
 * Our own page: who is signed in, what each court decided, what vendors were allowed, and when the
 * session ends. The same `csrf` guards signing out; `withdraw` is the form that takes an allowance back.
 */
export function accountPage(model: {
  nonce: string
  account: AccountOnPage
  /** What somebody is staff of: `role`, and the court's name where it is held at one. */
  staffPosts: { role: string; courtName?: string | undefined }[]
  standings: StandingOnPage[]
  vendors: VendorOnPage[]
  /** An application that has just been taken back what it was allowed. */
  withdrawnFrom?: string | undefined
  session: SessionOnPage
  signOutAction: string
  csrf: string
  withdraw: { action: string; csrf: string }
}): string {
  const { session } = model
  const idleSeconds = session.idleMinutes * 60
  const secondsLeft = Math.floor((session.endsAt.getTime() - Date.now()) / 1000)
  const signedInAs: SignedInAs = {
    name: model.account.name,
    username: model.account.username,
    signOutAction: model.signOutAction,
    csrf: model.csrf,
  }
  return renderShell({
    nonce: model.nonce,
    title: 'Your account',
    width: 'wide',
    script: 'session-warning.js',
    signedInAs,
    body: template('account', {
      ...model,
      standings: model.standings.map((standing) => ({
        ...standing,
        entranceUrl: webAddress(standing.entrance.url),
      })),
      vendors: model.vendors.map((vendor) => ({
        ...vendor,
        allowedAt: dayAndTime(vendor.allowedAt),
      })),
      signedInAt: dayAndTime(session.signedInAt),
      previousSignInAt: session.previousSignInAt && dayAndTime(session.previousSignInAt),
      endsAtIso: session.endsAt.toISOString(),
      endsAtText: timeOfDay(session.endsAt),
      endsInSeconds: Math.max(0, Math.min(idleSeconds, secondsLeft)),
      isEndNear: secondsLeft < idleSeconds,
      warningSeconds,
    }),
  })
}

/** Nobody is signed in in this browser, and nothing is claimed about how that came about. */
export function notSignedInPage(model: { nonce: string; signInAddress: string }): string {
  return renderShell({
    nonce: model.nonce,
    title: 'You are not signed in',
    body: template('not-signed-in', model),
  })
}

const easternDay = new Intl.DateTimeFormat('en-US', {
  dateStyle: 'long',
  timeZone: 'America/New_York',
})

/** `November 3, 2026, 3:45 p.m. Eastern time`. */
function dayAndTime(at: Date): string {
  return `${easternDay.format(at)}, ${timeOfDay(at)}`
}
