import { secondsFromNow } from '../clock.ts'
import { lifetimes } from './lifetimes.ts'

/**
 * Marks a pushed request as used, as SQL text; a row for the first one only. The parameters, and what
 * must be true, are named by the caller.
 */
export function markRequest(id: string, expiresAt: string, onlyIf: string): string {
  return `INSERT INTO short_lived (model, id, payload, expires_at)
    SELECT 'UsedRequest', ${id}, '{}', ${expiresAt}::timestamptz WHERE ${onlyIf}
    ON CONFLICT DO NOTHING RETURNING 1`
}

/** Whether this one was the first, as a query on `requested`, the part that marks it. */
export const isRequestFirst = 'SELECT 1 FROM requested'

/** The id and the end of the mark, which outlives the request: nobody finds that any more by then. */
export function requestValues(id: string): unknown[] {
  return [id, secondsFromNow(2 * lifetimes.pushedRequest)]
}
