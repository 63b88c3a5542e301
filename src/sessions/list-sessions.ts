import { now } from '../clock.ts'
import type { AccountId, ClientId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import type { Device, Payload } from './payload.ts'
import { isSessionAlive } from './session-store.ts'

/** A session that is alive, as its person sees it. */
export type LiveSession = {
  /** Its stored uid. */
  readonly uid: string
  readonly signedInAt: Date
  /** The applications that were signed in to. */
  readonly clientIds: readonly ClientId[]
  /** Undefined for one that began under the release before. */
  readonly device: Device | undefined
}

const selectSessions: Statement = {
  name: 'sessions-list',
  text: `SELECT DISTINCT ON (s.uid) s.uid, s.payload FROM sessions s
    WHERE s.account_id = $1::uuid AND ${isSessionAlive('s', '$2')}
    ORDER BY s.uid, s.expires_at DESC`,
}

/** The sessions of an account that are alive, the latest sign-in first. */
export async function listSessions(db: Queryable, accountId: AccountId): Promise<LiveSession[]> {
  const rows = await db.query<{ uid: string; payload: Payload }>(selectSessions, [accountId, now()])
  return rows
    .map(({ uid, payload }) => ({
      uid,
      signedInAt: new Date((payload.loginTs ?? 0) * 1000),
      clientIds: Object.keys(payload.authorizations ?? {}) as ClientId[],
      device: payload.device,
    }))
    .sort((one, other) => other.signedInAt.getTime() - one.signedInAt.getTime())
}
