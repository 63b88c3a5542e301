import type { Context } from 'koa'
import type { Fault } from '../http/faults.ts'
import type { FormProblem } from '../http/read-form.ts'
import { requestOf } from '../http/request-context.ts'
import { type CourtLink, errorPage, expiredPage, signOutPage } from './pages.ts'

type Words = { heading: string; explanation: string; whatToDo: string[] }

const startAgain = 'Go back to the court’s website and sign in from there.'
const help =
  'If it happens again, call the PACER Service Center, (800) 676-6856, and tell them the request number below.'

/** What is known of the engine's refusal. */
export type Refusal = {
  readonly error?: string
  /** The person was on the way back to the engine from our pages. */
  readonly isResuming?: boolean
  readonly askedBy?: CourtLink | undefined
}

/** What people read for a fault: what happened, whether anything is lost, what to do. */
export function faultPage(ctx: Context, fault: Fault, about: Refusal = {}): string {
  const { nonce, requestId } = requestOf(ctx)
  const { askedBy } = about
  if (about.error === 'invalid_request' && fault.status === 400 && isLostSession(ctx, about)) {
    return expiredPage({ nonce, askedBy })
  }
  return errorPage({ nonce, requestId, status: fault.status, askedBy, ...wordsFor(fault, about) })
}

/** The engine's word for an interaction that expired or belongs to another browser. */
function isLostSession(ctx: Context, { isResuming }: Refusal): boolean {
  return ctx.state['errorDetail'] !== undefined && isResuming === true
}

function wordsFor(fault: Fault, about: Refusal): Words {
  if (fault.status === 503) {
    return {
      heading: 'Sign-in is not available for a moment',
      explanation: 'You are not signed in. Nothing was changed and nothing is lost.',
      whatToDo: ['Wait a few seconds, then try again.', help],
    }
  }
  if (fault.status === 429) {
    return {
      heading: 'Too many requests from your network',
      explanation: 'Central Sign-On had more requests from your network than it takes at once.',
      whatToDo: [`Wait ${fault.retryAfterSeconds ?? 60} seconds, then try again.`, help],
    }
  }
  if (fault.status === 404) {
    return {
      heading: 'This page does not exist',
      explanation: 'The address may be mistyped, or the page has moved.',
      whatToDo: ['Check the address.', startAgain],
    }
  }
  if (about.error === 'invalid_client' || about.error === 'invalid_redirect_uri') {
    return {
      heading: 'The court’s application is not set up for sign-in',
      explanation: 'The application that sent you here is not registered as it should be.',
      whatToDo: ['Tell the court’s help desk, with the request number below.'],
    }
  }
  if (fault.status >= 500) {
    return {
      heading: 'Something went wrong on our side',
      explanation: 'You are not signed in. Nothing was changed and nothing is lost.',
      whatToDo: [startAgain, help],
    }
  }
  return {
    heading: 'This request cannot be answered',
    explanation: 'The request that brought you here is not complete or not correct.',
    whatToDo: [startAgain, help],
  }
}

/** A form that cannot be taken, in words; nothing of it was used. */
export function formRefusalPage(
  ctx: Context,
  status: number,
  reason: FormProblem | 'foreign-form',
): string {
  const { nonce, requestId } = requestOf(ctx)
  const isForeign = reason === 'foreign-form'
  return errorPage({
    nonce,
    requestId,
    status,
    heading: isForeign ? 'This form did not come from our page' : 'This form cannot be read',
    explanation: isForeign
      ? 'For your safety, Central Sign-On takes only forms of its own pages. Nothing was changed.'
      : 'What was sent is too long or is not what the form asks for. Nothing was changed.',
    whatToDo: [startAgain, help],
  })
}

export function signOutQuestion(ctx: Context, formHtml: string, isHinted: boolean): string {
  return signOutPage({ nonce: requestOf(ctx).nonce, formHtml, isHinted })
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
