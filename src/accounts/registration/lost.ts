import type { Context } from 'koa'
import { type ErrorWords, errorPage } from '../../http/error-page.ts'
import { respond } from '../../http/form-kit.ts'
import { referenceOf, requestOf } from '../../http/request-context.ts'
import { paths } from '../../paths.ts'
import { inWords } from '../../time-in-words.ts'
import { type TooMany, tooManyWords } from '../address-code.ts'
import { holdsMinutes } from './registration.ts'

/** Why a page of a registration cannot be shown in this browser. */
export type LostRegistration =
  | 'no-cookie'
  | 'other-visit'
  | 'not-begun'
  | 'not-confirmed'
  | 'over'
  | 'link-used'
  | 'link-expired'
  | 'link-unknown'

const startOver = 'Choose “Start again”, and enter your e-mail address: we write to you again.'

const lost: Readonly<Record<LostRegistration, ErrorWords & { readonly status: number }>> = {
  'no-cookie': {
    status: 400,
    heading: 'Your browser did not send our cookie',
    explanation:
      'Either the browser was closed since this page was opened, or it keeps no cookies. No account was created.',
    whatToDo: ['Allow cookies for this site.', startOver],
  },
  'other-visit': {
    status: 403,
    heading: 'This page belongs to an earlier visit',
    explanation: 'The browser was closed since this page was opened. Nothing was changed.',
    whatToDo: [startOver],
  },
  'not-begun': {
    status: 404,
    heading: 'No account is being created in this browser',
    explanation: 'Creating an account begins with your e-mail address.',
    whatToDo: [startOver],
  },
  'not-confirmed': {
    status: 403,
    heading: 'Confirm your address in this browser first',
    explanation:
      'The form is shown only in the browser in which the address was confirmed last, so that nobody else can fill it in.',
    whatToDo: [
      'If you have pressed the link on another device since, go on with the form there.',
      'If not, open the link in the message that we sent you, or go back to the page that asks for its code.',
      'If there is no such message, choose “Start again”.',
    ],
  },
  over: {
    status: 410,
    heading: 'Too much time has passed',
    explanation:
      'The form waited for you and was then closed, so that nobody else could fill it in. No account was created.',
    whatToDo: [startOver],
  },
  'link-used': {
    status: 410,
    heading: 'This link has been used',
    explanation: 'A link works once. If you used it, go on in the browser in which you did.',
    whatToDo: ['Look for the page with the form in your other tabs and devices.', startOver],
  },
  'link-expired': {
    status: 410,
    heading: 'This link is too old',
    explanation: `A link works for ${holdsMinutes} minutes after we sent the message. Nothing was changed.`,
    whatToDo: [startOver],
  },
  'link-unknown': {
    status: 404,
    heading: 'This link is not known',
    explanation: 'Perhaps a part of it is missing: some programs break long lines.',
    whatToDo: ['Open the link in the message itself, or copy all of it.', startOver],
  },
}

/** Says why, and leads to the beginning; nothing of it tells who has an account. */
export function renderLost(ctx: Context, reason: LostRegistration): void {
  const { status, ...words } = lost[reason]
  const action = { id: 'start-again', url: paths.register, label: 'Start again' }
  answer(ctx, status, words, action)
}

/** Too many mails: the same for every address. */
export function renderTooMany(ctx: Context, { of, retryAfterSeconds }: TooMany): void {
  const wait = inWords(retryAfterSeconds)
  ctx.set('Retry-After', String(retryAfterSeconds))
  answer(
    ctx,
    429,
    {
      heading: 'No more messages for the moment',
      explanation: tooManyWords[of].explanation,
      whatToDo: [
        tooManyWords[of].whatToDo,
        `Try again in ${wait}.`,
        'If you cannot wait, the PACER Service Center can help: the telephone number is below.',
      ],
    },
    { id: 'try-again', url: paths.register, label: 'Go back' },
  )
}

function answer(
  ctx: Context,
  status: number,
  words: ErrorWords,
  action: { id: string; url: string; label: string },
): void {
  const { nonce } = requestOf(ctx)
  const reference = referenceOf(requestOf(ctx))
  respond(ctx, status, errorPage({ nonce, reference, status, ...words, action }))
}
