import type { By } from '../audit/by.ts'
import type { ClientId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { type Ended, recordEnded } from './ended.ts'
import { revokeGrantsOfClient } from './grant-store.ts'

/**
 * Revokes every grant of a client, each with its audit row: no code, access token or refresh token that
 * it holds is good any more. The sessions go on, as they are everybody's.
 * @returns how many were alive.
 */
export async function endAllOfClient(tx: Transaction, clientId: ClientId, by: By): Promise<Ended> {
  return recordEnded(tx, { sessions: [], grants: await revokeGrantsOfClient(tx, clientId) }, by)
}
