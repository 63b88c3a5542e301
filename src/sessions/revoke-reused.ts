import type { By } from '../audit/by.ts'
import type { AccountId, ClientId } from '../ids.ts'
import type { Queryable } from '../storage/db.ts'
import { tokenReused } from './events.ts'
import { revokeAndRecord } from './grant-store.ts'

/** Something that may be used once and was presented a second time. */
export type Reused = {
  /** The authorization server's name for it. */
  readonly model: string
  readonly accountId: AccountId | undefined
  readonly clientId: ClientId | undefined
  /** The stored id of its grant; a pushed request has none yet. */
  readonly grantId: string | undefined
}

/**
 * Whoever presents something a second time loses what it stood for, the whole grant; the audit row is
 * written with it, in one statement, as many may come at once.
 * Source: RFC 6749 section 4.1.2.
 */
export async function revokeReused(
  db: Queryable,
  { grantId, ...about }: Reused,
  by: By,
): Promise<void> {
  await revokeAndRecord(db, grantId, tokenReused({ ...about, by }))
}
