import type { Context } from 'koa'
import { byAccount, bySystem } from '../audit/by.ts'
import { requestOrigin } from '../http/request-context.ts'
import type { AccountId, ClientId } from '../ids.ts'
import { endSession } from '../sessions/end-session.ts'
import { type Database, inTransaction } from '../storage/db.ts'

export type SignOutDeps = {
  readonly db: Database
  storedId(id: string): string
}

/**
 * Ends the session of a browser for good: in this request its person signs out.
 * @param clientId the application that sent the browser here, if one did.
 */
export async function signOut(
  { db, storedId }: SignOutDeps,
  ctx: Context,
  session: { readonly uid: string; readonly accountId?: string | undefined },
  clientId: ClientId | undefined,
): Promise<void> {
  const origin = requestOrigin(ctx)
  const { accountId } = session
  const by = accountId ? byAccount(accountId as AccountId, origin) : bySystem(origin)
  const about = { uid: storedId(session.uid), clientId }
  await inTransaction(db, (tx) => endSession(tx, { storedId }, about, by))
}
