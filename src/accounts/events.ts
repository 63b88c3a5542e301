import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId } from '../ids.ts'
import type { HoldReason } from './hold.ts'

export function accountSaved(about: {
  accountId: AccountId
  change: 'registered' | 'changed'
  fields: readonly string[]
  by: By
}): AuditEvent {
  return {
    event: `account.${about.change}`,
    outcome: 'success',
    accountId: about.accountId,
    detail: { fields: about.fields },
    by: about.by,
  }
}

/** Nobody signs in to the account any more. */
export function accountDisabled(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.disabled', outcome: 'success', ...about }
}

export function accountEnabled(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.enabled', outcome: 'success', ...about }
}

/** Nobody files with the account at any court while there is a hold; each reason is one of its own. */
export function accountHeld(about: {
  accountId: AccountId
  reason: HoldReason
  by: By
}): AuditEvent {
  const { reason, ...whose } = about
  return { event: 'account.held', outcome: 'success', ...whose, detail: { reason } }
}

export function accountReleased(about: {
  accountId: AccountId
  reason: HoldReason
  by: By
}): AuditEvent {
  const { reason, ...whose } = about
  return { event: 'account.released', outcome: 'success', ...whose, detail: { reason } }
}

/** For good. */
export function accountClosed(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.closed', outcome: 'success', ...about }
}

/** Its holder has shown to read the mail of its address. */
export function accountConfirmed(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.confirmed', outcome: 'success', ...about }
}

/** A new password is due. */
export function passwordRequired(about: {
  accountId: AccountId
  chosen: 'at-sign-in' | 'by-mail'
  by: By
}): AuditEvent {
  const { chosen, ...whose } = about
  return { event: 'account.password-required', outcome: 'success', ...whose, detail: { chosen } }
}

/** Support put another date of birth in the place of the one on file. */
export function birthDateCorrected(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.birth-date-corrected', outcome: 'success', ...about }
}

/** Its holder was given what is kept about oneself, as a file. */
export function accountExported(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.exported', outcome: 'success', ...about }
}

/** It searches again after six months without it. */
export function searchReactivated(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.search-reactivated', outcome: 'success', ...about }
}

/** Sealed fields were sealed with the newest key. */
export function accountsResealed(about: { count: number; key: string; by: By }): AuditEvent {
  const { by, ...detail } = about
  return { event: 'account.resealed', outcome: 'success', by, detail }
}

/** Why an account has another password. */
export type PasswordChange =
  /** Its holder knew the one before. */
  | 'changed'
  /** Its holder had to choose another one, and knew the one before. */
  | 'required'
  /** Its holder came by a link that was sent to the mailbox. */
  | 'reset'
  | 'upgraded'
  | 'first'

export function passwordChanged(about: {
  by: By
  accountId: AccountId
  why: PasswordChange
}): AuditEvent {
  const { why, ...rest } = about
  return { event: 'account.password-changed', outcome: 'success', ...rest, detail: { why } }
}

/** A legacy account became an upgraded one. */
export function accountUpgraded(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.upgraded', outcome: 'success', ...about }
}

export function passwordRehashed(about: { by: By; accountId: AccountId }): AuditEvent {
  return { event: 'account.password-rehashed', outcome: 'success', ...about }
}

/** The holder accepts the rules of use of that day. */
export function rulesAccepted(about: {
  accountId: AccountId
  version: string
  by: By
}): AuditEvent {
  const { accountId, version, by } = about
  return {
    event: 'account.rules-accepted',
    outcome: 'success',
    accountId,
    detail: { version },
    by,
  }
}

/** A new account is like others in everything that tells people apart: ids, for whoever compares them. */
export function twinFound(about: {
  accountId: AccountId
  others: readonly AccountId[]
  by: By
}): AuditEvent {
  const { accountId, others, by } = about
  return { event: 'account.twin-found', outcome: 'success', accountId, detail: { others }, by }
}

/** Somebody who had proved nothing asked for the way back; the mailbox of the account was written to. */
export function recoveryAsked(about: {
  accountId: AccountId
  kind: 'usernames' | 'password'
  by: By
}): AuditEvent {
  const { kind, ...whose } = about
  return { event: 'account.recovery-asked', outcome: 'success', ...whose, detail: { kind } }
}

/** "This was not me" was pressed in the mail of that kind. */
export function notMeReported(about: { accountId: AccountId; notice: string; by: By }): AuditEvent {
  const { notice, ...whose } = about
  return { event: 'account.not-me-reported', outcome: 'success', ...whose, detail: { notice } }
}

/** Who reads the mail of an address that the account had before says that the change was not wanted. */
export function oldAddressReported(about: {
  accountId: AccountId
  change: string
  by: By
}): AuditEvent {
  const { change, ...whose } = about
  return { event: 'account.old-address-reported', outcome: 'success', ...whose, detail: { change } }
}

/** Its holder chose another username. */
export function usernameChanged(about: { accountId: AccountId; by: By }): AuditEvent {
  return { event: 'account.username-changed', outcome: 'success', ...about }
}

/** Another e-mail address was asked for; nothing has changed yet. */
export function emailChangeAsked(about: {
  accountId: AccountId
  change: string
  by: By
}): AuditEvent {
  const { change, ...whose } = about
  return { event: 'account.email-change-asked', outcome: 'success', ...whose, detail: { change } }
}

export function emailChangeWithdrawn(about: {
  accountId: AccountId
  change: string
  by: By
}): AuditEvent {
  const { change, ...whose } = about
  return {
    event: 'account.email-change-withdrawn',
    outcome: 'success',
    ...whose,
    detail: { change },
  }
}

/** The new address is confirmed, and is the account's. */
export function emailChanged(about: { accountId: AccountId; change: string; by: By }): AuditEvent {
  const { change, ...whose } = about
  return { event: 'account.email-changed', outcome: 'success', ...whose, detail: { change } }
}

/** Support proposed another address for somebody who lost the mailbox; nothing has changed yet. */
export function addressProposed(about: {
  accountId: AccountId
  proposal: string
  by: By
}): AuditEvent {
  const { proposal, ...whose } = about
  return { event: 'account.address-proposed', outcome: 'success', ...whose, detail: { proposal } }
}

/** A second person of support found it right; it waits for the press of its reader. */
export function addressApproved(about: {
  accountId: AccountId
  proposal: string
  by: By
}): AuditEvent {
  const { proposal, ...whose } = about
  return { event: 'account.address-approved', outcome: 'success', ...whose, detail: { proposal } }
}

/** Declined, or stopped after it was approved. */
export function addressProposalEnded(about: {
  accountId: AccountId
  proposal: string
  ending: 'declined' | 'stopped'
  by: By
}): AuditEvent {
  const { proposal, ending, ...whose } = about
  return {
    event: 'account.address-proposal-ended',
    outcome: 'success',
    ...whose,
    detail: { proposal, ending },
  }
}
