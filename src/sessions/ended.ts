import type { By } from '../audit/by.ts'
import { recordEvents } from '../audit/store.ts'
import type { Transaction } from '../storage/db.ts'
import { grantRevoked, sessionEnded } from './events.ts'
import type { RevokedGrant } from './grant-store.ts'
import type { EndedSession } from './session-end-store.ts'

/** How many were alive and are so no more. */
export type Ended = { readonly sessions: number; readonly grants: number }

/** Records what has ended, a row for each, in the transaction of its end. */
export async function recordEnded(
  tx: Transaction,
  { sessions, grants }: { sessions: readonly EndedSession[]; grants: readonly RevokedGrant[] },
  by: By,
): Promise<Ended> {
  await recordEvents(tx, [
    ...sessions.flatMap(({ accountId, clients }) =>
      accountId ? [sessionEnded({ accountId, clients, by })] : [],
    ),
    ...grants.map((grant) => grantRevoked({ ...grant, by })),
  ])
  return { sessions: sessions.length, grants: grants.length }
}
