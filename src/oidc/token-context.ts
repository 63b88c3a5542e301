import Provider, { type KoaContextWithOIDC } from 'oidc-provider'
import type { ClientDirectory } from '../clients/directory.ts'
import { now } from '../clock.ts'
import { type Facts, type FactsRow, factsColumns, readFacts } from '../efiling/facts.ts'
import type { AccountId } from '../ids.ts'
import type { Database, Statement } from '../storage/db.ts'
import { liveGrant } from './stores/grant-store.ts'
import type { Payload } from './stores/payload.ts'
import { endedSession, liveSession } from './stores/session-store.ts'

// Whatever a token is used for, the engine then asks for its session, its grant and its account, one
// after the other. Three round trips cost more than all the rest of an introspection, so the first
// question is answered with all three, for this one request.
const selectContext: Statement = {
  name: 'token-context',
  text: `SELECT (${liveGrant('$4', '$5')}) AS "grantPayload",
      (${liveSession('$3', '$5')}) AS "sessionPayload",
      (${endedSession('$3')}) AS "isSessionOver",
      ${factsColumns('$2', '$3')}
    FROM accounts a WHERE a.id = $1::uuid`,
}

type ContextRow = FactsRow & {
  grantPayload: Payload | null
  sessionPayload: Payload | null
  isSessionOver: boolean
}

type Known = {
  sessions: Map<string, Payload | undefined>
  grants: Map<string, Payload | undefined>
  facts: Map<string, Facts>
}

export type TokenContext = {
  /**
   * Reads what the token depends on. False when it is dead: its grant is revoked or gone, its
   * session was ended, or its account does not exist.
   */
  load(token: Payload): Promise<boolean>
  /** What `load` has read in this request; undefined when it has not read that. */
  session(uid: string): { payload: Payload | undefined } | undefined
  grant(id: string): { payload: Payload | undefined } | undefined
  facts(ctx: KoaContextWithOIDC, accountId: string): Facts | undefined
}

export function createTokenContext(deps: {
  db: Database
  directory: ClientDirectory
  storedId(id: string): string
}): TokenContext {
  const { db, directory, storedId } = deps
  const byRequest = new WeakMap<object, Known>()
  const known = () => {
    const ctx = Provider.ctx
    return ctx && byRequest.get(ctx)
  }

  return {
    async load(token) {
      const { accountId, grantId, sessionUid, clientId } = token
      if (!accountId || !grantId) return true
      const client = clientId ? await directory.find(clientId) : undefined
      const [row] = await db.query<ContextRow>(selectContext, [
        accountId,
        client?.courts.map((court) => court.id) ?? [],
        sessionUid ? storedId(sessionUid) : null,
        storedId(grantId),
        now(),
      ])
      if (!row?.grantPayload || row.isSessionOver) return false
      const ctx = Provider.ctx
      if (!ctx) return true
      const { grantPayload, sessionPayload, isSessionOver: _, ...rest } = row
      const entry: Known = byRequest.get(ctx) ?? {
        sessions: new Map(),
        grants: new Map(),
        facts: new Map(),
      }
      if (sessionUid) entry.sessions.set(sessionUid, sessionPayload ?? undefined)
      entry.grants.set(grantId, grantPayload)
      entry.facts.set(accountId as AccountId, readFacts(rest))
      byRequest.set(ctx, entry)
      return true
    },
    session(uid) {
      const sessions = known()?.sessions
      return sessions?.has(uid) ? { payload: sessions.get(uid) } : undefined
    },
    grant(id) {
      const grants = known()?.grants
      return grants?.has(id) ? { payload: grants.get(id) } : undefined
    },
    facts(ctx, accountId) {
      return byRequest.get(ctx)?.facts.get(accountId)
    },
  }
}
