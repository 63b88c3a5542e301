import type { AdapterPayload, Client as EngineClientInstance } from 'oidc-provider'
import type { Client, ClientCourt, ClientKind } from '../clients/client.ts'
import { matchesSecret } from '../clients/client-secret.ts'
import type { ClientMetadata } from '../clients/metadata.ts'
import { wayBackTo } from '../clients/way-back.ts'
import { courtResource } from '../courts/court.ts'
import type { WayBack } from '../http/error-page.ts'
import { type ClientId, randomToken } from '../ids.ts'

/** Members of our own that travel with a client through the engine. */
export const ownMembers = [
  'profile',
  'access_token_format',
  'minimum_acr',
  'pkce_required',
  'cso_kind',
  'cso_courts',
  'cso_secrets',
  'cso_way_back',
] as const

/** What a registration that says nothing else gets. */
export const clientDefaults = {
  id_token_signed_response_alg: 'ES256' as const,
  response_types: ['code' as const],
  grant_types: ['authorization_code'],
}

/** A client as the engine hands it to our hooks. */
export type EngineClient = EngineClientInstance & {
  readonly clientId: string
  readonly clientName?: string
  readonly dpopBoundAccessTokens?: boolean
  readonly profile?: 'fapi2'
  readonly access_token_format?: 'opaque' | 'jwt'
  readonly minimum_acr?: string
  readonly pkce_required?: boolean
  readonly cso_kind: ClientKind
  readonly cso_courts: readonly ClientCourt[]
  readonly cso_secrets: readonly { digest: string; expiresAt: string }[]
  /** Where a person starts again; the engine would refuse an address on loopback as its own. */
  readonly cso_way_back?: WayBack
}

/**
 * The engine insists on a `client_secret` of its own to compare with. Ours are stored as digests, so
 * it gets one that nobody knows, and is made to ask `compareSecret` below.
 */
const unusableSecret = randomToken(32)

/** A registered client as the metadata the engine reads from its adapter. */
export function engineMetadata(client: Client): AdapterPayload {
  return {
    ...engineRegistration(client.id, client.metadata),
    client_name: client.name,
    cso_kind: client.kind,
    cso_courts: client.courts,
    cso_way_back: wayBackTo(client),
    cso_secrets: client.secrets.map(({ digest, expiresAt }) => ({
      digest,
      expiresAt: expiresAt.toISOString(),
    })),
  }
}

/** The registered part alone: what the engine's own validation is asked about when saving. */
export function engineRegistration(id: ClientId, metadata: ClientMetadata) {
  const { initiate_login_uri: _, ...registered } = metadata
  const usesSecret = metadata.token_endpoint_auth_method.startsWith('client_secret')
  return {
    // Without a list the engine lets a client choose `fragment`, which puts the code into scripts' reach.
    response_modes: ['query', 'form_post'],
    ...registered,
    client_id: id,
    ...(usesSecret && { client_secret: unusableSecret }),
  }
}

/** The resources of these courts, each once: two courts of one clerk's office may share a host. */
export function courtResources(courts: readonly ClientCourt[]): string[] {
  return [...new Set(courts.map(courtResource))]
}

/** Those of the courts that stand behind a resource. */
export function courtsOfResource(courts: readonly ClientCourt[], resource: string): ClientCourt[] {
  return courts.filter((court) => courtResource(court) === resource)
}

/** Compares with the stored digests, both of them while a secret is being rotated. */
export function compareSecret({ cso_secrets }: EngineClient, presented: string): boolean {
  return matchesSecret(presented, cso_secrets)
}
