import type { Actor, AuditEvent, Origin } from '../audit/event.ts'
import type { AccountId } from '../ids.ts'

export function accountSaved(about: {
  accountId: AccountId
  change: 'registered' | 'changed'
  fields: readonly string[]
  by: Actor
}): AuditEvent {
  return {
    event: `account.${about.change}`,
    outcome: 'success',
    accountId: about.accountId,
    detail: { fields: about.fields, actor: about.by },
  }
}

/** Nobody signs in to the account any more. */
export function accountDisabled(about: { accountId: AccountId; by: Actor }): AuditEvent {
  const { accountId, by: actor } = about
  return { event: 'account.disabled', outcome: 'success', accountId, detail: { actor } }
}

export function accountEnabled(about: { accountId: AccountId; by: Actor }): AuditEvent {
  const { accountId, by: actor } = about
  return { event: 'account.enabled', outcome: 'success', accountId, detail: { actor } }
}

export function passwordRehashed(about: Origin & { accountId: AccountId }): AuditEvent {
  return { event: 'account.password-rehashed', outcome: 'success', ...about }
}
