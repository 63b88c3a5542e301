import { lockAccount } from '../../accounts/store.ts'
import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import type { Practice } from '../../courts/practice.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, refused } from '../../outcome.ts'
import type { HasProblems, Problem } from '../../problem.ts'
import type { Transaction } from '../../storage/db.ts'
import { deleteOtherDocuments, listDocuments } from '../documents/store.ts'
import { requestSubmitted } from '../events.ts'
import { type Approach, approachCourt } from './approach-court.ts'
import { type AskedBar, type CourtBar, findAskedBar } from './asking-bar.ts'
import type { OneIsOpen } from './begin-request.ts'
import { requestSubmittedMail } from './mails.ts'
import { moveRequest } from './move-request.ts'
import {
  documentQuestions,
  fieldOf,
  readDetails,
  saysFiledBefore,
  typedAnswers,
} from './read-answers.ts'
import type { FilingRequest } from './request.ts'
import { findRequestInWork, writeDraft } from './store.ts'

/** What keeps a draft from being sent. */
export type SubmitRefusal =
  | CourtBar
  | AskedBar
  | OneIsOpen
  | { readonly reason: 'no-draft' }
  /** The court has changed what it asks or its terms since the page was opened. */
  | { readonly reason: 'practice-changed' }
  /** The court wants an account from before to be linked, and not asked for anew. */
  | { readonly reason: 'link-instead' }
  | { readonly reason: 'terms-not-accepted' }
  | HasProblems

/** What whoever sends it has seen. */
export type Seen = {
  readonly practiceVersion: number
  /** The terms that were accepted; undefined: none. */
  readonly termsVersion: number | undefined
}

/**
 * Sends a draft to its court: from then on it is a request, and waits for the clerk. Everything is asked
 * again that was asked on the way, of the court and the account as they are now. Of twenty at once one
 * sends it, and the others are told its number.
 */
export async function submitRequest(
  tx: Transaction,
  { accountId, courtId }: { readonly accountId: AccountId; readonly courtId: CourtId },
  seen: Seen,
  by: By,
): Promise<Outcome<FilingRequest, SubmitRefusal>> {
  await lockAccount(tx, accountId)
  const inWork = await findRequestInWork(tx, accountId, courtId)
  if (inWork?.state === 'open') return refused('one-is-open', { number: inWork.number })
  const approach = await approachCourt(tx, accountId, courtId)
  if (!inWork || !approach) return refused('no-draft')
  const barred = findSubmitBar(approach, inWork, seen)
  if (barred) return refused(barred.reason, barred)
  const { practice, court } = approach
  const isComplete = true
  const details = readDetails(practice, inWork.kind, typedAnswers(inWork), { isComplete })
  const asked = documentQuestions(practice, inWork.kind).map(({ id }) => id)
  await deleteOtherDocuments(tx, inWork.id, asked)
  const documents = await listDocuments(tx, inWork.id)
  const missing = missingDocuments(practice, inWork, documents)
  if (!details.ok || missing.length > 0) {
    const problems = [...(details.ok ? [] : details.problems), ...missing]
    return refused('has-problems', { problems })
  }
  const content = { ...inWork, ...details.value, practiceVersion: practice.version }
  const draft = await writeDraft(tx, inWork.id, content)
  if (!draft) return refused('no-draft')
  // Those that were accepted are those of the court; whoever has none has none that could be.
  const termsVersion = practice.terms?.version
  const moved = await moveRequest(tx, draft, { kind: 'submitted', termsVersion }, by)
  if (!moved.ok) return refused('no-draft')
  const { number, kind } = draft
  await recordEvent(
    tx,
    requestSubmitted({ accountId, courtId, number, kind, documents: documents.length, by }),
  )
  const holder = await findHolder(tx, accountId)
  await tellHolder(tx, holder, requestSubmittedMail, { court: court.name, request: number })
  return moved
}

function findSubmitBar(
  { bar, granted, practice }: Approach,
  draft: FilingRequest,
  { practiceVersion, termsVersion }: Seen,
): Exclude<SubmitRefusal, HasProblems> | undefined {
  const barred = bar ?? findAskedBar(draft, granted, practice)
  if (barred) return barred
  if (practice.version !== practiceVersion) return { reason: 'practice-changed' }
  if (practice.oldAccounts === 'link-instead' && saysFiledBefore(draft.answers)) {
    return { reason: 'link-instead' }
  }
  const isAccepted = !practice.terms || practice.terms.version === termsVersion
  return isAccepted ? undefined : { reason: 'terms-not-accepted' }
}

/** The questions whose document has to be there and is not, by their fields. */
export function missingDocuments(
  practice: Practice,
  { kind }: Pick<FilingRequest, 'kind'>,
  documents: readonly { readonly question: string }[],
): Problem[] {
  return documentQuestions(practice, kind)
    .filter(
      ({ id, isRequired }) => isRequired && !documents.some(({ question }) => question === id),
    )
    .map(({ id, label }) => ({ path: [fieldOf(id)], message: `Add this document: ${label}` }))
}
