import { courtFactLabel } from '../../accounts/account-changes.ts'
import type { AccountEvent } from '../../audit/account-history.ts'
import { decisionLabel } from '../../efiling/decision-words.ts'
import { statusWords } from '../../efiling/standing-words.ts'
import type { AccountId } from '../../ids.ts'
import { staffRoleLabels } from '../../staff/role.ts'

/** The names of what an event is about, where it is about them. */
export type EventNames = { readonly client: string; readonly court: string }

type Tell = (about: {
  readonly names: EventNames
  readonly detail: Readonly<Record<string, unknown>>
  readonly isOwn: boolean
}) => string

/** By whom, where it was not the holder: nobody is named. */
const byWhom = (isOwn: boolean) => (isOwn ? '' : ', by the PACER Service Center')

const refusals: Readonly<Record<string, string>> = {
  'wrong-password': 'A wrong password was typed',
  'password-too-long': 'A wrong password was typed',
  locked: 'A sign-in was refused while the account was paused',
  'password-disabled': 'A sign-in was refused: a hundred wrong passwords came before it',
  closed: 'A sign-in with the right password was refused: the account is closed',
  disabled: 'A sign-in with the right password was refused: the account is disabled',
  unconfirmed: 'A sign-in with the right password was refused: the account is not confirmed',
}

const passwordChanges: Readonly<Record<string, string>> = {
  changed: 'The password was changed',
  required: 'The password was changed, as it was due',
  reset: 'A new password was chosen with a link sent by e-mail',
  upgraded: 'A new password was chosen with the upgrade',
  first: 'The password was chosen',
}

/** What its holder reads of each event; what has no words here is not told. */
const words: Readonly<Record<string, Tell>> = {
  'account.signed-in': ({ names }) => `Signed in at ${names.client}`,
  'authorization.issued': ({ names }) => `Opened ${names.client}, already signed in`,
  'account.signed-out': () => 'Signed out',
  'session.ended': ({ isOwn }) => `Signed out in another browser${byWhom(isOwn)}`,
  'account.sign-in-refused': ({ detail }) =>
    refusals[String(detail['reason'])] ?? 'A sign-in was refused',
  'account.unlocked': ({ isOwn }) => `The pause after wrong passwords was ended${byWhom(isOwn)}`,
  'account.password-changed': ({ detail }) =>
    passwordChanges[String(detail['why'])] ?? 'The password was changed',
  'account.username-changed': () => 'The username was changed',
  'account.password-required': ({ isOwn }) => `A new password was asked for${byWhom(isOwn)}`,
  'account.registered': ({ isOwn }) => `The account was made${byWhom(isOwn)}`,
  'account.upgraded': () => 'The account was upgraded',
  'account.confirmed': () => 'The e-mail address was confirmed',
  'account.email-change-asked': () =>
    'Another e-mail address was given, which waits to be confirmed',
  'account.email-change-withdrawn': () => 'The change of the e-mail address was withdrawn',
  'account.email-changed': () => 'The e-mail address was changed',
  'account.recovery-asked': () => 'Somebody asked for the username or a new password by e-mail',
  'account.not-me-reported': () => '“This was not me” was pressed in one of our messages',
  'account.old-address-reported': () =>
    'The reader of the former e-mail address said that its change was not wanted',
  'account.address-proposed': ({ isOwn }) =>
    `Another e-mail address was proposed, as messages at this one are said not to be read any more${byWhom(isOwn)}`,
  'account.address-approved': ({ isOwn }) => `That other address was approved${byWhom(isOwn)}`,
  'account.address-proposal-ended': ({ isOwn }) =>
    `That other address was turned down${byWhom(isOwn)}`,
  'account.birth-date-corrected': ({ isOwn }) => `The date of birth was corrected${byWhom(isOwn)}`,
  'account.changed': ({ isOwn }) => `Facts of the account were changed${byWhom(isOwn)}`,
  'account.exported': () => 'What is kept about you was downloaded',
  'account.rules-accepted': () => 'The rules of use were accepted',
  'account.search-reactivated': ({ isOwn }) => `Case search was switched on again${byWhom(isOwn)}`,
  'account.held': ({ isOwn }) => `The account was put on hold${byWhom(isOwn)}`,
  'account.released': ({ isOwn }) => `A hold was lifted${byWhom(isOwn)}`,
  'account.disabled': ({ isOwn }) => `The account was disabled${byWhom(isOwn)}`,
  'account.enabled': ({ isOwn }) => `The account was enabled${byWhom(isOwn)}`,
  'account.closed': ({ isOwn }) => `The account was closed${byWhom(isOwn)}`,
  'consent.given': ({ names }) => `Allowed ${names.client} to act with the account`,
  'consent.withdrawn': ({ names }) => `Took back what ${names.client} was allowed`,
  'redaction.acknowledged': ({ names }) => `Confirmed the duty to redact, for the ${names.court}`,
  'request.approved': ({ names }) => `The ${names.court} approved your request`,
  'request.denied': ({ names }) => `The ${names.court} denied your request`,
  'request.question-asked': ({ names }) => `The ${names.court} asked something about your request`,
  'request.wait-changed': ({ names }) => `The ${names.court} said what your request waits for`,
  'request.submitted': ({ names }) => `Asked the ${names.court} for the right to file`,
  'document.opened': ({ names }) => `The ${names.court} opened a document of your request`,
  'request.answered': ({ names }) => `Answered a question of the ${names.court}`,
  'request.document-sent': ({ names }) => `Added a document to a request to the ${names.court}`,
  'request.withdrawn': ({ names }) => `Took back a request to the ${names.court}`,
  'right.decided': ({ names, detail }) =>
    detail['decision'] === 'give-up'
      ? `Gave up the rights at the ${names.court}`
      : `The ${names.court} decided: ${decisionLabel(detail['decision'])}`,
  'account.linked': ({ names, isOwn }) =>
    isOwn
      ? `Linked the old filing account at the ${names.court}`
      : `The ${names.court} linked your old filing account`,
  'account.linking-refused': ({ names }) =>
    `A try to link an old filing account at the ${names.court} was refused`,
  'account.unlinked': ({ names }) => `The ${names.court} undid a link to an old filing account`,
  'link.reported': ({ names }) =>
    `A link to an old filing account at the ${names.court} was said to be wrong`,
  'link.confirmed': ({ names }) =>
    `The ${names.court} found the link to your old filing account right`,
  'notice-of-change.asked': ({ names, detail }) =>
    `Asked the ${names.court} to take over a change: ${courtFactLabel(detail['fact'])}`,
  'notice-of-change.withdrawn': ({ names, detail }) =>
    `Withdrew what the ${names.court} was asked to take over: ${courtFactLabel(detail['fact'])}`,
  'notice-of-change.decided': ({ names, detail }) =>
    `The ${names.court} ${detail['decision'] === 'taken-over' ? 'took over' : 'declined'} a change: ${courtFactLabel(detail['fact'])}`,
  'standing.changed': ({ names, detail }) =>
    `The ${names.court} decided: ${labelOf(String(detail['status']))}`,
  'staff-role.proposed': ({ names, detail }) =>
    `A role was proposed: ${roleOf(detail)}${names.court ? `, ${names.court}` : ''}`,
  'staff-role.proposal-ended': ({ names, detail }) =>
    `The role that was proposed was not given: ${roleOf(detail)}${names.court ? `, ${names.court}` : ''}`,
  'staff-role.granted': ({ names, detail }) =>
    `Became staff: ${roleOf(detail)}${names.court ? `, ${names.court}` : ''}`,
  'staff-role.revoked': ({ names, detail }) =>
    `Is staff no longer: ${roleOf(detail)}${names.court ? `, ${names.court}` : ''}`,
  'mail.refused': () => 'A message could not be delivered: a mail server refused your address',
}

/** The events that are told. */
export const toldEvents: readonly string[] = Object.keys(words)

/**
 * An event in the words of its holder; undefined for one that is not told.
 * @param holder who reads it: what somebody else did is said to be so.
 */
export function tellEvent(
  event: AccountEvent,
  names: EventNames,
  holder: AccountId,
): string | undefined {
  const isOwn = event.actorKind === 'account' ? event.actorId === holder : isOfItself(event)
  return words[event.event]?.({ names, detail: event.detail, isOwn })
}

/** What the program did because of what somebody did; of events of the first form nobody knows who did it. */
function isOfItself({ actorKind }: AccountEvent): boolean {
  return actorKind === 'system' || actorKind === 'client' || actorKind === null
}

function labelOf(status: string): string {
  return (
    (statusWords as Readonly<Record<string, { label: string } | undefined>>)[status]?.label ??
    status
  )
}

function roleOf(detail: Readonly<Record<string, unknown>>): string {
  const role = String(detail['role'])
  return (staffRoleLabels as Readonly<Record<string, string | undefined>>)[role] ?? role
}
