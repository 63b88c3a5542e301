import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Problem } from '../../problem.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What is wrong, for the summary and for the field. */
export type EmailPageProblem = {
  readonly heading: string
  readonly text?: string | undefined
  /** Who can help; the telephone number follows. */
  readonly help?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

/** The present address, a change that waits, and the form for another one. */
export function emailContent(model: {
  action: string
  csrf: string
  email: string | null
  isConfirmed: boolean
  /** A mail server refused the present address for good. */
  isRefused: boolean
  open?:
    | { readonly toEmail: string; readonly createdAt: Date; readonly expiresAt: Date }
    | undefined
  withdraw: { readonly action: string; readonly csrf: string }
  /** What has just been done. */
  done?: 'asked' | 'withdrawn' | 'changed' | undefined
  typed?: string | undefined
  problem?: EmailPageProblem | undefined
}): PortalContent {
  const { open, problem } = model
  return {
    title: `${problem ? 'Error: ' : ''}E-mail address`,
    body: template('email', {
      ...model,
      open: open && {
        toEmail: open.toEmail,
        askedAt: dayAndTime(open.createdAt),
      },
      fieldProblem: problemOf(problem?.problems ?? [], 'email'),
    }),
  }
}

/** What the link that was sent to the new address opens, for whoever is signed in. */
export function confirmEmailContent(model: {
  action: string
  csrf: string
  toEmail: string
  fromEmail: string | null
}): PortalContent {
  return { title: 'Confirm your new e-mail address', body: template('confirm-email', model) }
}

/** A link that confirms nothing, and what to do about it. */
export function deadEmailLinkContent(model: { heading: string; text: string }): PortalContent {
  return { title: model.heading, body: template('dead-email-link', model) }
}
