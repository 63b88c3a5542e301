import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Grant, KoaContextWithOIDC, default as Provider } from 'oidc-provider'
import { buildGrant, getClient } from './engine.ts'
import type { EngineClient } from './engine-client.ts'

/** What one request is granted: the scopes at our own endpoints, and per court resource. */
export type GrantContents = {
  readonly scope: string
  readonly claims: readonly string[]
  readonly resources: Readonly<Record<string, string>>
}

/**
 * A session has one grant per client. Its identifier follows from the session and the client, so
 * that two tabs that ask at the same time arrive at the same one; a revoked one is followed by the
 * next in line. A new grant per request would kill the tokens of the court's other tab.
 */
export function grantIdFor(sessionUid: string, clientId: string, revoked?: string): string {
  return createHash('sha256')
    .update(JSON.stringify([sessionUid, clientId, revoked ?? '']))
    .digest('base64url')
}

/** The scopes, claims and resources that this request asks for. */
function requestedContents(ctx: KoaContextWithOIDC): GrantContents {
  const { oidc } = ctx
  const scope = [...oidc.requestParamOIDCScopes].join(' ')
  const resources = Object.fromEntries(
    Object.entries(oidc.resourceServers ?? {}).map(([resource, server]) => [
      resource,
      [...oidc.requestParamScopes].filter((name) => server.scopes.has(name)).join(' '),
    ]),
  )
  return { scope, claims: [...oidc.requestParamClaims], resources }
}

/**
 * The grant of this session for the asking client, with exactly the contents of this request: adding
 * to what an earlier request was granted would tell the client more than it asks for now. Courts are
 * first parties and are granted what they are registered for; a vendor is granted what the person
 * consented to in this interaction, which is what its request asks for. Without a consent its grant is
 * left as it is, and the consent prompt looks at what is missing.
 */
export async function loadExistingGrant(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { session, provider } = ctx.oidc
  const client = getClient(ctx.oidc)
  const accountId = session?.accountId
  if (!session?.uid || !accountId) return undefined

  const knownId = session.grantIdFor(client.clientId)
  const found = knownId ? await provider.Grant.find(knownId) : undefined
  const existing = found?.accountId === accountId ? found : undefined
  if (needsConsent(client) && !ctx.oidc.result?.consent) return existing

  const grantId = existing ? undefined : grantIdFor(session.uid, client.clientId, knownId)
  return writeGrant(provider, {
    existing,
    grantId,
    accountId,
    clientId: client.clientId,
    contents: requestedContents(ctx),
  })
}

/** Only software that is not a court's own asks the person first. */
export function needsConsent(client: EngineClient): boolean {
  return client.cso_kind === 'vendor'
}

/** Saves a grant with exactly these contents; an existing one that has them already is left alone. */
export async function writeGrant(
  provider: Provider,
  options: {
    existing: Grant | undefined
    grantId: string | undefined
    accountId: string
    clientId: string
    contents: GrantContents
  },
): Promise<Grant> {
  const { existing, accountId, clientId, contents } = options
  const fresh = buildGrant(provider, { accountId, clientId, jti: options.grantId })
  fresh.addOIDCScope(contents.scope)
  if (contents.claims.length > 0) fresh.addOIDCClaims([...contents.claims])
  for (const [resource, scope] of Object.entries(contents.resources)) {
    if (scope) fresh.addResourceScope(resource, scope)
  }
  if (!existing) {
    await fresh.save()
    return fresh
  }
  const isSame =
    isDeepStrictEqual(existing.openid, fresh.openid) &&
    isDeepStrictEqual(existing.resources, fresh.resources) &&
    !existing.rejected
  if (isSame) return existing
  Object.assign(existing, { openid: fresh.openid, resources: fresh.resources, rejected: undefined })
  await existing.save()
  return existing
}
