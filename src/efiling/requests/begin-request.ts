import { lockAccount } from '../../accounts/store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok, type Refusal, refused } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import { approachCourt } from './approach-court.ts'
import { type Asked, type AskedBar, type CourtBar, findAskedBar } from './asking-bar.ts'
import type { FilingRequest } from './request.ts'
import { findRequestInWork, insertDraft, writeDraft } from './store.ts'

/** A request of the person waits at that court already. */
export type OneIsOpen = { readonly reason: 'one-is-open'; readonly number: string }
type NoCourt = Refusal & { readonly reason: 'no-court' }

/**
 * Begins the draft of a request, or says in the one that there is what is asked for; the answers in it
 * stay. Of twenty at once each finds the same draft.
 */
export async function beginRequest(
  tx: Transaction,
  whose: { readonly accountId: AccountId; readonly courtId: CourtId },
  asked: Asked,
): Promise<Outcome<FilingRequest, CourtBar | AskedBar | OneIsOpen | NoCourt>> {
  const { accountId, courtId } = whose
  await lockAccount(tx, accountId)
  const approach = await approachCourt(tx, accountId, courtId)
  if (!approach) return refused('no-court')
  const inWork = await findRequestInWork(tx, accountId, courtId)
  if (inWork?.state === 'open') return refused('one-is-open', { number: inWork.number })
  const { bar, granted, practice } = approach
  const barred = bar ?? findAskedBar(asked, granted, practice)
  if (barred) return refused(barred.reason, barred)
  const content = { ...asked, practiceVersion: practice.version }
  if (!inWork) {
    const nothing = { answers: [], deliveryFrequency: null, deliveryFormat: null }
    const written = await insertDraft(tx, whose, { ...nothing, ...content })
    // Under the lock of the account nobody else writes one.
    if (!written.ok) throw new Error('a request came past the lock of its account')
    return written
  }
  const written = await writeDraft(tx, inWork.id, { ...inWork, ...content })
  if (!written) throw new Error('a draft went past the lock of its account')
  return ok(written)
}
