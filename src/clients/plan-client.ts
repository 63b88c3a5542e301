import type { ClientId, CourtId } from '../ids.ts'
import { ok } from '../outcome.ts'
import { type Change, type Checked, hasProblems, type Problem, under } from '../problem.ts'
import { type ClientKind, clientIdProblem } from './client.ts'
import { maximumActiveSecrets, secretDigest, secretPattern } from './client-secret.ts'
import { type ClientState, clientMay } from './client-state.ts'
import {
  type ClientMetadata,
  checkMetadata,
  type MetadataRules,
  metadataWarnings,
} from './metadata.ts'
import type { ClientRow, StoredClient } from './store.ts'

/** What is undefined stays as it is; a new client needs kind, name and metadata. */
export type ClientInput = {
  id: ClientId
  kind?: ClientKind | undefined
  name?: string | undefined
  state?: ClientState | undefined
  courtIds?: readonly CourtId[] | undefined
  /** These become the active ones. */
  secrets?: readonly string[] | undefined
  /** A member that is left out stays, null takes it away. */
  metadata?: unknown
}

export type RegistrationRules = Pick<
  MetadataRules,
  'isConformance' | 'allowsLoopback' | 'levels'
> & {
  /** The engine's own opinion on the metadata; a row it cannot use would fail at every request. */
  checkWithEngine(id: ClientId, metadata: ClientMetadata): Promise<string | undefined>
}

/** What is to be done to a client. */
export type ClientPlan = {
  readonly isNew: boolean
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
  readonly after: ClientRow & { readonly courtIds: readonly CourtId[] }
  /** Of the secrets there are to be; undefined keeps those there are. */
  readonly digests: readonly string[] | undefined
}

/** What is to be done to the client as it is stored; nothing is written. */
export async function planClient(
  before: StoredClient | undefined,
  input: ClientInput,
  rules: RegistrationRules,
): Promise<Checked<ClientPlan>> {
  const { id } = input
  // An unknown kind is taken for the one with the fewest rules, or a missing one would bring others.
  const kind = input.kind ?? before?.kind ?? 'vendor'
  const courtIds = [...new Set(input.courtIds ?? before?.courtIds)].sort()
  // Only our own start names this kind: an operator's file cannot.
  const idProblem = input.kind === 'portal' ? undefined : clientIdProblem(id)
  if (idProblem) return hasProblems([{ path: ['id'], message: idProblem }])
  const problems: Problem[] = [
    ...missingProblems(input, before),
    ...courtProblems(kind, courtIds, input, before),
  ]
  const metadata = readMetadata(before, input, { ...rules, kind })
  if (!metadata.ok) problems.push(...under(['metadata'], metadata.problems))
  else problems.push(...secretProblems(input, before, metadata.value, kind))
  const hasChanged = metadata.ok && !isSame(before?.metadata, metadata.value)
  if (metadata.ok && hasChanged && problems.length === 0) {
    const message = await rules.checkWithEngine(id, metadata.value)
    if (message) problems.push({ path: ['metadata'], message })
  }
  if (problems.length > 0 || !metadata.ok) return hasProblems(problems)

  const after = {
    id,
    kind,
    name: input.name ?? before?.name ?? '',
    state: stateAfter(before, input),
    metadata: metadata.value,
    courtIds,
  }
  const digests = input.secrets?.map(secretDigest)
  return ok({
    isNew: !before,
    changes: changesOf(before, after, digests),
    warnings: metadataWarnings(metadata.value),
    after,
    digests,
  })
}

function stateAfter(before: StoredClient | undefined, input: ClientInput): ClientState {
  return input.state ?? before?.state ?? 'active'
}

function missingProblems(input: ClientInput, before: StoredClient | undefined): Problem[] {
  if (before) return []
  return (['kind', 'name', 'metadata'] as const)
    .filter((member) => input[member] === undefined)
    .map((member) => ({ path: [member], message: 'is missing, and the client is new' }))
}

function courtProblems(
  kind: ClientKind,
  courtIds: readonly CourtId[],
  input: ClientInput,
  before: StoredClient | undefined,
): Problem[] {
  const isAsked = !before || input.courtIds !== undefined || input.kind !== undefined
  if (!isAsked || courtIds.length > 0 || kind === 'portal' || kind === 'national') return []
  return [{ path: ['courts'], message: 'a court or vendor client acts for at least one court' }]
}

/** What is stored is not asked about again where nothing about it is to change. */
function readMetadata(
  before: StoredClient | undefined,
  input: ClientInput,
  rules: MetadataRules,
): Checked<ClientMetadata> {
  const isKept = input.kind === undefined || input.kind === before?.kind
  if (before && input.metadata === undefined && isKept) return ok(before.metadata)
  return checkMetadata(input.metadata ?? {}, rules, before?.metadata)
}

function secretProblems(
  input: ClientInput,
  before: StoredClient | undefined,
  metadata: ClientMetadata,
  kind: ClientKind,
): Problem[] {
  const problem = (message: string) => [{ path: ['secrets'], message }]
  const usesSecret = metadata.token_endpoint_auth_method.startsWith('client_secret')
  const { secrets } = input
  if (!usesSecret && secrets && secrets.length > 0) {
    return problem('this client does not authenticate with one')
  }
  if (secrets && secrets.length > maximumActiveSecrets) {
    return problem(`at most ${maximumActiveSecrets} are active`)
  }
  const malformed = (secrets ?? []).flatMap((secret, index) =>
    secretPattern.test(secret) ? [] : [{ path: ['secrets', index], message: secretWords }],
  )
  if (malformed.length > 0) return malformed
  const isAsked =
    clientMay({ state: stateAfter(before, input) }, 'sign-people-in') &&
    (!before || secrets !== undefined || input.metadata !== undefined || input.state !== undefined)
  if (
    usesSecret &&
    isAsked &&
    kind !== 'portal' &&
    (secrets ?? before?.digests ?? []).length === 0
  ) {
    return problem(
      'is missing: the client has no secret to authenticate with. With active: false it can be ' +
        'registered without one, and secrets create makes one',
    )
  }
  return []
}

const secretWords = 'must be 256 random bits in base64url (43 characters)'

function changesOf(
  before: StoredClient | undefined,
  after: ClientPlan['after'],
  digests: readonly string[] | undefined,
): Change[] {
  const change = (member: string, from: unknown, to: unknown): Change[] =>
    isSame(from, to) ? [] : [{ member, from: shown(from), to: shown(to) }]
  const members = new Set([...Object.keys(before?.metadata ?? {}), ...Object.keys(after.metadata)])
  const metadataOf = (row: { metadata: ClientMetadata } | undefined, member: string) =>
    row?.metadata[member as keyof ClientMetadata]
  const hasNewSecrets = digests && !isSame([...(before?.digests ?? [])].sort(), [...digests].sort())
  const count = (secrets: readonly string[] | undefined) =>
    secrets && secrets.length > 0 ? `${secrets.length} of them` : undefined
  return [
    ...change('kind', before?.kind, after.kind),
    ...change('name', before?.name, after.name),
    ...change('active', before && isOn(before), isOn(after)),
    ...change('courts', before?.courtIds, after.courtIds),
    ...[...members].flatMap((member) =>
      change(`metadata.${member}`, metadataOf(before, member), metadataOf(after, member)),
    ),
    ...(hasNewSecrets
      ? [{ member: 'secrets', from: count(before?.digests), to: count(digests) ?? 'none' }]
      : []),
  ]
}

/** As an operator's file says it: on or off. */
const isOn = ({ state }: { readonly state: ClientState }) => state === 'active'

const maximumShown = 300

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > maximumShown ? `${text.slice(0, maximumShown)}…` : text
}

function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

/** JSON with the members of objects in order: jsonb does not keep theirs. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
