import type { RightRefusal } from '../../efiling/decide-right.ts'
import type { LinkingRefusal } from '../../efiling/linking/link-account.ts'
import type { SettleRefusal } from '../../efiling/linking/settle-link.ts'
import type { UnlinkRefusal } from '../../efiling/linking/unlink-account.ts'
import type { RightState } from '../../efiling/right.ts'
import type { Problem } from '../../problem.ts'

export type LinkProblem = {
  readonly heading: string
  readonly text?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

const rightWords: Readonly<Record<RightState, string>> = {
  none: 'something that is decided ahead',
  pending: 'nothing yet',
  active: 'a right in force',
  suspended: 'a right that is suspended',
  revoked: 'a right that was ended',
  lapsed: 'a right that has lapsed',
  'given-up': 'a right that was given up',
}

type Refusal = LinkingRefusal | UnlinkRefusal | SettleRefusal

/** Why a clerk does not do so now, with what to do. */
function refusalText(refusal: Refusal): string {
  switch (refusal.reason) {
    case 'no-rights':
      return 'A legacy, shared, firm or closed account has no right to file at any court. Its holder upgrades it first, or uses an account of one person.'
    case 'held':
      return 'The PACER account is on hold or in review: whose it is has to be certain first. Its holder calls the PACER Service Center.'
    case 'not-live':
      return 'Your court has not gone live yet. Accounts are linked from that moment on.'
    case 'linked-already':
      return 'This person has a link at your court already. Open that one, and undo or correct it.'
    case 'has-right':
      return `Your court has decided about this person already, who has ${rightWords[refusal.state]}. Change that on the page of the person, and enter the CM/ECF account there.`
    case 'imported-taken':
      return 'Somebody has this CM/ECF account at your court already. Look for it among the links and the people of your court.'
    case 'imported-inactive':
      return 'The old system says that this account was not in use. Grant a right on the page of the person instead.'
    case 'was-linked':
      return 'This CM/ECF account was linked before. Look at that link.'
    case 'linking-closed':
      return 'Linking by password is over at your court.'
    case 'names-differ':
      return 'The two names are different. Confirm that it is one person.'
    case 'not-own':
      return 'This account is your own, or may be: a colleague at your court decides about it.'
    case 'not-yours':
      return 'You do not work at this court any more.'
    case 'ended-already':
      return 'The link was undone already. Look at what holds now.'
    case 'not-contested':
      return 'Nobody says any more that the link is wrong, or a colleague was faster. Look at what holds now.'
    case 'not-reinstated':
      return notReinstatedText(refusal.because)
    case 'unknown':
      return 'The account is not there any more.'
  }
}

function notReinstatedText(because: RightRefusal['reason']): string {
  switch (because) {
    case 'waits-for-later':
      return 'Something is decided ahead about this person, so that the right that was stopped cannot be given back now. Withdraw that on the page of the person first, or wait until it has come.'
    case 'day-past':
      return 'The last day of the right that was stopped is over. Set another one on the page of the person first, or undo the link.'
    case 'no-rights':
      return 'The PACER account can have no right any more: it is closed, for example. Undo the link.'
    default:
      return 'The right that was stopped cannot be given back as it was. Decide about it on the page of the person, or undo the link.'
  }
}

/** A refusal at its field, or above the form. */
export function linkProblem(heading: string, refusal: Refusal): LinkProblem {
  const text = refusalText(refusal)
  return refusal.reason === 'names-differ'
    ? { heading, problems: [{ path: ['onePerson'], message: text }] }
    : { heading, text }
}

/** Nobody decides about oneself; everything else can be another thing in a moment. */
export function linkStatus({ reason }: { readonly reason: string }): number {
  if (reason === 'not-own' || reason === 'not-yours') return 403
  return reason === 'names-differ' ? 422 : 409
}
