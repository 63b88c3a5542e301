import type { Context } from 'koa'
import type { Fault } from '../http/faults.ts'
import type { FormProblem } from '../http/read-form.ts'
import { referenceOf, requestOf } from '../http/request-context.ts'
import { type CourtLink, type ErrorAction, errorPage } from './pages.ts'

type Words = { heading: string; explanation: string; whatToDo: string[] }

const startAgain = 'Go back to the court’s website and start from there.'

/** What is known of the request beside what went wrong. */
export type About = {
  readonly error?: string
  readonly askedBy?: CourtLink | undefined
  /** The person wanted to sign out; `signOutPath` is where to try again. */
  readonly signOutPath?: string | undefined
  /** In development alone: the address that came, and the registered one that was probably meant. */
  readonly redirectMismatch?:
    | { readonly redirectUri: string; readonly nearestRegistered: string | undefined }
    | undefined
}

/**
 * What people read for a fault: what happened, what to do, who can help. A fault comes at any step of a
 * request and to people who are signed in, signed in as somebody else, or not: no page of these claims
 * to know which.
 */
export function faultPage(ctx: Context, fault: Fault, about: About = {}): string {
  const { nonce } = requestOf(ctx)
  const { askedBy } = about
  return errorPage({
    nonce,
    reference: referenceOf(requestOf(ctx)),
    status: fault.status,
    askedBy,
    ...(about.signOutPath ? signOutWords(fault) : wordsFor(ctx, fault, about)),
    action: actionFor(ctx, fault, about),
  })
}

/**
 * Whether the session was ended cannot be known where its end was not confirmed. The cookie stays in
 * the browser: without it, trying again could not find the session, which would live on unseen.
 */
function signOutWords(fault: Fault): Words {
  return {
    heading: 'You may still be signed in',
    explanation: 'Central Sign-On could not sign you out, or could not find out whether it did.',
    whatToDo: [
      fault.status === 429
        ? `Wait ${fault.retryAfterSeconds ?? 60} seconds, then try again.`
        : 'Wait a few seconds, then try again.',
      'On a shared or public computer, do not leave before you have read “You are signed out”. If trying again does not help, close every browser window and sign out of the computer.',
      'A sign-in that nobody uses ends by itself after 30 minutes.',
    ],
  }
}

function wordsFor(ctx: Context, fault: Fault, about: About): Words {
  if (fault.status === 503) {
    return {
      heading: 'Central Sign-On is not available for a moment',
      explanation:
        'Your request could not be finished. Nothing is lost, and it is safe to try again.',
      whatToDo: ['Wait a few seconds, then try again.'],
    }
  }
  if (fault.status === 429) {
    return {
      heading: 'Too many requests from your network',
      explanation: 'Central Sign-On had more requests from your network than it takes at once.',
      whatToDo: [`Wait ${fault.retryAfterSeconds ?? 60} seconds, then try again.`],
    }
  }
  if (fault.status === 404) {
    return {
      heading: 'This page does not exist',
      explanation: 'The address may be mistyped, or the page has moved.',
      whatToDo: ['Check the address.', startAgain],
    }
  }
  if (isUnregistered(ctx, about)) {
    return {
      heading: 'The court’s application is not set up for sign-in',
      explanation:
        'The application that sent you here, or the address it wants you back at, is not registered.',
      whatToDo: ['Tell the court’s help desk, with the reference below.', ...mismatchLines(about)],
    }
  }
  if (about.error === 'invalid_request_uri' || about.error === 'invalid_request_object') {
    return {
      heading: 'This request to sign in is no longer good',
      explanation:
        'For your safety the court’s request is good for a minute, once, and in one application. It was used already, it is too old, or it belongs to another application.',
      whatToDo: [startAgain],
    }
  }
  if (fault.status >= 500) {
    return {
      heading: 'Something went wrong on our side',
      explanation: 'Your request could not be finished. It is safe to try again.',
      whatToDo: ['Try again.', startAgain],
    }
  }
  return {
    heading: 'This request cannot be answered',
    explanation: 'The request that brought you here is not complete or not correct.',
    whatToDo: [startAgain],
  }
}

/**
 * Only what the registration decides: the engine says `invalid_client` of other mistakes, too, for
 * example of a hint that somebody else has signed.
 */
function isUnregistered(ctx: Context, { error }: About): boolean {
  if (error === 'invalid_redirect_uri') return true
  return error === 'invalid_client' && ctx.state['errorDetail'] === 'client not found'
}

/** Trying again comes first where it can help. A form is not sent again: its page is opened. */
function actionFor(ctx: Context, fault: Fault, about: About): ErrorAction | undefined {
  // Whatever went wrong on the way out: from here the person can sign out.
  if (fault.status < 500 && fault.status !== 429 && !about.signOutPath) return undefined
  const url = about.signOutPath ?? addressToRetry(ctx)
  return url === undefined ? undefined : { id: 'try-again', url, label: 'Try again' }
}

function addressToRetry(ctx: Context): string | undefined {
  // Only a path of ours: a request may name a whole address, and `//` begins another host's.
  if (!/^\/[A-Za-z]/.test(ctx.path)) return undefined
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return `${ctx.path}${ctx.search}`
  return /^\/(?:sign-in\/[^/]+|account)/.exec(ctx.path)?.[0]
}

function mismatchLines({ redirectMismatch }: About): string[] {
  if (!redirectMismatch) return []
  const { redirectUri, nearestRegistered = 'none' } = redirectMismatch
  return [
    `For the developer: the redirect_uri that came is ${redirectUri}`,
    `The nearest one that is registered is ${nearestRegistered}`,
  ]
}

/** A form that cannot be taken, in words; nothing of it was used. */
export function formRefusalPage(
  ctx: Context,
  status: number,
  reason: FormProblem | 'foreign-form',
): string {
  const isForeign = reason === 'foreign-form'
  return errorPage({
    nonce: requestOf(ctx).nonce,
    reference: referenceOf(requestOf(ctx)),
    status,
    heading: isForeign ? 'This form did not come from our page' : 'This form cannot be read',
    explanation: isForeign
      ? 'For your safety, Central Sign-On takes only forms of its own pages. Nothing was changed.'
      : 'What was sent is too long or is not what the form asks for. Nothing was changed.',
    whatToDo: [startAgain],
  })
}

/** The registered way back into the application that asked, as far as the engine knows it. */
export function wayBack(
  client:
    | { clientName?: string; cso_way_back?: string; cso_courts?: readonly { name: string }[] }
    | undefined,
): CourtLink | undefined {
  if (!client) return undefined
  const name = client.cso_courts?.[0]?.name ?? client.clientName
  return name ? { name, url: client.cso_way_back } : undefined
}
