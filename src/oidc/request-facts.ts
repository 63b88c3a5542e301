import type { Client } from '../clients/client.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { epochSeconds, now } from '../clock.ts'
import { type FactsJson, factsJson, readFacts } from '../efiling/facts.ts'
import type { CourtId } from '../ids.ts'
import type { Payload } from '../sessions/payload.ts'
import { isSessionAlive, liveSession } from '../sessions/session-store.ts'
import {
  grantOfLiving,
  isSessionTooOld,
  type Lifelines,
  lifelinesJson,
} from '../sessions/token-life.ts'
import type { Database, Statement } from '../storage/db.ts'
import { clientOf, currentRequest } from './engine.ts'
import { presentContents } from './present-limits.ts'
import { currentNotes, notesOf } from './request-notes.ts'

// Whatever a cookie or a token is presented for, the engine asks for its session, its grant and its
// account, one after the other. Each round trip costs as much as all the rest of an introspection, so
// the first question is answered with all of them, for this one request, and as one JSON value: the
// driver spends longer on a column than on what is in it.

const hangsOn = (grantId: string, sessionUid: string, courtIds: string, at: string) =>
  `${lifelinesJson(grantId, sessionUid, at)},
    'facts', ${factsJson(courtIds, sessionUid, at)}`

const selectForToken: Statement = {
  name: 'facts-for-token',
  text: `SELECT json_build_object('sessionPayload', (${liveSession('$3', '$5')}),
      ${hangsOn('$4', '$3', '$2', '$5')}) AS found
    FROM accounts a WHERE a.id = $1::uuid`,
}

// Not the session itself: a refresh token is bound to its end alone, so the engine does not ask for it.
const selectRefreshToken: Statement = {
  name: 'facts-for-refresh-token',
  text: `SELECT json_build_object('tokenPayload', t.payload, 'expiresAt', t.expires_at,
      ${hangsOn('t.grant_id', 't.session_uid', '$2', '$3')}) AS found
    FROM refresh_tokens t JOIN accounts a ON a.id = t.account_id
    WHERE t.id = $1 AND t.expires_at > $3::timestamptz`,
}

const selectSession: Statement = {
  name: 'facts-for-session',
  text: `SELECT json_build_object('sessionPayload', own.payload,
      'facts', ${factsJson('$2', 'own.uid', '$3')}) AS found
    FROM sessions own LEFT JOIN accounts a ON a.id = own.account_id
    WHERE own.id = $1 AND ${isSessionAlive('own', '$3')}`,
}

type Found<Value> = { found: Value }
type FoundOfToken = Lifelines & { facts: FactsJson; sessionPayload?: Payload | null }
type FoundRefreshToken = FoundOfToken & { tokenPayload: Payload; expiresAt: string }
type FoundSession = {
  facts: FactsJson & { account: { id: FactsJson['account']['id'] | null } }
  sessionPayload: Payload
}

export type RequestFacts = {
  /**
   * Reads what the token hangs on. False when it is dead: its grant is revoked or gone, its session
   * was ended, its account does not exist, it comes from a sign-in that is over for court staff, or
   * its client's present registration gives it nothing.
   */
  loadFor(token: Payload): Promise<boolean>
  /** The refresh token of that stored id, unless it is dead, with the end that it has by now. */
  findRefreshToken(id: string): Promise<Payload | undefined>
  /** The session of that stored id, unless it is over, with the facts of its account for the client. */
  findSession(id: string): Promise<Payload | undefined>
}

export function createRequestFacts(deps: {
  db: Database
  directory: ClientDirectory
  storedId(id: string): string
}): RequestFacts {
  const { db, directory, storedId } = deps

  const findClient = async (clientId: unknown): Promise<Client | undefined> =>
    typeof clientId === 'string' ? directory.find(clientId) : undefined
  const courtIdsOf = (client: Client | undefined): CourtId[] =>
    client?.courts.map((court) => court.id) ?? []

  /**
   * Notes what was read with a token; false when the token is dead. Its grant decides whether it
   * lives, and the token itself, under the registration of now, what it gives.
   */
  const noteIfAlive = (
    token: Payload,
    found: FoundOfToken,
    client: Client | undefined,
  ): boolean => {
    const { sessionPayload, facts } = found
    const about = { isStaff: facts.isStaff, nowSeconds: epochSeconds() }
    const grantPayload = grantOfLiving(token, found, about)
    const contents = grantPayload && presentContents(token, client)
    if (!contents) return false
    const notes = currentNotes()
    if (token.sessionUid && sessionPayload !== undefined) {
      notes?.sessions.set(token.sessionUid, sessionPayload ?? undefined)
    }
    if (token.grantId) notes?.grants.set(token.grantId, { ...grantPayload, ...contents })
    notes?.facts.set(facts.account.id, readFacts(facts))
    return true
  }

  return {
    async loadFor(token) {
      const { accountId, grantId, sessionUid, clientId } = token
      if (!accountId || !grantId) return true
      const client = await findClient(clientId)
      const [row] = await db.query<Found<FoundOfToken>>(selectForToken, [
        accountId,
        courtIdsOf(client),
        sessionUid ? storedId(sessionUid) : null,
        storedId(grantId),
        now(),
      ])
      return row !== undefined && noteIfAlive(token, row.found, client)
    },

    async findRefreshToken(id) {
      // Only its own client may use or ask about a refresh token, and that one is asking.
      const asking = clientOf(currentRequest()?.oidc)
      const courtIds = asking?.cso_courts.map((court) => court.id) ?? []
      const values = [id, courtIds, now()]
      const [row] = await db.query<Found<FoundRefreshToken>>(selectRefreshToken, values)
      if (!row) return undefined
      const { tokenPayload, expiresAt, ...rest } = row.found
      const client = await findClient(tokenPayload.clientId)
      if (!noteIfAlive(tokenPayload, rest, client)) return undefined
      return { ...tokenPayload, exp: epochSeconds(new Date(expiresAt)) }
    },

    async findSession(id) {
      const ctx = currentRequest()
      const courtIds = courtIdsOf(await findClient(ctx?.query['client_id']))
      const [row] = await db.query<Found<FoundSession>>(selectSession, [id, courtIds, now()])
      if (!row) return undefined
      const { sessionPayload, facts } = row.found
      const about = { isStaff: facts.isStaff, nowSeconds: epochSeconds() }
      if (isSessionTooOld(sessionPayload, about)) return undefined
      // Without the client in the address (coming back from a page) the courts are not known yet.
      if (ctx && facts.account.id !== null) {
        const notes = notesOf(ctx)
        notes.isStaff.set(facts.account.id, facts.isStaff)
        if (courtIds.length > 0) notes.facts.set(facts.account.id, readFacts(facts))
      }
      return sessionPayload
    },
  }
}
