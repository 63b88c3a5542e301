import type { By } from '../audit/by.ts'
import { portalClientId } from '../clients/client.ts'
import { clientStateLabels } from '../clients/client-state.ts'
import { makeClientSecret, revokeClientSecret, secretFingerprint } from '../clients/make-secret.ts'
import { metadataWarnings } from '../clients/metadata.ts'
import { listClientRows, type StoredClient } from '../clients/store.ts'
import { now } from '../clock.ts'
import type { ClientId } from '../ids.ts'
import { nearest } from '../nearest.ts'
import { inTransaction } from '../storage/db.ts'
import { type Context, dayText, tableLines } from './context.ts'

async function readClients({ db }: Context): Promise<StoredClient[]> {
  return (await listClientRows(db)).filter(({ id }) => id !== portalClientId)
}

/** What an operator should look at: a client that cannot authenticate, or that is taken as it is. */
function warningsOf(client: StoredClient): string[] {
  const method = client.metadata.token_endpoint_auth_method
  const isShut =
    method.startsWith('client_secret') && !client.secrets.some(({ expiresAt }) => expiresAt > now())
  return [
    ...metadataWarnings(client.metadata),
    ...(isShut ? ['secrets: none is good; make one with secrets create'] : []),
  ]
}

export async function listClients(context: Context): Promise<number> {
  const clients = await readClients(context)
  const rows = clients.map((client) => [
    client.id,
    client.kind,
    clientStateLabels[client.state],
    client.courtIds.join(' ') || '-',
    client.name,
  ])
  for (const line of tableLines([['id', 'kind', 'state', 'courts', 'name'], ...rows])) {
    console.log(line)
  }
  for (const client of clients) {
    for (const warning of warningsOf(client)) console.log(`warning: ${client.id}: ${warning}`)
  }
  return 0
}

export async function showClient(context: Context, id: string): Promise<number> {
  const clients = await readClients(context)
  const client = clients.find((each) => each.id === id)
  if (!client) return noClient(id, clients)
  const { kind, name, state, courtIds, metadata, secrets } = client
  const facts = { id, kind, name, active: state === 'active', courts: courtIds, metadata }
  console.log(JSON.stringify(facts, undefined, 2))
  for (const secret of secrets) console.log(`secret ${secretText(secret)}`)
  for (const warning of warningsOf(client)) console.log(`warning: ${warning}`)
  return 0
}

function noClient(id: string, clients: readonly StoredClient[]): number {
  const meant = nearest(
    id,
    clients.map((client) => client.id),
  )
  console.error(`There is no client ${id}.${meant ? ` Did you mean ${meant}?` : ''}`)
  return 1
}

function secretText({ digest, createdAt, expiresAt }: StoredClient['secrets'][number]): string {
  const days = Math.ceil((expiresAt.getTime() - now().getTime()) / 86_400_000)
  const left = days > 0 ? `in ${days} days` : 'ended'
  return `${secretFingerprint(digest)}, made ${dayText(createdAt)}, ends ${dayText(expiresAt)} (${left})`
}

export async function listSecrets(context: Context): Promise<number> {
  const rows = (await readClients(context)).flatMap((client) =>
    client.secrets.map((secret) => ({ client: client.id, secret })),
  )
  rows.sort((a, b) => a.secret.expiresAt.getTime() - b.secret.expiresAt.getTime())
  for (const { client, secret } of rows) console.log(`${client}: ${secretText(secret)}`)
  if (rows.length === 0) console.log('No client has a secret.')
  return 0
}

const refusalWords = {
  'unknown-client': 'There is no such client.',
  'uses-no-secret': 'This client does not authenticate with a secret.',
  'has-two': 'It has two already. End one first: npm run cli -- secrets revoke ID FINGERPRINT',
  'unknown-secret': 'It has no such secret; npm run cli -- secrets lists them.',
} as const

/** The secret alone is on standard output. */
export async function createSecret({ db }: Context, id: string, by: By): Promise<number> {
  const made = await inTransaction(db, (tx) => makeClientSecret(tx, id as ClientId, by))
  if (!made.ok) {
    console.error(refusalWords[made.reason])
    return 1
  }
  const { secret, fingerprint, expiresAt } = made.value
  console.error(`A secret for ${id}, ${fingerprint}, good until ${dayText(expiresAt)}.`)
  console.error('It is shown this once:')
  console.log(secret)
  return 0
}

export async function revokeSecret(
  { db }: Context,
  id: string,
  fingerprint: string,
  by: By,
): Promise<number> {
  const revoked = await inTransaction(db, (tx) =>
    revokeClientSecret(tx, id as ClientId, fingerprint, by),
  )
  if (!revoked.ok) {
    console.error(refusalWords[revoked.reason])
    return 1
  }
  const { left } = revoked.value
  console.log(`The secret ${fingerprint} of ${id} has ended; ${left} left.`)
  return 0
}
