import { z } from 'zod'
import type { ClientKind } from '../storage/generated/enums.ts'

const maximumUris = 10
const maximumUriBytes = 512

export const clientScopes = ['openid', 'profile', 'email', 'pacer', 'efiling'] as const
const scopeNames = [...clientScopes, 'offline_access'] as const

const publicJwk = z.looseObject({
  kty: z.enum(['EC', 'RSA']),
  d: z.undefined({ error: 'must be a public key: it has the private member "d"' }).optional(),
})

const metadataSchema = z.strictObject({
  redirect_uris: z.array(z.string()).max(maximumUris).default([]),
  post_logout_redirect_uris: z.array(z.string()).max(maximumUris).default([]),
  /** Where a person starts again after an expired page: the court's own way in. */
  initiate_login_uri: z.string().optional(),
  client_uri: z.string().optional(),
  contacts: z.array(z.email()).max(5).optional(),
  token_endpoint_auth_method: z.enum(
    ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    {
      error: 'every client authenticates itself, by private_key_jwt or client_secret_basic',
    },
  ),
  token_endpoint_auth_signing_alg: z.enum(['ES256', 'PS256', 'RS256']).optional(),
  jwks: z.strictObject({ keys: z.array(publicJwk).min(1).max(8) }).optional(),
  jwks_uri: z.string().optional(),
  grant_types: z.array(z.enum(['authorization_code', 'refresh_token'])).optional(),
  response_types: z.array(z.enum(['code', 'none'])).optional(),
  response_modes: z.array(z.enum(['query', 'form_post'])).optional(),
  scope: z.string().max(512).optional(),
  id_token_signed_response_alg: z.enum(['ES256', 'RS256']).optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  dpop_bound_access_tokens: z.boolean().optional(),
  default_max_age: z.number().int().min(0).optional(),
  /** `fapi2`: the FAPI 2.0 Security Profile in full. */
  profile: z.enum(['fapi2']).optional(),
  /** `jwt`: RFC 9068 access tokens for its court, which live out their 300 s whatever happens. */
  access_token_format: z.enum(['opaque', 'jwt']).optional(),
  /** The level of assurance below which this court lets nobody in. */
  minimum_acr: z.string().max(128).optional(),
  /** False only for a conformance client: the OpenID Basic plan sends no code challenge. */
  pkce_required: z.boolean().optional(),
})

/** Client metadata in the names of the IANA registry, with four members of our own. */
export type ClientMetadata = z.output<typeof metadataSchema>

export type MetadataRules = {
  kind: ClientKind
  hasCourts: boolean
  isConformance: boolean
  /** Plain http is accepted for redirects to loopback, where the issuer itself is on loopback. */
  allowsLoopback: boolean
}

/**
 * Checks metadata as registered, and completes what a profile implies.
 * @returns the metadata to store, or every problem in words that name the member.
 */
export function checkMetadata(
  input: unknown,
  rules: MetadataRules,
):
  | { readonly ok: true; readonly value: ClientMetadata }
  | { readonly ok: false; readonly problems: string[] } {
  const parsed = metadataSchema.safeParse(input)
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    }
  }
  const metadata = completeProfile(parsed.data, rules.kind)
  const problems = [
    ...authenticationProblems(metadata, rules),
    ...profileProblems(metadata),
    ...grantProblems(metadata, rules),
    ...uriProblems(metadata, rules),
  ]
  return problems.length === 0 ? { ok: true, value: metadata } : { ok: false, problems }
}

function completeProfile(metadata: ClientMetadata, kind: ClientKind): ClientMetadata {
  const hasRedirects = metadata.redirect_uris.length > 0
  const completed: ClientMetadata = {
    grant_types: hasRedirects && kind !== 'portal' ? ['authorization_code'] : [],
    response_types: hasRedirects ? [kind === 'portal' ? 'none' : 'code'] : [],
    scope: clientScopes.join(' '),
    ...metadata,
  }
  if (metadata.profile === 'fapi2') {
    completed.require_pushed_authorization_requests = true
    completed.dpop_bound_access_tokens = true
    completed.token_endpoint_auth_signing_alg ??= 'ES256'
  }
  return completed
}

function authenticationProblems(metadata: ClientMetadata, rules: MetadataRules): string[] {
  const problems: string[] = []
  const method = metadata.token_endpoint_auth_method
  if (method === 'client_secret_post' && !rules.isConformance) {
    problems.push('token_endpoint_auth_method: client_secret_post is only for conformance testing')
  }
  if (method === 'private_key_jwt') {
    if (!metadata.jwks === !metadata.jwks_uri) {
      problems.push('jwks: private_key_jwt needs either jwks or jwks_uri')
    }
  } else if (metadata.token_endpoint_auth_signing_alg) {
    problems.push('token_endpoint_auth_signing_alg: is only for private_key_jwt')
  }
  if (metadata.pkce_required === false && !rules.isConformance) {
    problems.push('pkce_required: PKCE is required outside conformance testing')
  }
  return problems
}

/** FAPI 2.0 Security Profile section 5.3.2. */
function profileProblems(metadata: ClientMetadata): string[] {
  if (metadata.profile !== 'fapi2') return []
  const problems: string[] = []
  if (metadata.token_endpoint_auth_method !== 'private_key_jwt') {
    problems.push('profile: fapi2 needs private_key_jwt')
  }
  if (metadata.token_endpoint_auth_signing_alg === 'RS256') {
    problems.push('profile: fapi2 needs ES256 or PS256 for private_key_jwt')
  }
  if (metadata.id_token_signed_response_alg === 'RS256') {
    problems.push('profile: fapi2 needs ES256 for ID tokens')
  }
  if (metadata.require_pushed_authorization_requests === false) {
    problems.push('profile: fapi2 needs pushed authorization requests')
  }
  return problems
}

function grantProblems(metadata: ClientMetadata, rules: MetadataRules): string[] {
  const problems: string[] = []
  const scopes = new Set((metadata.scope ?? '').split(' ').filter(Boolean))
  for (const scope of scopes) {
    if (!(scopeNames as readonly string[]).includes(scope))
      problems.push(`scope: ${scope} is not known`)
  }
  if (!scopes.has('openid')) problems.push('scope: must contain openid')
  if (rules.kind !== 'vendor') {
    if (metadata.grant_types?.includes('refresh_token')) {
      problems.push('grant_types: refresh tokens are for vendor clients only')
    }
    if (scopes.has('offline_access')) {
      problems.push('scope: offline_access is for vendor clients only')
    }
  }
  const isPortal = rules.kind === 'portal'
  if (metadata.response_types?.some((type) => (type === 'none') !== isPortal)) {
    problems.push('response_types: must be code (none is for our own pages)')
  }
  if (!rules.hasCourts && rules.kind !== 'portal' && rules.kind !== 'national') {
    problems.push('courts: a court or vendor client acts for at least one court')
  }
  return problems
}

function uriProblems(metadata: ClientMetadata, rules: MetadataRules): string[] {
  const check = (member: string, uris: readonly string[]) =>
    uris.flatMap((uri) => {
      const problem = uriProblem(uri, rules)
      return problem ? [`${member}: ${problem}`] : []
    })
  const single = (uri: string | undefined) => (uri === undefined ? [] : [uri])
  return [
    ...check('redirect_uris', metadata.redirect_uris),
    ...check('post_logout_redirect_uris', metadata.post_logout_redirect_uris),
    ...check('initiate_login_uri', single(metadata.initiate_login_uri)),
    ...check('client_uri', single(metadata.client_uri)),
    ...check('jwks_uri', single(metadata.jwks_uri)),
  ]
}

/** Compared byte for byte later, so only plain URIs are let in. Source: RFC 9700 section 2.1. */
function uriProblem(uri: string, rules: MetadataRules): string | undefined {
  if (Buffer.byteLength(uri) > maximumUriBytes) return `is longer than ${maximumUriBytes} bytes`
  const url = URL.parse(uri)
  if (!url) return 'is not a URL'
  if (uri.includes('#')) return 'must not have a fragment'
  if (url.username || url.password) return 'must not contain a user name or password'
  if (uri.includes('*')) return 'must not contain a wildcard'
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && isLoopback && rules.allowsLoopback) return undefined
  if (url.protocol !== 'https:') return 'must be https'
  return undefined
}
