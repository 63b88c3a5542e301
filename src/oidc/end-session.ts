import type { AuditEvent } from '../audit/event.ts'
import type { Stores } from './adapter.ts'

/** What of a session its end needs: what it is known by, and the grants that it gave. */
export type SessionToEnd = {
  readonly uid: string
  readonly authorizations?:
    | Readonly<Record<string, { readonly grantId?: string | undefined }>>
    | undefined
}

/**
 * Ends a session for good, whatever request of it is still under way, and with it the grants of every
 * client, also those of vendors that hold refresh tokens. Asked for ten times at once it ends once,
 * with one audit row. Its grants come second: what hangs on an ended session is dead already.
 */
export async function endSession(
  deps: { stores: Pick<Stores, 'sessions' | 'grants'>; storedId(id: string): string },
  session: SessionToEnd,
  event: AuditEvent | undefined,
): Promise<void> {
  const { stores, storedId } = deps
  await stores.sessions.end(storedId(session.uid), event)
  const grantIds = Object.values(session.authorizations ?? {}).flatMap(
    ({ grantId }) => grantId ?? [],
  )
  await Promise.all(grantIds.map((grantId) => stores.grants.revoke(storedId(grantId))))
}
