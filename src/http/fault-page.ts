import type { Context } from 'koa'
import { pageOfForm } from '../page-of-form.ts'
import { type ErrorAction, type ErrorWords, errorPage, type WayBack } from './error-page.ts'
import type { Fault } from './faults.ts'
import type { FormProblem } from './read-form.ts'
import { referenceOf, requestOf } from './request-context.ts'

export const startAgain = 'Go back to the court’s website and start from there.'

/** What a caller above knows of the request beside what went wrong. */
export type About = {
  /** Who sent the browser here. */
  readonly askedBy?: WayBack | undefined
  /** Words that fit better than those that the status has. */
  readonly words?: ErrorWords | undefined
  /** Where to try again, whatever went wrong; absent: where that can help, at the page itself. */
  readonly tryAgainAt?: string | undefined
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
    ...(about.words ?? wordsFor(fault)),
    action: actionFor(ctx, fault, about),
  })
}

function wordsFor(fault: Fault): ErrorWords {
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

/** Trying again comes first where it can help. A form is not sent again: its page is opened. */
function actionFor(ctx: Context, fault: Fault, about: About): ErrorAction | undefined {
  if (fault.status < 500 && fault.status !== 429 && !about.tryAgainAt) return undefined
  const url = about.tryAgainAt ?? addressToRetry(ctx)
  return url === undefined ? undefined : { id: 'try-again', url, label: 'Try again' }
}

function addressToRetry(ctx: Context): string | undefined {
  // Only a path of ours: a request may name a whole address, and `//` begins another host's.
  if (!/^\/[A-Za-z]/.test(ctx.path)) return undefined
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return `${ctx.path}${ctx.search}`
  return pageOfForm(ctx.path)
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
