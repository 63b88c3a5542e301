import { createSecretKey } from 'node:crypto'
import type { Adapter } from 'oidc-provider'
import { bySystem } from '../../src/audit/by.ts'
import { createClientDirectory } from '../../src/clients/directory.ts'
import { redactionAcknowledgements } from '../../src/efiling/acknowledge-redaction.ts'
import { createLog } from '../../src/log.ts'
import { createAdapterFactory, storedId } from '../../src/oidc/adapter.ts'
import { createInteractionCookie } from '../../src/oidc/interaction-cookie.ts'
import { createInteractionRows } from '../../src/oidc/interaction-rows.ts'
import { createOpenInteractions } from '../../src/oidc/open-interactions.ts'
import { createRequestFacts } from '../../src/oidc/request-facts.ts'
import { endSession } from '../../src/sessions/end-session.ts'
import { createEndInteraction } from '../../src/sessions/interaction-end.ts'
import { createShortLivedPostgres } from '../../src/sessions/short-lived-postgres.ts'
import { createShortLivedRedis } from '../../src/sessions/short-lived-redis.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { openRedis, type RedisStore } from '../../src/storage/redis.ts'
import { listAudited } from '../support/audited.ts'
import { timeUntil } from '../support/measure.ts'

/** Where an adapter keeps its things, in a form that can be handed to another process. */
export type Place = {
  /** Absent: the embedded database, in memory. */
  readonly databaseUrl?: string
  readonly redis?: { readonly url: string; readonly prefix: string }
  /** 32 bytes in base64. */
  readonly identifierKey: string
}

export type OpenAdapter = {
  readonly db: Database
  readonly redis: RedisStore | undefined
  /** What the audit says was presented a second time, oldest first. */
  listReused(): Promise<{ model: unknown; accountId: string | null; clientId: string | null }[]>
  adapter(model: string): Adapter
  /** Claims a one-time identifier, as for an assertion's `jti`. */
  insertOnce(id: string, expiresInSeconds: number): Promise<boolean>
  endSession(uid: string): Promise<void>
  close(): Promise<void>
}

/** The server's adapter over these stores, wired as the server wires it. */
export async function openAdapter(place: Place): Promise<OpenAdapter> {
  const log = createLog('error')
  const identifierKey = createSecretKey(Buffer.from(place.identifierKey, 'base64'))
  const hash = (id: string) => storedId(identifierKey, id)
  const db = await openDatabase({ url: place.databaseUrl, dataDir: ':memory:', poolSize: 10 }, log)
  const redis = place.redis && openRedis(place.redis, log)
  // Nothing is queued for a connection that is not there yet.
  if (redis) await timeUntil(() => redis.ping())
  const directory = createClientDirectory(db)
  const stores = {
    db,
    shortLived: redis ? createShortLivedRedis(redis) : createShortLivedPostgres(db),
    endInteraction: createEndInteraction(redactionAcknowledgements),
  }
  const interactionRows = createInteractionRows({
    shortLived: stores.shortLived,
    storedId: hash,
    cookie: createInteractionCookie(false),
    identifierKey,
  })
  return {
    db,
    redis,
    async listReused() {
      const events = await listAudited(db, 'token.reused')
      return events.map(({ detail, accountId, clientId }) => ({
        model: (detail as { model?: unknown }).model,
        accountId,
        clientId,
      }))
    },
    adapter: createAdapterFactory({
      stores,
      identifierKey,
      requestFacts: createRequestFacts({ db, directory, storedId: hash }),
      authorizationEvent: () => undefined,
      // Nobody signs out without a request.
      signOut: async () => {},
      interactions: createOpenInteractions({ db, rows: interactionRows }),
      interactionRows,
    }),
    insertOnce: (id, seconds) => stores.shortLived.insertOnce('ReplayDetection', hash(id), seconds),
    endSession: (uid) =>
      inTransaction(db, (tx) => endSession(tx, { storedId: hash }, { uid: hash(uid) }, bySystem())),
    async close() {
      await redis?.close()
      await db.close()
    },
  }
}
