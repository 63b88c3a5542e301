import type { ErrorWords, WayBack } from '../http/error-page.ts'
import { type About, startAgain } from '../http/fault-page.ts'
import type { Fault } from '../http/faults.ts'
import { signOutPaths } from '../paths.ts'

/** The person wanted to sign out; whatever went wrong, there the person can. */
export function signOutFault(fault: Fault): About {
  return { words: signOutWords(fault), tryAgainAt: signOutPaths.question }
}

/**
 * Whether the session was ended cannot be known where its end was not confirmed. The cookie stays in
 * the browser: without it, trying again could not find the session, which would live on unseen.
 */
function signOutWords(fault: Fault): ErrorWords {
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

/** What the authorization server knows of a request that it refused. */
export type RefusedRequest = {
  readonly error: string
  /** What the engine's listeners were told beyond that. */
  readonly detail: string | undefined
  /** What was thrown: a refusal, or a fault of ours. */
  readonly cause: unknown
  /** Where the person starts again; undefined as long as nobody knows who asks. */
  readonly askedBy: WayBack | undefined
  /** In development alone: the address that came, and the registered one that was probably meant. */
  readonly redirectMismatch?:
    | { readonly redirectUri: string; readonly nearestRegistered: string | undefined }
    | undefined
}

/** What people read where the status alone does not say it; undefined where it does. */
export function refusalWords(fault: Fault, refused: RefusedRequest): ErrorWords | undefined {
  if (fault.status >= 500 || fault.status === 429 || fault.status === 404) return undefined
  if (isUnregistered(refused)) {
    return {
      heading: 'The court’s application is not set up for sign-in',
      explanation:
        'The application that sent you here, or the address it wants you back at, is not registered.',
      whatToDo: [
        'Tell the court’s help desk, with the reference below.',
        ...mismatchLines(refused),
      ],
    }
  }
  if (refused.error === 'invalid_request_uri' || refused.error === 'invalid_request_object') {
    return {
      heading: 'This request to sign in is no longer good',
      explanation:
        'For your safety the court’s request is good for a minute, once, and in one application. It was used already, it is too old, or it belongs to another application.',
      whatToDo: [startAgain],
    }
  }
  return undefined
}

/**
 * Only what the registration decides: the engine says `invalid_client` of other mistakes, too, for
 * example of a hint that somebody else has signed.
 */
function isUnregistered({ error, detail }: RefusedRequest): boolean {
  if (error === 'invalid_redirect_uri') return true
  return error === 'invalid_client' && detail === 'client not found'
}

function mismatchLines({ redirectMismatch }: RefusedRequest): string[] {
  if (!redirectMismatch) return []
  const { redirectUri, nearestRegistered = 'none' } = redirectMismatch
  return [
    `For the developer: the redirect_uri that came is ${redirectUri}`,
    `The nearest one that is registered is ${nearestRegistered}`,
  ]
}
