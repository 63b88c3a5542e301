import { clientSaved } from '../audit/events.ts'
import { appendEvent } from '../audit/store.ts'
import { now, secondsFromNow } from '../clock.ts'
import type { ClientId, CourtId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import type { ClientKind } from './client.ts'
import {
  maximumActiveSecrets,
  maximumSecretDays,
  secretDigest,
  secretPattern,
} from './client-secret.ts'
import { type ClientMetadata, checkMetadata, type MetadataRules } from './metadata.ts'
import { readClientRow, writeClientCourts, writeClientRow, writeClientSecrets } from './store.ts'

export type ClientInput = {
  id: ClientId
  kind: ClientKind
  name: string
  isActive: boolean
  courtIds: readonly CourtId[]
  /** Undefined keeps the secrets there are; otherwise these become the active ones. */
  secrets: readonly string[] | undefined
  metadata: unknown
}

export type SaveClientRules = Pick<MetadataRules, 'isConformance' | 'allowsLoopback'> & {
  /** The engine's own opinion on the metadata; a row it cannot use would fail at every request. */
  checkWithEngine(id: ClientId, metadata: ClientMetadata): Promise<string | undefined>
}

export type SaveClientResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly problems: readonly string[] }

/**
 * Registers a client or brings it to the given registration. Writes nothing when nothing differs.
 * @returns every problem of the registration, in words that name the member.
 */
export async function saveClient(
  tx: Transaction,
  input: ClientInput,
  rules: SaveClientRules,
): Promise<SaveClientResult> {
  const checked = checkMetadata(input.metadata, {
    kind: input.kind,
    hasCourts: input.courtIds.length > 0,
    isConformance: rules.isConformance,
    allowsLoopback: rules.allowsLoopback,
  })
  if (!checked.ok) return checked
  const secretProblem = checkSecrets(input, checked.value)
  if (secretProblem) return { ok: false, problems: [secretProblem] }
  const engineProblem = await rules.checkWithEngine(input.id, checked.value)
  if (engineProblem) return { ok: false, problems: [engineProblem] }

  const { id, kind, name, isActive } = input
  const after = { id, kind, name, isActive, metadata: checked.value }
  const courtIds = [...new Set(input.courtIds)].sort()
  const digests = input.secrets?.map(secretDigest)
  const before = await readClientRow(tx, id)
  const fields = changedFields(before, { ...after, courtIds, digests })
  if (before && fields.length === 0) return { ok: true }

  await writeClientRow(tx, after)
  await writeClientCourts(tx, id, courtIds)
  if (digests) {
    const expiresAt = secondsFromNow(maximumSecretDays * 86_400)
    await writeClientSecrets(tx, id, digests, { now: now(), expiresAt })
  }
  const change = before ? 'changed' : 'registered'
  await appendEvent(tx, clientSaved({ clientId: id, change, fields }))
  return { ok: true }
}

function checkSecrets(input: ClientInput, metadata: ClientMetadata): string | undefined {
  const usesSecret = metadata.token_endpoint_auth_method.startsWith('client_secret')
  const secrets = input.secrets ?? []
  if (!usesSecret && secrets.length > 0)
    return 'secrets: this client does not authenticate with one'
  if (secrets.length > maximumActiveSecrets)
    return `secrets: at most ${maximumActiveSecrets} are active`
  if (secrets.some((secret) => !secretPattern.test(secret))) {
    return 'secrets: must be 256 random bits in base64url (43 characters)'
  }
  return undefined
}

type Comparable = {
  kind: string
  name: string
  isActive: boolean
  metadata: ClientMetadata
  courtIds: readonly CourtId[]
  digests: readonly string[] | undefined
}

function changedFields(before: Comparable | undefined, after: Comparable): string[] {
  if (!before) return []
  const differs = (a: unknown, b: unknown) => canonical(a) !== canonical(b)
  const fields = (['kind', 'name', 'isActive', 'metadata', 'courtIds'] as const).filter((field) =>
    differs(before[field], after[field]),
  )
  const hasNewSecrets =
    after.digests && differs([...(before.digests ?? [])].sort(), [...after.digests].sort())
  return hasNewSecrets ? [...fields, 'secrets'] : fields
}

/** JSON with the members of objects in order: jsonb does not keep theirs. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
