import type { Middleware } from 'koa'
import { errors, type KoaContextWithOIDC, type default as Provider } from 'oidc-provider'
import { byAccount, byClient, bySystem } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import { recordEvent } from '../audit/store.ts'
import { nearestUri } from '../clients/nearest-uri.ts'
import { redactionAcknowledged } from '../efiling/events.ts'
import { requestOf, requestOrigin } from '../http/request-context.ts'
import type { AccountId, ClientId } from '../ids.ts'
import type { Log } from '../log.ts'
import { accountSignedOut, tokenReused } from '../sessions/events.ts'
import type { Database } from '../storage/db.ts'
import { type ClaimsRequest, namedClaims, readClaimsRequest } from './claim-scopes.ts'
import { engineOf, onRefusal, onUnanswered } from './engine.ts'
import { accountSignedIn, authorizationIssued, consentGiven, tokenRevoked } from './events.ts'
import type { Ending, OtherSession } from './interaction-end.ts'
import { notesOf } from './request-notes.ts'

/**
 * What the audit says of a code that this request has issued; committed with the session and the
 * grant, before the code leaves.
 */
export function authorizationEvent(ctx: KoaContextWithOIDC): AuditEvent | undefined {
  const { AuthorizationCode: code } = ctx.oidc.entities
  if (!code?.jti || !code.accountId || !code.clientId) return undefined
  // The code could not be stored, or what came after it failed: nobody was given it.
  if (requestOf(ctx).fault !== undefined) return undefined
  return authorizationIssued({
    by: byAccount(code.accountId as AccountId, requestOrigin(ctx)),
    clientId: code.clientId as ClientId,
    accountId: code.accountId as AccountId,
    scope: code.scope ?? '',
    claims: namedClaims(code.claims as ClaimsRequest | undefined),
    isSilent: ctx.oidc.route === 'authorization',
  })
}

/** What the audit says of the end of an interaction; committed with the session that comes out of it. */
export function endingEvents(
  ctx: KoaContextWithOIDC,
  { row, result, other }: Ending,
  accountId: string | undefined,
): AuditEvent[] {
  const by = byAccount(accountId as AccountId, requestOrigin(ctx))
  const clientId = row.params?.['client_id'] as ClientId
  const about = { by, clientId, accountId: accountId as AccountId }
  const { login } = row.progress ?? {}
  const redaction = result.said?.redaction
  return [
    ...(other ? [otherSignedOut(ctx, other)] : []),
    ...(login ? [accountSignedIn({ ...about, amr: login.amr })] : []),
    ...(redaction ? [redactionAcknowledged({ ...about, courtId: redaction.courtId })] : []),
    ...(result.consent && row.progress?.hasConsented
      ? [consentGiven({ ...about, ...consentedTo(row.params ?? {}) })]
      : []),
  ]
}

/** The session of somebody else in the same browser, which ends when this one begins. */
function otherSignedOut(ctx: KoaContextWithOIDC, other: OtherSession): AuditEvent {
  const accountId = other.accountId as AccountId
  return accountSignedOut({
    by: byAccount(accountId, requestOrigin(ctx)),
    clientId: ctx.oidc.client?.clientId as ClientId | undefined,
    accountId,
    clients: Object.keys(other.authorizations ?? {}),
  })
}

/** What a consent is about: everything that its request asks for. */
function consentedTo(params: Readonly<Record<string, unknown>>) {
  return {
    scopes: String(params['scope'] ?? '')
      .split(' ')
      .filter(Boolean),
    claims: namedClaims(readClaimsRequest(params['claims'])),
  }
}

/**
 * Records what an endpoint of the engine has just done, before its answer leaves: an answer whose
 * audit row cannot be written does not leave. Runs around the engine, so the outcome is known.
 */
export function auditTrail({ db }: { readonly db: Database }): Middleware {
  return async (ctx, next) => {
    await next()
    const oidc = engineOf(ctx)
    if (!oidc) return
    const notes = notesOf(ctx)
    const clientId = oidc.client?.clientId as ClientId | undefined
    const origin = requestOrigin(ctx)
    const by = clientId ? byClient(clientId, origin) : bySystem(origin)
    const { AccessToken: token, RefreshToken: refresh } = oidc.entities

    switch (oidc.route) {
      case 'token':
        if (!notes.isGrantRevoked) break
        await recordEvent(
          db,
          tokenReused({
            by,
            clientId,
            accountId: notes.reusedOf,
            model: 'AuthorizationCode',
          }),
        )
        break
      case 'revocation':
        // The engine names the token before it asks whose it is, and tells a stranger nothing.
        if (ctx.status !== 200 || !clientId || (token ?? refresh)?.clientId !== clientId) break
        await recordEvent(
          db,
          tokenRevoked({
            by,
            clientId,
            accountId: (token ?? refresh)?.accountId as AccountId | undefined,
            model: token ? 'AccessToken' : 'RefreshToken',
          }),
        )
        break
    }
  }
}

/** The commonest mistake of all: which address came, and which was probably meant. */
function redirectMismatch({ oidc }: KoaContextWithOIDC, error: Error) {
  if (!(error instanceof errors.InvalidRedirectUri)) return undefined
  const given = oidc.params?.['redirect_uri']
  if (typeof given !== 'string' || !oidc.client) return undefined
  return {
    redirectUri: given.slice(0, 512),
    nearestRegistered: nearestUri(given, oidc.client.redirectUris ?? []),
  }
}

/**
 * The engine tells a failing client little and its listeners more: the log gets the detail, and the
 * request notes what the audit, the limit of failing clients and the fault page need.
 */
export function watchEngine(provider: Provider, log: Log): void {
  const noteRefusal = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
    const mismatch = redirectMismatch(ctx, error)
    notesOf(ctx).refusal = {
      error: error.error,
      detail: error.error_detail ?? error.error ?? error.name,
      redirectMismatch: mismatch,
    }
    log.info(
      {
        requestId: requestOf(ctx)?.requestId,
        clientId: ctx.oidc.client?.clientId,
        route: ctx.oidc.route,
        reason: error.error,
        detail: error.error_detail ?? error.error_description,
        ...mismatch,
      },
      'request refused',
    )
  }
  onRefusal(provider, noteRefusal)
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) => {
    requestOf(ctx).fault = error
  })
  // A connection that broke off under way; without a listener Koa writes a stack to stderr for each.
  onUnanswered(provider, (error) => log.warn({ error }, 'a request was not answered'))
  provider.on('grant.revoked', (ctx: KoaContextWithOIDC) => {
    if (ctx.oidc.route === 'token') notesOf(ctx).isGrantRevoked = true
  })
}
