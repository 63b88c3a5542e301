import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId } from '../ids.ts'

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
