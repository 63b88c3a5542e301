import { decodeJwt } from 'jose'
import type { Context } from 'koa'
import Provider, { type Client, type Configuration } from 'oidc-provider'
import { bySystem } from '../audit/by.ts'
import type { RefusalTally } from '../audit/refusal-tally.ts'
import { recordEvent } from '../audit/store.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { clientScopes } from '../clients/metadata.ts'
import { epochSeconds } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { goOnByForm } from '../http/go-on-page.ts'
import { createOutboundFetch } from '../http/outbound.ts'
import { cookieName } from '../http/own-cookie.ts'
import type { ClientId } from '../ids.ts'
import type { Log } from '../log.ts'
import { enginePaths, signInPath } from '../paths.ts'
import { lifetimes } from '../sessions/lifetimes.ts'
import type { RefusedRequest } from '../signin/fault-words.ts'
import { steps } from '../signin/steps/table.ts'
import { createCookieKeys } from '../signing/cookie-keys.ts'
import type { Keys } from '../signing/key-store.ts'
import type { Database } from '../storage/db.ts'
import { createAdapterFactory, type Stores, storedId } from './adapter.ts'
import { assuranceLevels } from './assurance.ts'
import { authorizationEvent, watchEngine } from './audit-trail.ts'
import { claimRules, claimsByScope } from './claim-scopes.ts'
import { createFindAccount } from './claims.ts'
import { assertClientAssertion } from './client-authentication.ts'
import { closeClientGaps } from './client-gaps.ts'
import { resourceSettings } from './court-resources.ts'
import { clientOf, currentRequest, ourClient } from './engine.ts'
import { clientDefaults, ownMembers } from './engine-client.ts'
import { clientKeysRefused } from './events.ts'
import { loadExistingGrant } from './grants.ts'
import { createInteractionPolicy } from './interaction-policy.ts'
import type { InteractionRows } from './interaction-rows.ts'
import { createIntrospectionPolicy } from './introspection.ts'
import { engineCookies, type OpenInteractions } from './open-interactions.ts'
import type { RequestFacts } from './request-facts.ts'
import { closeRequestGaps, isPkceRequired, responseTypes } from './request-gaps.ts'
import { notesOf } from './request-notes.ts'
import { extraParams } from './request-rules.ts'
import { closeSessionGaps } from './session-gaps.ts'
import { signOut } from './sign-out.ts'
import { engineKeys, signatureBytes } from './signing-keys.ts'
import { closeTokenGaps, tokenSettings } from './tokens.ts'

export type ProviderDeps = {
  readonly config: Pick<Config, 'issuer' | 'isConformance' | 'environment' | 'outbound'>
  readonly keys: Keys
  readonly db: Database
  readonly stores: Stores
  readonly directory: ClientDirectory
  readonly requestFacts: RequestFacts
  readonly interactions: OpenInteractions
  readonly interactionRows: InteractionRows
  readonly log: Log
  readonly refusals: RefusalTally
  /** What people see where the engine refuses their court's request. */
  answerRefusal(ctx: Context, refused: RefusedRequest): void
}

/** The engine with our page in place of its own where a response goes to a court as a form. */
class OwnPagesProvider extends Provider {
  override registerResponseMode(name: string, handler: ResponseMode): void {
    super.registerResponseMode(name, name === 'form_post' ? goOnByForm : handler)
  }
}

type ResponseMode = Parameters<Provider['registerResponseMode']>[1]

/** The authorization server of this house. */
export function createProvider(deps: ProviderDeps): Provider {
  const { config, keys, db, stores, directory, requestFacts, log } = deps
  const storedUid = (uid: string) => storedId(keys.secrets.identifiers, uid)
  const adapter = createAdapterFactory({
    stores,
    identifierKey: keys.secrets.identifiers,
    authorizationEvent,
    requestFacts,
    interactions: deps.interactions,
    interactionRows: deps.interactionRows,
    signOut: (ctx, session) =>
      signOut(
        { db, storedId: storedUid },
        ctx,
        session,
        ctx.oidc.client?.clientId as ClientId | undefined,
      ),
  })

  const policy = createInteractionPolicy(steps)
  const provider = new OwnPagesProvider(config.issuer, {
    adapter,
    jwks: { keys: engineKeys(keys.signing) },
    routes: enginePaths,
    ...clientSettings(config),
    ...tokenSettings(),
    ...cookieSettings(config, keys),
    features: featureSettings(deps),
    findAccount: createFindAccount(db, storedUid),
    claims: claimsByScope,
    scopes: [...clientScopes, 'offline_access'],
    acrValues: [...assuranceLevels],
    loadExistingGrant,
    // In this order: sizes first.
    extraParams: { ...extraParams, ...claimRules },
    interactions: {
      policy,
      // The client is named in the address so that an expired page knows the way back to the court.
      url: (_ctx, interaction) =>
        signInPath(interaction.uid, String(interaction.params['client_id'])),
    },
    renderError: (ctx, { error }, cause) =>
      deps.answerRefusal(ctx, {
        error,
        detail: notesOf(ctx).refusal?.detail,
        cause,
        askedBy: clientOf(ctx.oidc)?.cso_way_back,
        // Nobody but the developer of an application needs it.
        ...(config.environment === 'development' && {
          redirectMismatch: notesOf(ctx).refusal?.redirectMismatch,
        }),
      }),
    ...outboundSettings(deps),
  } satisfies Configuration)

  provider.proxy = true
  closeClientGaps(provider, { directory, shortLived: stores.shortLived, storedId: storedUid })
  closeSessionGaps(provider, deps.interactions)
  closeRequestGaps(provider, policy)
  closeTokenGaps(provider, {
    db,
    storedId: storedUid,
    signatureBytes: (algorithm) => signatureBytes(keys.signing, algorithm),
  })
  watchEngine(provider, log)
  return provider
}

function clientSettings(config: ProviderDeps['config']) {
  return {
    clientAuthMethods: [
      'private_key_jwt',
      'client_secret_basic',
      ...(config.isConformance ? (['client_secret_post'] as const) : []),
    ],
    clientDefaults,
    extraClientMetadata: { properties: [...ownMembers] },
    responseTypes: [...responseTypes],
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: (ctx, client) => isPkceRequired(ctx, ourClient(client), config) },
    assertJwtClientAuthClaimsAndHeader: assertClientAssertion,
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256', 'PS256', 'RS256'],
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      userinfoSigningAlgValues: ['ES256', 'RS256'],
      introspectionSigningAlgValues: ['ES256', 'RS256'],
      authorizationSigningAlgValues: ['ES256', 'RS256'],
      dPoPSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'],
    },
    clientBasedCORS: () => false,
  } satisfies Configuration
}

/** The engine's cookies of interactions are never set. */
function cookieSettings(config: ProviderDeps['config'], keys: Keys) {
  const isHttps = config.issuer.startsWith('https:')
  const options = {
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: isHttps,
    signed: true,
    overwrite: true,
  }
  return {
    cookies: {
      keys: createCookieKeys(keys.secrets.cookies),
      names: {
        session: cookieName('session', isHttps),
        ...engineCookies,
      },
      long: { ...options, path: '/' },
      short: options,
    },
  } satisfies Configuration
}

function featureSettings(deps: ProviderDeps) {
  const { keys, directory } = deps
  return {
    devInteractions: { enabled: false },
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    claimsParameter: { enabled: true },
    userinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    dPoP: {
      enabled: true,
      nonceSecret: keys.secrets.dpopNonces,
      requireNonce: isProofOutOfTime,
    },
    fapi: {
      enabled: true,
      profile: fapiProfile,
    },
    introspection: { enabled: true, allowedPolicy: createIntrospectionPolicy(directory) },
    revocation: {
      enabled: true,
      allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
    },
    resourceIndicators: resourceSettings(),
    rpInitiatedLogout: {
      enabled: true,
      // The endpoint is in discovery; `sign-out-routes.ts` answers in front of it.
      logoutSource: refuseOwnPage,
      postLogoutSuccessSource: refuseOwnPage,
    },
  } satisfies NonNullable<Configuration['features']>
}

/** The engine asks before it knows the client, too. */
function fapiProfile(_ctx: unknown, client: Client | undefined) {
  return client && ourClient(client).profile === 'fapi2' ? '2.0' : undefined
}

/** No page of the engine's sign-out may reach a person: its form is one that our policy stops. */
async function refuseOwnPage(): Promise<void> {
  throw new Error('the end-session endpoint of the engine was reached')
}

/**
 * The engine takes a DPoP proof five minutes around its own time, but remembers it five minutes from
 * its first use: one made for later could be used twice. Within a minute the memory is long enough;
 * outside it a client whose clock is wrong is given a nonce instead. Source: RFC 9449 section 11.1.
 */
function isProofOutOfTime(ctx: Context): boolean {
  try {
    const { iat } = decodeJwt(ctx.get('DPoP'))
    return Math.abs(Number(iat) - epochSeconds()) > lifetimes.dpopProof
  } catch {
    // Not a JWT: the engine says so.
    return false
  }
}

function outboundSettings(deps: ProviderDeps) {
  const { config, db, log, refusals } = deps
  const call = createOutboundFetch(config.outbound, (url, problem) => {
    const clientId = currentRequest()?.oidc?.client?.clientId as ClientId | undefined
    log.warn({ clientId, host: new URL(url).host, problem }, "a court's keys were not read")
    if (!clientId) return
    // Everybody who waits for the same answer gets here.
    const event = refusals.firstOf(
      clientId,
      clientKeysRefused({ by: bySystem(), clientId, reason: problem }),
    )
    if (!event) return
    recordEvent(db, event).catch((error: unknown) =>
      log.error({ error }, 'the refusal could not be recorded'),
    )
  })
  return {
    fetch: (url) => call(String(url)),
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024 },
  } satisfies Configuration
}
