import { accountTemplates } from '../accounts/account-templates.ts'
import { linkable, type WayBack } from '../http/error-page.ts'
import { problemOf } from '../http/form-kit.ts'
import { loadTemplates, type Page, renderShell, webAddress } from '../http/page-shell.ts'
import { inWords } from '../time-in-words.ts'
import type { AskedBy } from './asked-by.ts'
import { type DescribedProblem, describeProblem, type SignInProblem } from './sign-in-problem.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), accountTemplates)

type CourtName = { name: string }

/** What every page is given: the nonce of the response's Content-Security-Policy. */
type Every = { nonce: string }

/** A page with a form: `action` takes it, `cancelAction` gives up and goes where `cancelLabel` says. */
export type Form = Every & {
  action: string
  csrf: string
  cancelAction: string
  cancelLabel?: string | undefined
}

/** Why somebody who is signed in already is asked for a password. */
export type Again = {
  name: string
  username: string
  /** The client wants this person again, and not another one. */
  isSamePerson: boolean
  because: 'asked-by-court' | 'long-ago' | 'other-person'
}

/** For whoever is turned away before the form was read; the same for everybody, and without a script. */
export function turnedAwayPage({
  reason,
  seconds,
}: {
  reason: 'busy' | 'too-many'
  seconds: number
}): string {
  const { heading } = describeProblem({ kind: reason, retryAfterSeconds: seconds })
  return renderShell({
    title: heading,
    body: template('turned-away', { reason, heading, wait: inWords(seconds) }),
  })
}

/** The username and password form. A password that was typed before is never shown again. */
export function signInPage(
  model: Form & {
    askedBy: AskedBy
    again?: Again | undefined
    /** Where an account is created, for who comes from here. */
    registerAddress: string
    /** The address that leads on once the person has signed in in another tab. */
    waitsAt?: string | undefined
    username?: string | undefined
    /** Where the way back into an account begins, for who comes from this application. */
    recoverAddress?: string | undefined
    problem?: SignInProblem | undefined
  },
): string {
  const problem = model.problem && describeProblem(model.problem)
  return renderPage(model, {
    title: problem ? 'Error: Sign in' : 'Sign in',
    scripts: ['sign-in.js'],
    body: template('sign-in', {
      ...model,
      ...namesOf(model.askedBy),
      username: model.username ?? '',
      // Said of every such name, whether or not there is or was one: it tells nothing of any account.
      isShortName: problem !== undefined && model.username?.trim().length === 6,
      problem,
      usernameProblem: problemOf(problem?.problems ?? [], 'username'),
      passwordProblem: problemOf(problem?.problems ?? [], 'password'),
    }),
  })
}

/** The names as the pages show them; an application that is called like its court is not named twice. */
export function namesOf({ clientName, courts, isVendor }: AskedBy) {
  const names = courts.map((court) => court.name)
  return { courts: names, clientName: names.includes(clientName) ? '' : clientName, isVendor }
}

/**
 * The filer's responsibility to redact, confirmed once per sign-in.
 * Source: Fed. R. App. P. 25(a)(5), Fed. R. Civ. P. 5.2, Fed. R. Crim. P. 49.1, Fed. R. Bankr. P. 9037.
 */
export function redactionNoticePage(
  model: Form & {
    /** With the page of the court, where its clerk's offices stand. */
    court: CourtName & { url?: string | undefined }
    /** How to reach its clerk; trusted HTML. */
    clerks?: string | undefined
    mustCheck?: boolean | undefined
  },
): string {
  return renderPage(model, {
    title: `${model.mustCheck ? 'Error: ' : ''}Your duty to redact`,
    body: template('redaction-notice', { ...model, mustCheck: model.mustCheck ?? false }),
  })
}

/** The present rules of use, for whoever accepted older ones; `version` is the day of these. */
export function rulesOfUseStepPage(
  model: Form & {
    askedBy: AskedBy
    version: string
    versionText: string
    mustCheck?: boolean | undefined
  },
): string {
  const { mustCheck = false } = model
  return renderPage(model, {
    title: `${mustCheck ? 'Error: ' : ''}The rules of use have changed`,
    body: template('rules-of-use-step', { ...model, mustCheck, askedBy: namesOf(model.askedBy) }),
  })
}

/** A new password that is due, before it goes on; `asksForPresent`: it was not typed a moment ago. */
export function changePasswordStepPage(
  model: Form & {
    askedBy: AskedBy
    username: string
    asksForPresent: boolean
    hint: string
    rules: string
    problem?: DescribedProblem | undefined
  },
): string {
  const problems = model.problem?.problems ?? []
  return renderPage(model, {
    title: `${model.problem ? 'Error: ' : ''}Choose a new password`,
    scripts: ['show-passwords.js'],
    body: template('change-password-step', {
      ...model,
      askedBy: namesOf(model.askedBy),
      problems: {
        current: problemOf(problems, 'current'),
        password: problemOf(problems, 'password'),
        again: problemOf(problems, 'again'),
      },
    }),
  })
}

/** The court still runs its old system: filing goes through its own login. */
export function notLiveNoticePage(
  model: Form & {
    court: CourtName & {
      loginUrl?: string | null | undefined
      /** The day as words, with the time where it is not midnight, for example `August 30, 2027`. */
      goLiveOn?: string | undefined
      /** It was live, and has gone back to its old system. */
      isRolledBack?: boolean | undefined
      /** The offices of its clerk; trusted HTML. */
      offices?: string | undefined
    }
  },
): string {
  const court = { ...model.court, loginUrl: webAddress(model.court.loginUrl) }
  return renderPage(model, {
    title: 'To file here, use your court login',
    body: template('not-live-notice', { ...model, court }),
  })
}

/** The court changes over, and nobody files there. */
export function filingClosedPage(
  model: Form & {
    court: CourtName & {
      /** The moment from which filing is open again, in words. */
      until?: string | undefined
      /** What to do in an emergency, in the court's words. */
      emergencyWay?: string | undefined
      /** The offices of its clerk; trusted HTML. */
      offices?: string | undefined
    }
  },
): string {
  return renderPage(model, {
    title: 'Filing is closed at this court',
    body: template('filing-closed', model),
  })
}

/** Asks whether an application may act with the account; `wants` are whole sentences. */
export function consentPage(
  model: Form & {
    client: { name: string }
    courts: CourtName[]
    wants: string[]
    canStayConnected: boolean
  },
): string {
  return renderPage(model, {
    title: `${model.client.name} asks to act with your account`,
    body: template('consent', model),
  })
}

/** The person did not agree; `goOnTo` leads back to the application, which is told so. */
export function deniedPage(
  model: Every & {
    client: { name: string }
    /** Who is signed in in this browser, from before. */
    signedInAs: { name: string; username: string } | undefined
    goOnTo: string
  },
): string {
  return renderPage(model, {
    title: 'You did not allow it',
    body: template('denied', model),
  })
}

/** Who is it to be, where the client asks: go on as who is signed in, or sign in as somebody else. */
export function selectAccountPage(
  model: Form & {
    askedBy: AskedBy
    person: { name: string; username: string }
  },
): string {
  return renderPage(model, {
    title: 'Choose who signs in',
    body: template('select-account', {
      ...model,
      ...namesOf(model.askedBy),
    }),
  })
}

/** Why a page of a sign-in cannot be shown, as far as we know it. */
export type LostPage = {
  cause: 'expired' | 'used' | 'other-browser' | 'no-cookie'
  /** Who is signed in in this browser now. */
  signedInAs?: { name: string; username: string; isWhoUsedIt: boolean } | undefined
  askedBy?: WayBack | undefined
  /** What need not be done again, and for how long that counts. */
  kept?: { things: readonly string[]; time: string } | undefined
}

/** The sign-in page is too old, was used, or belongs to another browser; and who is signed in now. */
export function expiredPage(model: Every & LostPage): string {
  return renderPage(model, {
    title: model.signedInAs ? 'You are signed in' : lostTitles[model.cause],
    body: template('expired', {
      ...model,
      heading: lostTitles[model.cause],
      askedBy: linkable(model.askedBy),
    }),
  })
}

const lostTitles: Record<LostPage['cause'], string> = {
  expired: 'This sign-in page has expired',
  used: 'This sign-in page has been used',
  'other-browser': 'This sign-in page belongs to another browser',
  'no-cookie': 'Your browser did not send our cookie',
}

/** Asks before ending the session. `fields` are hidden in the form; `hasProblem`: no way back. */
export function signOutPage(
  model: Every & {
    action: string
    stayAddress: string
    fields: Readonly<Record<string, string>>
    hasProblem: boolean
    askedBy?: WayBack | undefined
  },
): string {
  return renderPage(model, {
    title: 'Sign out',
    body: template('sign-out', { ...model, askedBy: linkable(model.askedBy) }),
  })
}

/** For who chose to stay signed in; the session was looked for and is there. */
export function stillSignedInPage(
  model: Every & { signOutAddress: string; askedBy?: WayBack | undefined },
): string {
  return renderPage(model, {
    title: 'You are still signed in',
    body: template('still-signed-in', { ...model, askedBy: linkable(model.askedBy) }),
  })
}

/** Nobody is signed in in this browser; the session was looked for, or has just been ended. */
export function signedOutPage(model: Every & { askedBy?: WayBack | undefined }): string {
  return renderPage(model, {
    title: 'You are signed out',
    body: template('signed-out', { askedBy: linkable(model.askedBy) }),
  })
}

function renderPage(model: Every, page: Omit<Page, 'nonce'>): string {
  return renderShell({ ...page, nonce: model.nonce })
}
