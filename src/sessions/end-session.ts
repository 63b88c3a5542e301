import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { ClientId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { accountSignedOut, sessionEnded } from './events.ts'
import { revokeGrants } from './grant-store.ts'
import { grantIdsOf, markSessionEnded } from './session-end-store.ts'

/**
 * Ends a session for good, under whatever identifier it lives and whatever request of it is still under
 * way; with it end its tokens and the grants of every client, also those of vendors that hold refresh
 * tokens. Asked for ten times at once it ends once, with one audit row.
 * @param session its stored uid, and the client that asked for it, if one did.
 * @param deps.storedId gives the stored form of a grant's identifier.
 */
export async function endSession(
  tx: Transaction,
  deps: { storedId(id: string): string },
  session: { readonly uid: string; readonly clientId?: ClientId | undefined },
  by: By,
): Promise<void> {
  const ended = await markSessionEnded(tx, session.uid)
  if (!ended) return
  await revokeGrants(tx, grantIdsOf(ended).map(deps.storedId))
  const { accountId, clients } = ended
  if (!accountId) return
  const isTheirs = by.actor.kind === 'account' && by.actor.id === accountId
  const about = { accountId, clients, by }
  await recordEvent(
    tx,
    isTheirs ? accountSignedOut({ ...about, clientId: session.clientId }) : sessionEnded(about),
  )
}
