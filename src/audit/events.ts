import type { AccountId, ClientId, CourtId } from '../ids.ts'

/** Where a request came from; every event that has a request carries it. */
export type Origin = { readonly ip?: string | undefined; readonly requestId?: string | undefined }

/** Who changes something from outside any request: an operator at the command line, or a start. */
export type Actor = `operator:${string}` | 'system'

export type AuditEvent = {
  readonly event: string
  readonly outcome: 'success' | 'refused'
  readonly accountId?: AccountId | undefined
  readonly clientId?: ClientId | undefined
  readonly courtId?: CourtId | undefined
  readonly ip?: string | undefined
  readonly requestId?: string | undefined
  /** Further facts: ids, kinds and counts; never a name, an address, a password or a token. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

type AtClient = Origin & { clientId: ClientId }

/** The password was right. That a session came out of it is an event of its own. */
export function passwordAccepted(about: AtClient & { accountId: AccountId }): AuditEvent {
  return { event: 'account.password-accepted', outcome: 'success', ...about }
}

/** A session began, or its person proved anew to be who it is of; committed with the session. */
export function accountSignedIn(
  about: AtClient & { accountId: AccountId; amr: readonly string[] },
): AuditEvent {
  const { amr, ...rest } = about
  return { event: 'account.signed-in', outcome: 'success', ...rest, detail: { amr } }
}

/** The reason is for the audit alone: the browser learns neither it nor whether the name exists. */
export function signInRefused(
  about: Origin & {
    /** Absent where nothing was read of the request. */
    clientId?: ClientId | undefined
    accountId?: AccountId | undefined
    reason: string
    failures: number
  },
): AuditEvent {
  const { reason, failures, ...rest } = about
  return {
    event: 'account.sign-in-refused',
    outcome: 'refused',
    ...rest,
    detail: { reason, failures },
  }
}

/** The account may try its password again, whatever failed before. */
export function accountUnlocked(about: {
  accountId: AccountId
  failures: number
  by: Actor
}): AuditEvent {
  const { accountId, failures, by: actor } = about
  const detail = { failures, actor }
  return { event: 'account.unlocked', outcome: 'success', accountId, detail }
}

export function redactionAcknowledged(
  about: AtClient & { accountId: AccountId; courtId: CourtId },
): AuditEvent {
  return { event: 'redaction.acknowledged', outcome: 'success', ...about }
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
export function consentWithdrawn(
  about: Origin & { accountId: AccountId; clientId: ClientId },
): AuditEvent {
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

export function accountSignedOut(
  about: Origin & {
    accountId: AccountId
    clientId?: ClientId | undefined
    clients: readonly string[]
  },
): AuditEvent {
  const { clients, ...rest } = about
  return { event: 'account.signed-out', outcome: 'success', ...rest, detail: { clients } }
}

/** A session was ended by somebody else than the person it is of. */
export function sessionEnded(about: {
  accountId: AccountId
  clients: readonly string[]
  by: Actor
}): AuditEvent {
  const { accountId, clients, by } = about
  return {
    event: 'session.ended',
    outcome: 'success',
    accountId,
    detail: { clients, actor: by },
  }
}

/** What a person had allowed an application ended with everything that was issued under it. */
export function grantRevoked(about: {
  accountId: AccountId
  clientId: ClientId | undefined
  by: Actor
}): AuditEvent {
  const { by, ...rest } = about
  return { event: 'grant.revoked', outcome: 'success', ...rest, detail: { actor: by } }
}

/** A code, refresh token or pushed request was presented again: its whole grant is revoked. */
export function tokenReused(
  about: Origin & {
    accountId?: AccountId | undefined
    clientId?: ClientId | undefined
    model: string
  },
): AuditEvent {
  const { model, ...rest } = about
  return { event: 'token.reused', outcome: 'refused', ...rest, detail: { model } }
}

export function tokenRevoked(
  about: AtClient & { accountId?: AccountId | undefined; model: string },
): AuditEvent {
  const { model, ...rest } = about
  return { event: 'token.revoked', outcome: 'success', ...rest, detail: { model } }
}

export function clientAuthenticationRefused(
  about: Origin & { clientId: ClientId; reason: string },
): AuditEvent {
  const { reason, ...rest } = about
  return { event: 'client.authentication-refused', outcome: 'refused', ...rest, detail: { reason } }
}

/** A court's key address was not called, or its answer not taken; the registrar has to look. */
export function clientKeysRefused(about: { clientId: ClientId; reason: string }): AuditEvent {
  return {
    event: 'client.keys-refused',
    outcome: 'refused',
    clientId: about.clientId,
    detail: { reason: about.reason },
  }
}

export function clientSaved(about: {
  clientId: ClientId
  change: 'registered' | 'changed'
  fields: readonly string[]
  by: Actor
}): AuditEvent {
  return {
    event: `client.${about.change}`,
    outcome: 'success',
    clientId: about.clientId,
    detail: { fields: about.fields, actor: about.by },
  }
}

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

export function passwordRehashed(about: Origin & { accountId: AccountId }): AuditEvent {
  return { event: 'account.password-rehashed', outcome: 'success', ...about }
}

/** `courtId` is absent for a role of the whole judiciary. */
export function staffRoleChanged(about: {
  accountId: AccountId
  courtId: CourtId | undefined
  role: string
  change: 'granted' | 'revoked'
  by: Actor
}): AuditEvent {
  const { role, change, by, ...rest } = about
  return { event: `staff-role.${change}`, outcome: 'success', ...rest, detail: { role, actor: by } }
}

export function standingChanged(about: {
  accountId: AccountId
  courtId: CourtId
  status: string
  version: number
  by: Actor
}): AuditEvent {
  return {
    event: 'standing.changed',
    outcome: 'success',
    accountId: about.accountId,
    courtId: about.courtId,
    detail: { status: about.status, version: about.version, actor: about.by },
  }
}

export function courtGoLiveChanged(about: {
  courtId: CourtId
  goLiveOn: string | null
  by: Actor
}): AuditEvent {
  return {
    event: 'court.go-live-changed',
    outcome: 'success',
    courtId: about.courtId,
    detail: { goLiveOn: about.goLiveOn ?? 'unknown', actor: about.by },
  }
}

/** The operator took replaced secrets, or another issuer, as this installation's own. */
export function secretsAccepted(about: { issuer: string }): AuditEvent {
  return { event: 'secrets.accepted', outcome: 'success', detail: { issuer: about.issuer } }
}
