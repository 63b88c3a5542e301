import type { ClientId, CourtId } from '../ids.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { Client, ClientKind } from './client.ts'
import {
  type ClientState,
  clientMaySql,
  clientStateOf,
  clientStateSql,
  clientsThatMay,
  columnsOfClientState,
} from './client-state.ts'
import type { ClientMetadata } from './metadata.ts'
import { startAddress } from './way-back.ts'

const selectClient: Statement = {
  name: 'client',
  text: `SELECT c.id, c.kind, c.name, ${clientStateSql('c')} AS state, c.metadata,
      coalesce((SELECT json_agg(json_build_object('id', k.id, 'name', k.name, 'type', k.type,
          'cmecfHost', k.cmecf_host) ORDER BY k.id)
        FROM client_courts cc JOIN courts k ON k.id = cc.court_id WHERE cc.client_id = c.id), '[]')
        AS courts,
      coalesce((SELECT json_agg(json_build_object('digest', s.digest, 'expiresAt', s.expires_at)
          ORDER BY s.created_at, s.digest)
        FROM client_secrets s WHERE s.client_id = c.id AND s.revoked_at IS NULL), '[]') AS secrets
    FROM clients c WHERE c.id = $1`,
}

/** The client with its courts and unrevoked secrets; also when it is switched off. */
export async function findClient(db: Queryable, id: ClientId): Promise<Client | undefined> {
  const [row] = await db.query<
    Omit<Client, 'secrets'> & { secrets: { digest: string; expiresAt: string }[] }
  >(selectClient, [id])
  if (!row) return undefined
  return {
    ...row,
    secrets: row.secrets.map(({ digest, expiresAt }) => ({
      digest,
      expiresAt: new Date(expiresAt),
    })),
  }
}

const selectEntrances: Statement = {
  name: 'client-entrances',
  text: `SELECT DISTINCT ON (cc.court_id) cc.court_id AS "courtId",
      c.metadata
    FROM client_courts cc JOIN clients c ON c.id = cc.client_id
    WHERE cc.court_id = ANY($1::text[]) AND c.kind = 'court' AND ${clientMaySql('c', 'be-offered')}
    ORDER BY cc.court_id,
      coalesce(c.metadata ->> 'initiate_login_uri', c.metadata ->> 'client_uri') IS NULL, c.id`,
}

/** Where each court's own application lets people in, the ones that say so first; courts without one are absent. */
export async function findCourtEntrances(
  db: Queryable,
  courtIds: readonly CourtId[],
): Promise<ReadonlyMap<CourtId, string>> {
  const rows = await db.query<{ courtId: CourtId; metadata: ClientMetadata }>(selectEntrances, [
    courtIds,
  ])
  return new Map(
    rows.flatMap(({ courtId, metadata }) => {
      const url = startAddress(metadata)
      return url ? [[courtId, url] as const] : []
    }),
  )
}

export type ClientRow = {
  id: ClientId
  kind: ClientKind
  name: string
  state: ClientState
  metadata: ClientMetadata
}

export type StoredClient = ClientRow & {
  readonly courtIds: readonly CourtId[]
  /** Of the secrets that are not revoked, and until when they are good. */
  readonly digests: readonly string[]
  readonly secrets: readonly StoredSecret[]
}
export type StoredSecret = {
  readonly digest: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

export async function readClientRow(
  db: Queryable,
  id: ClientId,
): Promise<StoredClient | undefined> {
  const [row] = await listClientRows(db, [id])
  return row
}

/** The clients of these ids, or all, in alphabetical order; also those that are switched off. */
export async function listClientRows(
  db: Queryable,
  ids?: readonly ClientId[],
): Promise<StoredClient[]> {
  const rows = await db.prisma.client.findMany({
    ...(ids && { where: { id: { in: [...ids] } } }),
    include: {
      courts: true,
      secrets: { where: { revokedAt: null }, orderBy: [{ createdAt: 'asc' }, { digest: 'asc' }] },
    },
    orderBy: { id: 'asc' },
  })
  return rows.map((row) => ({
    id: row.id as ClientId,
    kind: row.kind,
    name: row.name,
    state: clientStateOf(row),
    metadata: row.metadata as unknown as ClientMetadata,
    courtIds: row.courts.map((court) => court.courtId as CourtId).sort(),
    digests: row.secrets.map((secret) => secret.digest),
    secrets: row.secrets.map(({ digest, createdAt, expiresAt }) => ({
      digest,
      createdAt,
      expiresAt,
    })),
  }))
}

/** Those that are watched and are registered to send no code challenge. */
export async function listClientsWithoutPkce(
  db: Queryable,
): Promise<{ id: ClientId; metadata: ClientMetadata }[]> {
  const rows = await db.prisma.client.findMany({
    where: {
      ...clientsThatMay('be-watched'),
      metadata: { path: ['pkce_required'], equals: false },
    },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ id, metadata }) => ({
    id: id as ClientId,
    metadata: metadata as unknown as ClientMetadata,
  }))
}

export async function writeClientRow(tx: Transaction, row: ClientRow): Promise<void> {
  const { id, metadata, state, ...rest } = row
  const data = { ...rest, ...columnsOfClientState(state), metadata: metadata as object }
  await tx.prisma.client.upsert({ where: { id }, create: { id, ...data }, update: data })
}

export async function writeClientCourts(
  tx: Transaction,
  clientId: ClientId,
  courtIds: readonly CourtId[],
): Promise<void> {
  await tx.prisma.clientCourt.deleteMany({ where: { clientId } })
  await tx.prisma.clientCourt.createMany({
    data: courtIds.map((courtId) => ({ clientId, courtId })),
  })
}

/** Makes exactly these secrets the active ones; others are revoked, not forgotten. */
export async function writeClientSecrets(
  tx: Transaction,
  clientId: ClientId,
  digests: readonly string[],
  times: { now: Date; expiresAt: Date },
): Promise<void> {
  await tx.prisma.clientSecret.updateMany({
    where: { clientId, revokedAt: null, digest: { notIn: [...digests] } },
    data: { revokedAt: times.now },
  })
  for (const digest of digests) {
    await tx.prisma.clientSecret.upsert({
      where: { clientId_digest: { clientId, digest } },
      create: { clientId, digest, expiresAt: times.expiresAt },
      update: { revokedAt: null },
    })
  }
}

/**
 * Clients that can prove themselves with nothing but a secret, and whose last one ends before the
 * given moment; a secret that another one outlives is in rotation and worries nobody.
 */
export async function listEndingSecrets(
  db: Queryable,
  before: Date,
): Promise<{ clientId: ClientId; expiresAt: Date }[]> {
  const rows = await db.prisma.clientSecret.groupBy({
    by: ['clientId'],
    where: { revokedAt: null, client: clientsThatMay('be-watched') },
    _max: { expiresAt: true },
    having: { expiresAt: { _max: { lt: before } } },
    orderBy: { clientId: 'asc' },
  })
  return rows.map(({ clientId, _max }) => ({
    clientId: clientId as ClientId,
    expiresAt: _max.expiresAt!,
  }))
}

const lockRow: Statement = {
  name: 'client-lock',
  text: 'SELECT 1 FROM clients WHERE id = $1 FOR UPDATE',
}

/** Holds the client's row until the transaction ends. */
export async function lockClient(tx: Transaction, id: ClientId): Promise<void> {
  await tx.query(lockRow, [id])
}
