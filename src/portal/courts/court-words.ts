import type { Context } from 'koa'
import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { officeList } from '../../courts/office-list.ts'
import { findOfficesToAsk } from '../../courts/offices-to-ask.ts'
import type { FilingRequest } from '../../efiling/requests/request.ts'
import { askedInWords, requestInWords } from '../../efiling/requests/request-words.ts'
import { draftDays } from '../../efiling/requests/store.ts'
import { type CourtId, isCourtId } from '../../ids.ts'
import { courtPath } from '../../paths.ts'
import type { Queryable } from '../../storage/db.ts'
import { askPath, ownRequestPath } from './asking-paths.ts'

/** The court that the path names, if it can be one. */
export function courtIn(ctx: Context): CourtId | undefined {
  const { court } = ctx['params'] as { court?: unknown }
  return isCourtId(court) ? court : undefined
}

/** A request as lists of its holder have it. */
export type RequestInList = {
  readonly number: string
  readonly url: string
  readonly isDraft: boolean
  readonly isOpen: boolean
  readonly label: string
  readonly text: string
  readonly asked: string
  readonly when: string
}

/** Until when a draft is kept that is not written in again. */
export function keptUntil({ changedAt }: Pick<FilingRequest, 'changedAt'>): Date {
  return new Date(changedAt.getTime() + draftDays * 24 * 3600_000)
}

export function listedRequest(
  request: FilingRequest,
  court: Pick<Court, 'id' | 'timeZone'>,
): RequestInList {
  const { number, state, changedAt, submittedAt, endedAt } = request
  const isDraft = state === 'draft'
  return {
    number,
    isDraft,
    isOpen: state === 'open',
    url: isDraft ? askPath(court.id, 'kind') : ownRequestPath(court.id, number),
    ...requestInWords(request),
    asked: askedInWords(request),
    when: isDraft
      ? `It is kept until ${momentAtCourt(keptUntil(request), court)}.`
      : endedAt
        ? `Over since ${momentAtCourt(endedAt, court)}.`
        : `Sent on ${momentAtCourt(submittedAt ?? changedAt, court)}.`,
  }
}

/** Where the clerk is reached, for a page about a court. */
export type ClerkOnPage = {
  readonly reachUrl: string
  /** The offices of the clerk; trusted HTML. */
  readonly offices: string
}

export async function reachClerk(db: Queryable, courtId: CourtId): Promise<ClerkOnPage> {
  const found = (await findOfficesToAsk(db, [courtId])).get(courtId)
  return {
    reachUrl: courtPath(courtId),
    offices: officeList('clerk', found ?? { offices: [], asOf: null }),
  }
}
