import { courtFactLabel } from '../../accounts/account-changes.ts'
import type { HoldReason } from '../../accounts/hold.ts'
import { holdWords } from '../../accounts/state-words.ts'
import type { FoundEvent } from '../../audit/search.ts'
import { decisionLabel } from '../../efiling/decision-words.ts'
import { statusWords } from '../../efiling/standing-words.ts'
import { staffRoleLabels } from '../../staff/role.ts'

type Detail = Readonly<Record<string, unknown>>
/** @param where the application or the court that the event is about; empty where there is none. */
type Tell = (detail: Detail, where: string) => string

const refusals: Readonly<Record<string, string>> = {
  'wrong-password': 'a wrong password was typed',
  'password-too-long': 'a wrong password was typed',
  locked: 'the username was paused after wrong passwords',
  'password-disabled': 'a hundred wrong passwords came before it',
  closed: 'the account is closed',
  disabled: 'the account is disabled',
  unconfirmed: 'the account is not confirmed',
}

const passwordChanges: Readonly<Record<string, string>> = {
  changed: 'by its holder',
  required: 'as it was due',
  reset: 'with a link sent by e-mail',
  upgraded: 'with the upgrade',
  first: 'for the first time',
}

const at = (where: string) => (where ? `, ${where}` : '')
const label = (words: object, key: unknown, member: 'label' | undefined = undefined): string => {
  const found = (words as Readonly<Record<string, unknown>>)[String(key)]
  const text = member ? (found as { label?: string } | undefined)?.label : found
  return typeof text === 'string' ? text : String(key)
}
const hold = (detail: Detail) => holdWords[detail['reason'] as HoldReason]?.label ?? 'On hold'

const words: Readonly<Record<string, Tell>> = {
  'account.address-approved': () => 'Another e-mail address was approved by a second person',
  'account.address-proposal-ended': (detail) =>
    `Another e-mail address was ${detail['ending'] === 'stopped' ? 'stopped before it was used' : 'declined'}`,
  'account.address-proposed': () => 'Another e-mail address was proposed',
  'account.birth-date-corrected': () => 'The date of birth was corrected',
  'account.changed': (detail) => `Facts were changed: ${listed(detail['fields'])}`,
  'account.closed': () => 'The account was closed',
  'account.confirmed': () => 'The account was confirmed',
  'account.disabled': () => 'The account was disabled',
  'account.email-change-asked': () => 'Another e-mail address was asked for, and waits',
  'account.email-change-withdrawn': () => 'The change of the e-mail address was withdrawn',
  'account.email-changed': () => 'The e-mail address was changed',
  'account.enabled': () => 'The account was enabled',
  'account.exported': () => 'Its holder downloaded what is kept about the account',
  'account.held': (detail) => `Put on hold: ${hold(detail)}`,
  'account.released': (detail) => `A hold was lifted: ${hold(detail)}`,
  'account.linked': (detail, where) =>
    `An account of the old system was linked${detail['way'] === 'clerk' ? ' by a clerk' : ''}${at(where)}`,
  'account.linking-refused': (detail, where) =>
    `A try to link an account of the old system was refused${at(where)}: ${spaced(detail['why'])}`,
  'account.unlinked': (_, where) =>
    `The link to an account of the old system was undone${at(where)}`,
  'link.reported': (_, where) =>
    `A link to an account of the old system was said to be wrong${at(where)}`,
  'link.confirmed': (_, where) => `A clerk let such a link stand${at(where)}`,
  'account.not-me-reported': (detail) =>
    `“This was not me” was pressed in a message: ${spaced(detail['notice'])}`,
  'account.old-address-reported': () =>
    'The reader of the former e-mail address says that its change was not wanted',
  'account.password-accepted': (_, where) => `The right password was typed${at(where)}`,
  'account.password-changed': (detail) =>
    `A new password was chosen ${label(passwordChanges, detail['why'])}`,
  'account.password-rehashed': () => 'The password was stored anew, and is the same',
  'account.password-required': (detail) =>
    `A new password was asked for, ${detail['chosen'] === 'by-mail' ? 'by e-mail' : 'at the next sign-in'}`,
  'account.recovery-asked': (detail) =>
    `Somebody asked for ${detail['kind'] === 'usernames' ? 'the username' : 'a new password'} by e-mail`,
  'account.registered': () => 'The account was made',
  'account.rules-accepted': () => 'The rules of use were accepted',
  'account.search-reactivated': () => 'Case search was switched on again',
  'account.sign-in-refused': (detail, where) =>
    `A sign-in was refused${at(where)}: ${label(refusals, detail['reason'])}`,
  'account.signed-in': (_, where) => `Signed in${at(where)}`,
  'account.signed-out': () => 'Signed out',
  'account.twin-found': () => 'It was found to look like another account',
  'account.unlocked': () => 'Unlocked: wrong passwords were forgotten',
  'account.upgraded': () => 'The account was upgraded',
  'account.username-changed': () => 'Its holder chose another username',
  'authorization.issued': (_, where) => `Entered${at(where)}`,
  'consent.given': (_, where) => `Allowed an application to act${at(where)}`,
  'consent.withdrawn': (_, where) => `Took back what an application was allowed${at(where)}`,
  'court.person-found': (_, where) =>
    `Somebody of a court looked for the account by its number and name${at(where)}`,
  'document.opened': (_, where) => `A document of a request was opened${at(where)}`,
  'grant.revoked': (_, where) => `What an application was allowed ended${at(where)}`,
  'mail.dropped': (detail) => `A message was not sent any more: ${spaced(detail['kind'])}`,
  'mail.refused': () => 'A mail server refused the e-mail address for good',
  'mail.sent': (detail) => `A message was sent: ${spaced(detail['kind'])}`,
  'notice-of-change.asked': (detail, where) =>
    `Asked a court to take over a change of: ${courtFactLabel(detail['fact'])}${at(where)}`,
  'notice-of-change.decided': (detail, where) =>
    `A court ${detail['decision'] === 'taken-over' ? 'took over' : 'declined'} a change of: ${courtFactLabel(detail['fact'])}${at(where)}`,
  'notice-of-change.withdrawn': (detail, where) =>
    `Withdrew a change that a court was asked to take over: ${courtFactLabel(detail['fact'])}${at(where)}`,
  'redaction.acknowledged': (_, where) => `Confirmed the duty to redact${at(where)}`,
  'request.approved': (_, where) => `A request was approved${at(where)}`,
  'request.assignment-changed': (detail, where) =>
    `A request was ${detail['assigned'] ? 'taken on' : 'given back'} by staff of the court${at(where)}`,
  'request.denied': (_, where) => `A request was denied${at(where)}`,
  'request.question-asked': (_, where) => `The court asked something about a request${at(where)}`,
  'request.wait-changed': (detail, where) =>
    `It was said what a request waits for: ${spaced(detail['waitsFor'])}${at(where)}`,
  'request.answered': (_, where) => `Answered a question about a request${at(where)}`,
  'request.document-sent': (_, where) => `Added a document to a request${at(where)}`,
  'request.submitted': (_, where) => `Asked for the right to file${at(where)}`,
  'request.withdrawn': (detail, where) =>
    detail['reason'] === 'account-closed'
      ? `A request ended with the account${at(where)}`
      : `Took back a request${at(where)}`,
  'right.decided': (detail, where) => `${decisionLabel(detail['decision'])}${at(where)}`,
  'session.ended': () => 'A session was ended',
  'staff-role.approved': (detail, where) =>
    `A role was approved by a second registrar: ${label(staffRoleLabels, detail['role'])}${at(where)}`,
  'staff-role.granted': (detail, where) =>
    `Became staff: ${label(staffRoleLabels, detail['role'])}${at(where)}`,
  'staff-role.proposal-ended': (detail, where) =>
    `A proposed role was ${detail['ending'] === 'taken-back' ? 'taken back' : 'declined'}: ${label(staffRoleLabels, detail['role'])}${at(where)}`,
  'staff-role.proposed': (detail, where) =>
    `A role was proposed: ${label(staffRoleLabels, detail['role'])}${at(where)}`,
  'staff-role.refused': (detail, where) =>
    `Somebody was refused to decide about a role: ${label(staffRoleLabels, detail['role'])}${at(where)}`,
  'staff-role.revoked': (detail, where) =>
    `Is staff no longer: ${label(staffRoleLabels, detail['role'])}${at(where)}`,
  'standing.changed': (detail, where) =>
    `A court decided: ${label(statusWords, detail['status'], 'label')}${at(where)}`,
  'support.birth-date-compared': (detail) =>
    `A date of birth was compared: ${detail['isSame'] ? 'the one on file' : 'another one'}`,
  'token.reused': (_, where) => `A code or token came twice, and was revoked${at(where)}`,
  'token.revoked': (_, where) => `A token was revoked${at(where)}`,
}

/** The events that have words. */
export const wordedEvents: readonly string[] = Object.keys(words)

function spaced(name: unknown): string {
  return String(name ?? '').replaceAll('-', ' ')
}

function listed(fields: unknown): string {
  return Array.isArray(fields) ? fields.join(', ') : '–'
}

/** An event in words; one that has none yet is told by its name. */
export function eventInWords(
  { event, detail }: Pick<FoundEvent, 'event' | 'detail'>,
  where: string,
) {
  return words[event]?.(detail, where) ?? event.replace('.', ': ').replaceAll('-', ' ')
}
