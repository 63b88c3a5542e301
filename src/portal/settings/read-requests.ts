import { listDocuments } from '../../efiling/documents/store.ts'
import { listRequestEvents, listRequestsOf } from '../../efiling/requests/store.ts'
import type { AccountId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'

/**
 * What an account asked of courts, drafts among it, in the words of `docs/account-export.md`: of a document
 * what it is, since its holder downloads it from the request; of staff nobody.
 */
export async function listKeptRequests(
  db: Queryable,
  accountId: AccountId,
): Promise<Record<string, unknown>[]> {
  const kept: Record<string, unknown>[] = []
  for (const request of await listRequestsOf(db, accountId)) {
    const documents = await listDocuments(db, request.id)
    const events = await listRequestEvents(db, request.id)
    kept.push({
      number: request.number,
      court: request.courtId,
      kind: request.kind,
      role: request.role,
      state: request.state,
      waits_for: request.waitsFor,
      created_at: request.createdAt,
      submitted_at: request.submittedAt,
      ended_at: request.endedAt,
      answers: request.answers.map(({ label, value }) => ({ question: label, answer: value })),
      notices: request.deliveryFrequency,
      notice_format: request.deliveryFormat,
      terms_version: request.termsVersion,
      documents: documents.map(({ label, name, type, size }) => ({
        question: label,
        name,
        type,
        size,
      })),
      history: events.map(({ kind, message, recordedAt }) => ({
        event: kind,
        message,
        recorded_at: recordedAt,
      })),
    })
  }
  return kept
}
