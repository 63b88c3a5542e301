import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, ClientId } from '../ids.ts'

type AtClient = { by: By; clientId: ClientId }

/** A session began, or its person proved anew to be who it is of; committed with the session. */
export function accountSignedIn(
  about: AtClient & { accountId: AccountId; amr: readonly string[] },
): AuditEvent {
  const { amr, ...rest } = about
  return { event: 'account.signed-in', outcome: 'success', ...rest, detail: { amr } }
}

export function consentGiven(
  about: AtClient & {
    accountId: AccountId
    scopes: readonly string[]
    /** Claims that were asked for one by one. */
    claims: readonly string[]
  },
): AuditEvent {
  const { scopes, claims, ...rest } = about
  return { event: 'consent.given', outcome: 'success', ...rest, detail: { scopes, claims } }
}

/** The person took back what this application was allowed, in every browser. */
export function consentWithdrawn(about: {
  by: By
  accountId: AccountId
  clientId: ClientId
}): AuditEvent {
  return { event: 'consent.withdrawn', outcome: 'success', ...about }
}

/** A court or vendor application was given a code for this person. */
export function authorizationIssued(
  about: AtClient & {
    accountId: AccountId
    scope: string
    /** Claims that were asked for one by one. */
    claims: readonly string[]
    isSilent: boolean
  },
): AuditEvent {
  const { scope, claims, isSilent, ...rest } = about
  const detail = { scope, ...(claims.length > 0 && { claims }), isSilent }
  return { event: 'authorization.issued', outcome: 'success', ...rest, detail }
}

export function tokenRevoked(
  about: AtClient & { accountId?: AccountId | undefined; model: string },
): AuditEvent {
  const { model, ...rest } = about
  return { event: 'token.revoked', outcome: 'success', ...rest, detail: { model } }
}

export function clientAuthenticationRefused(about: {
  by: By
  clientId: ClientId
  reason: string
}): AuditEvent {
  const { reason, ...rest } = about
  return { event: 'client.authentication-refused', outcome: 'refused', ...rest, detail: { reason } }
}

/** A court's key address was not called, or its answer not taken; the registrar has to look. */
export function clientKeysRefused(about: {
  by: By
  clientId: ClientId
  reason: string
}): AuditEvent {
  return {
    event: 'client.keys-refused',
    outcome: 'refused',
    by: about.by,
    clientId: about.clientId,
    detail: { reason: about.reason },
  }
}
