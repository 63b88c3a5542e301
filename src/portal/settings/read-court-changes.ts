import { listAccountChanges } from '../../accounts/account-changes.ts'
import { listNoticesOf } from '../../efiling/changes/store.ts'
import type { AccountId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'

/**
 * What an account said of its person before, and which courts were asked to take a change over, in the
 * words of `docs/account-export.md`; of staff nobody.
 */
export async function readKeptChanges(
  db: Queryable,
  accountId: AccountId,
): Promise<Record<string, unknown>> {
  const [changes, notices] = await Promise.all([
    listAccountChanges(db, accountId),
    listNoticesOf(db, accountId),
  ])
  return {
    former_facts: changes.map(({ fact, before, after, recordedAt }) => ({
      fact,
      before,
      after,
      changed_at: recordedAt,
    })),
    court_changes: notices.map((notice) => ({
      court: notice.courtId,
      fact: notice.fact,
      before: notice.before,
      after: notice.after,
      reason: notice.reason,
      scope: notice.scope,
      state: notice.state,
      asked_at: notice.askedAt,
      ended_at: notice.endedAt,
      court_wrote: notice.decisionReason,
    })),
  }
}
