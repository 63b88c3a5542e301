import {
  documentTypeLabels,
  type FilingDocument,
  sizeInWords,
} from '../../efiling/documents/document.ts'
import { type Approach, approachCourt } from '../../efiling/requests/approach-court.ts'
import { documentQuestions } from '../../efiling/requests/read-answers.ts'
import type { FilingRequest } from '../../efiling/requests/request.ts'
import { findRequestInWork } from '../../efiling/requests/store.ts'
import type { CourtId } from '../../ids.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterPage, PortalAnswer, PortalVisit } from '../portal-gate.ts'
import type { AskPage, DocumentOnPage } from './ask-page.ts'
import { accountCourtPath, askPath, ownDocumentPath } from './asking-paths.ts'
import { type ClerkOnPage, courtIn, reachClerk } from './court-words.ts'
import { noSuchContent } from './courts-page.ts'

export type AskStep = 'kind' | 'details' | 'documents' | 'check'

/** One visit to a page on which a request to a court is written. */
export type DraftVisit = {
  readonly visit: PortalVisit
  readonly courtId: CourtId
  readonly approach: Approach
  readonly clerk: ClerkOnPage
  /** The draft or the open request. */
  readonly inWork: FilingRequest | undefined
  /** Undefined on the first page alone. */
  readonly draft: FilingRequest | undefined
}

/** Reads what such a page stands on; a page that says so where there is no such court. */
export async function visitDraft(
  db: Database,
  visit: PortalVisit,
): Promise<DraftVisit | PortalAnswer> {
  const { ctx, account } = visit
  const courtId = courtIn(ctx)
  if (!courtId) return noSuchContent('court')
  const approach = await approachCourt(db, account.id, courtId)
  if (!approach) return noSuchContent('court')
  const [inWork, clerk] = await Promise.all([
    findRequestInWork(db, account.id, courtId),
    reachClerk(db, courtId),
  ])
  const draft = inWork?.state === 'draft' ? inWork : undefined
  return { visit, courtId, approach, clerk, inWork, draft }
}

/** One visit to a page behind the first one. */
export type WrittenVisit = DraftVisit & { readonly draft: FilingRequest }

/**
 * The same for a page that goes on with a draft. Where there is none, or it cannot be sent as the court and
 * the account are now, the browser is sent to the page that says so.
 */
export async function visitWritten(
  db: Database,
  visit: PortalVisit,
): Promise<WrittenVisit | AfterPage> {
  const on = await visitDraft(db, visit)
  if (!('approach' in on)) return on
  const { draft, courtId, approach } = on
  if (approach.bar) return { to: accountCourtPath(courtId) }
  return draft ? { ...on, draft } : { to: askPath(courtId, 'kind') }
}

/** What every such page shows. @param step the page that it is. */
export function askPage(
  { visit, courtId, approach, clerk, draft }: DraftVisit,
  step: AskStep,
  form: { readonly name: string },
): AskPage {
  const { court, practice } = approach
  const hasDocuments = draft !== undefined && documentQuestions(practice, draft.kind).length > 0
  const steps: AskStep[] = hasDocuments
    ? ['kind', 'details', 'documents', 'check']
    : ['kind', 'details', 'check']
  return {
    courtName: court.name,
    courtUrl: accountCourtPath(courtId),
    step: { number: Math.max(1, steps.indexOf(step) + 1), of: steps.length },
    action: askPath(courtId, step),
    csrf: visit.tokenFor(form),
    ...clerk,
  }
}

export function documentOnPage(courtId: CourtId, document: FilingDocument): DocumentOnPage {
  const { id, name, type, size } = document
  return {
    url: ownDocumentPath(courtId, id),
    name,
    about: `${documentTypeLabels[type]}, ${sizeInWords(size)}`,
  }
}
