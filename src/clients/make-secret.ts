import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now, secondsFromNow } from '../clock.ts'
import type { ClientId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import {
  maximumActiveSecrets,
  maximumSecretDays,
  newClientSecret,
  secretDigest,
} from './client-secret.ts'
import { clientSaved } from './events.ts'
import { lockClient, readClientRow, type StoredClient, writeClientSecrets } from './store.ts'

/**
 * By which an operator names a secret: the beginning of its digest, which gives nothing away. Letters and
 * digits alone: to a command line a word that begins with a dash is an option.
 */
export function secretFingerprint(digest: string): string {
  return digest.replace(/[-_]/g, '').slice(0, 8)
}

/**
 * Makes a secret for a client beside the one that it has; ended ones make room for it.
 * @returns the secret, which nobody can read again.
 */
export async function makeClientSecret(
  tx: Transaction,
  id: ClientId,
  by: By,
): Promise<
  Outcome<
    { readonly secret: string; readonly fingerprint: string; readonly expiresAt: Date },
    'unknown-client' | 'uses-no-secret' | 'has-two'
  >
> {
  const client = await findSecretClient(tx, id)
  if (!client.ok) return client
  const good = client.value.secrets.filter(({ expiresAt }) => expiresAt > now())
  if (good.length >= maximumActiveSecrets) return refused('has-two')
  const secret = newClientSecret()
  const digest = secretDigest(secret)
  const expiresAt = secondsFromNow(maximumSecretDays * 86_400)
  const digests = [...good.map((each) => each.digest), digest]
  await save(tx, id, digests, expiresAt, by)
  return ok({ secret, fingerprint: secretFingerprint(digest), expiresAt })
}

/** Ends one secret of a client at once. @returns how many it still has. */
export async function revokeClientSecret(
  tx: Transaction,
  id: ClientId,
  fingerprint: string,
  by: By,
): Promise<
  Outcome<{ readonly left: number }, 'unknown-client' | 'uses-no-secret' | 'unknown-secret'>
> {
  const client = await findSecretClient(tx, id)
  if (!client.ok) return client
  const { digests } = client.value
  const kept = digests.filter((digest) => secretFingerprint(digest) !== fingerprint)
  if (kept.length === digests.length) return refused('unknown-secret')
  await save(tx, id, kept, secondsFromNow(maximumSecretDays * 86_400), by)
  return ok({ left: kept.length })
}

/** Nobody else changes its secrets until the transaction ends. */
async function findSecretClient(
  tx: Transaction,
  id: ClientId,
): Promise<Outcome<StoredClient, 'unknown-client' | 'uses-no-secret'>> {
  await lockClient(tx, id)
  const client = await readClientRow(tx, id)
  if (!client || client.kind === 'portal') return refused('unknown-client')
  const method = client.metadata.token_endpoint_auth_method
  return method.startsWith('client_secret') ? ok(client) : refused('uses-no-secret')
}

async function save(
  tx: Transaction,
  id: ClientId,
  digests: readonly string[],
  expiresAt: Date,
  by: By,
): Promise<void> {
  await writeClientSecrets(tx, id, digests, { now: now(), expiresAt })
  await recordEvent(tx, clientSaved({ clientId: id, change: 'changed', fields: ['secrets'], by }))
}
