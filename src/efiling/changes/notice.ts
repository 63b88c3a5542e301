import { isDeepStrictEqual } from 'node:util'
import type { AccountChange, CourtFact } from '../../accounts/account-changes.ts'
import type { AccountId, CourtId } from '../../ids.ts'

/** What became of a change that a court was asked to take over into its own records. */
export type NoticeState = 'asked' | 'taken-over' | 'declined' | 'withdrawn'

export const noticeStateLabels: Readonly<Record<NoticeState, string>> = {
  asked: 'Asked',
  'taken-over': 'Taken over',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
}

/** What one person asked one court to take over. */
export type NoticeOfChange = {
  /** Digits. */
  readonly id: string
  readonly accountId: AccountId
  readonly courtId: CourtId
  readonly fact: CourtFact
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** The last change of the account that it tells of. */
  readonly upToChange: number
  readonly reason: string
  /** For which cases or roles, in the person's words; null for everything. */
  readonly scope: string | null
  readonly state: NoticeState
  readonly askedAt: Date
  /** When the court decided, or the person withdrew it. */
  readonly endedAt: Date | null
  readonly decidedBy: AccountId | null
  /** Why the court declined. */
  readonly decisionReason: string | null
}

/** A change that a court can be asked to take over. */
export type Offer = Pick<NoticeOfChange, 'courtId' | 'fact' | 'before' | 'after' | 'upToChange'>

/**
 * What of an account's changes each of these courts has not taken over. Several changes of one fact are
 * one: from what the court knows to what is there now. Where a court is being asked already, nothing more
 * of that fact is offered; what it declined, or was withdrawn, can be asked again.
 * @param changes the oldest first.
 */
export function offersOf(
  changes: readonly AccountChange[],
  notices: readonly NoticeOfChange[],
  courtIds: readonly CourtId[],
): Offer[] {
  const facts = new Set(changes.map(({ fact }) => fact))
  return courtIds.flatMap((courtId) =>
    [...facts].flatMap((fact) => {
      const there = notices.filter((each) => each.courtId === courtId && each.fact === fact)
      if (there.some(({ state }) => state === 'asked')) return []
      const taken = there.filter(({ state }) => state === 'taken-over')
      const known = Math.max(0, ...taken.map(({ upToChange }) => upToChange))
      const untold = changes.filter((each) => each.fact === fact && each.id > known)
      const [first, last] = [untold.at(0), untold.at(-1)]
      if (!first || !last || isDeepStrictEqual(first.before, last.after)) return []
      return [{ courtId, fact, before: first.before, after: last.after, upToChange: last.id }]
    }),
  )
}
