import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, ClientId } from '../ids.ts'

/** A session was ended by its person, who signed out. */
export function accountSignedOut(about: {
  by: By
  accountId: AccountId
  clientId?: ClientId | undefined
  clients: readonly string[]
}): AuditEvent {
  const { clients, ...rest } = about
  return { event: 'account.signed-out', outcome: 'success', ...rest, detail: { clients } }
}

/** A session was ended from elsewhere: by somebody else, or by its person with others at once. */
export function sessionEnded(about: {
  accountId: AccountId
  clients: readonly string[]
  by: By
}): AuditEvent {
  const { accountId, clients, by } = about
  return {
    event: 'session.ended',
    outcome: 'success',
    accountId,
    by,
    detail: { clients },
  }
}

/** What a person had allowed an application ended with everything that was issued under it. */
export function grantRevoked(about: {
  accountId: AccountId | undefined
  clientId: ClientId | undefined
  by: By
}): AuditEvent {
  return { event: 'grant.revoked', outcome: 'success', ...about }
}

/** A code, refresh token or pushed request was presented again: its whole grant is revoked. */
export function tokenReused(about: {
  by: By
  accountId?: AccountId | undefined
  clientId?: ClientId | undefined
  model: string
}): AuditEvent {
  const { model, ...rest } = about
  return { event: 'token.reused', outcome: 'refused', ...rest, detail: { model } }
}
