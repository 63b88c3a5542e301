import { z } from 'zod'
import { checkShape } from '../check-shape.ts'
import { nearest } from '../nearest.ts'
import { ok } from '../outcome.ts'
import { type Checked, hasProblems, type Problem, under } from '../problem.ts'
import type { ClientKind } from '../storage/generated/enums.ts'
import { addressProblems } from './addresses.ts'
import { type AssertionAlgorithm, keyProblems } from './keys.ts'

const maximumUris = 10

export const clientScopes = ['openid', 'profile', 'email', 'pacer', 'efiling'] as const
const scopeNames = [...clientScopes, 'offline_access'] as const

const assertionAlgorithms = ['ES256', 'PS256', 'RS256'] as const

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
  token_endpoint_auth_signing_alg: z.enum(assertionAlgorithms).optional(),
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
  /** False for a library that knows no PKCE: it must send a nonce instead. RFC 9700 section 2.1.1. */
  pkce_required: z.boolean().optional(),
})

/** Client metadata in the names of the IANA registry, with four members of our own. */
export type ClientMetadata = z.output<typeof metadataSchema>

export type MetadataRules = {
  kind: ClientKind
  isConformance: boolean
  /** Plain http is accepted for redirects to loopback, where the issuer itself is on loopback. */
  allowsLoopback: boolean
  /** The levels of assurance that somebody can reach here. */
  levels: readonly string[]
}

/**
 * Checks metadata as registered, and completes what a profile implies. A member that is left out
 * stays as it is stored, null takes it away.
 * @returns the metadata to store, or every problem.
 */
export function checkMetadata(
  input: unknown,
  rules: MetadataRules,
  stored?: ClientMetadata,
): Checked<ClientMetadata> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return hasProblems([{ path: [], message: 'must be a group of members' }])
  }
  const members = Object.entries({ ...stored, ...input }).filter(([, value]) => value !== null)
  const { read, problems } = readMembers(Object.fromEntries(members))
  const metadata = completeProfile(read, rules.kind)
  const wrong = new Set(problems.map(({ path }) => path[0]))
  const together = [
    ...authenticationProblems(metadata, rules),
    ...profileProblems(metadata),
    ...grantProblems(metadata, rules),
    ...levelProblems(metadata, rules),
    ...addressProblems(metadata, rules),
  ]
  problems.push(...together.filter(({ path }) => !wrong.has(path[0])))
  return problems.length > 0 ? hasProblems(problems) : ok(metadata as ClientMetadata)
}

/** What an operator should know of a registration that is taken. */
export function metadataWarnings(metadata: ClientMetadata): string[] {
  return metadata.pkce_required === false ? ['pkce_required: sends no PKCE challenge'] : []
}

/** Member by member, so that one that is wrong does not hide what is wrong with another. */
function readMembers(members: Readonly<Record<string, unknown>>): {
  read: Partial<ClientMetadata>
  problems: Problem[]
} {
  const shape: Readonly<Record<string, z.ZodType>> = metadataSchema.shape
  const problems: Problem[] = Object.keys(members)
    .filter((name) => !Object.hasOwn(shape, name))
    .map((name) => ({
      path: [name],
      message: 'is not known here',
      suggestion: nearest(name, Object.keys(shape)),
    }))
  const read: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(shape)) {
    const checked = checkShape(schema, members[name])
    if (!checked.ok) problems.push(...under([name], checked.problems))
    else if (checked.value !== undefined) read[name] = checked.value
  }
  return { read, problems }
}

function completeProfile(
  metadata: Partial<ClientMetadata>,
  kind: ClientKind,
): Partial<ClientMetadata> {
  const hasRedirects = (metadata.redirect_uris ?? []).length > 0
  const completed: Partial<ClientMetadata> = {
    grant_types: hasRedirects && kind !== 'portal' ? ['authorization_code'] : [],
    response_types: hasRedirects ? [kind === 'portal' ? 'none' : 'code'] : [],
    scope: clientScopes.join(' '),
    ...metadata,
  }
  if (metadata.profile === 'fapi2') {
    completed.require_pushed_authorization_requests ??= true
    completed.dpop_bound_access_tokens ??= true
    completed.token_endpoint_auth_signing_alg ??= 'ES256'
  }
  return completed
}

function problem(member: string, message: string, suggestion?: string): Problem {
  return { path: [member], message, suggestion }
}

function authenticationProblems(
  metadata: Partial<ClientMetadata>,
  rules: MetadataRules,
): Problem[] {
  const problems: Problem[] = []
  const method = metadata.token_endpoint_auth_method
  if (method === 'client_secret_post' && !rules.isConformance) {
    problems.push(
      problem(
        'token_endpoint_auth_method',
        'client_secret_post is only for conformance testing',
        'client_secret_basic',
      ),
    )
  }
  if (method === 'private_key_jwt') {
    if (!metadata.jwks === !metadata.jwks_uri) {
      const both = metadata.jwks ? '; take one of them away with null' : ''
      problems.push(problem('jwks', `private_key_jwt needs either jwks or jwks_uri${both}`))
    }
    problems.push(...keyProblems(metadata.jwks, algorithmsOf(metadata)))
  } else if (method && metadata.token_endpoint_auth_signing_alg) {
    problems.push(problem('token_endpoint_auth_signing_alg', 'is only for private_key_jwt'))
  }
  return problems
}

/** With which a client may sign its assertions: the one it registered, or else any. */
function algorithmsOf(metadata: Partial<ClientMetadata>): readonly AssertionAlgorithm[] {
  const { token_endpoint_auth_signing_alg: registered } = metadata
  return registered ? [registered] : assertionAlgorithms
}

/** FAPI 2.0 Security Profile section 5.3.2. */
function profileProblems(metadata: Partial<ClientMetadata>): Problem[] {
  if (metadata.profile !== 'fapi2') return []
  const problems: Problem[] = []
  const method = metadata.token_endpoint_auth_method
  if (method && method !== 'private_key_jwt') {
    problems.push(problem('profile', 'fapi2 needs private_key_jwt'))
  }
  if (metadata.token_endpoint_auth_signing_alg === 'RS256') {
    problems.push(problem('profile', 'fapi2 needs ES256 or PS256 for private_key_jwt'))
  }
  if (metadata.id_token_signed_response_alg === 'RS256') {
    problems.push(problem('profile', 'fapi2 needs ES256 for ID tokens'))
  }
  if (metadata.pkce_required === false) {
    problems.push(problem('profile', 'fapi2 needs PKCE'))
  }
  if (metadata.require_pushed_authorization_requests === false) {
    problems.push(problem('profile', 'fapi2 needs pushed authorization requests'))
  }
  if (metadata.dpop_bound_access_tokens === false) {
    problems.push(problem('profile', 'fapi2 needs tokens that are bound by DPoP'))
  }
  return problems
}

function grantProblems(metadata: Partial<ClientMetadata>, rules: MetadataRules): Problem[] {
  const problems: Problem[] = []
  const scopes = new Set((metadata.scope ?? '').split(' ').filter(Boolean))
  for (const scope of scopes) {
    if (!(scopeNames as readonly string[]).includes(scope)) {
      problems.push(problem('scope', `${scope} is not known`, nearest(scope, scopeNames)))
    }
  }
  if (!scopes.has('openid')) problems.push(problem('scope', 'must contain openid'))
  const grants = metadata.grant_types ?? []
  const refreshes = grants.includes('refresh_token')
  if (rules.kind !== 'vendor') {
    if (refreshes) {
      problems.push(problem('grant_types', 'refresh tokens are for vendor clients only'))
    }
    if (scopes.has('offline_access')) {
      problems.push(problem('scope', 'offline_access is for vendor clients only'))
    }
  } else if (refreshes && !scopes.has('offline_access')) {
    problems.push(
      problem('scope', 'must contain offline_access, or no refresh token is ever given'),
    )
  } else if (scopes.has('offline_access') && !refreshes) {
    problems.push(
      problem('grant_types', 'must contain refresh_token, since scope has offline_access'),
    )
  }
  const redirects = metadata.redirect_uris ?? []
  if (refreshes && !grants.includes('authorization_code')) {
    problems.push(problem('grant_types', 'must contain authorization_code beside refresh_token'))
  }
  if (grants.includes('authorization_code') && redirects.length === 0) {
    problems.push(problem('redirect_uris', 'must have an address for the authorization code'))
  }
  const isPortal = rules.kind === 'portal'
  if (metadata.response_types?.some((type) => (type === 'none') !== isPortal)) {
    problems.push(problem('response_types', 'must be code (none is for our own pages)'))
  }
  return problems
}

/** A minimum that nobody can reach would refuse every sign-in. */
function levelProblems({ minimum_acr: level }: Partial<ClientMetadata>, rules: MetadataRules) {
  if (level === undefined || rules.levels.includes(level)) return []
  const message = `is no level of this server, which has ${rules.levels.join(', ')}`
  return [problem('minimum_acr', message, nearest(level, rules.levels))]
}
