import { counted, inDigits } from '../count-in-words.ts'
import {
  applyGoLive,
  type GoLiveChange,
  type GoLiveRefusal,
  termsOf,
} from '../courts/apply-go-live.ts'
import type { Court } from '../courts/court.ts'
import { momentAtCourt } from '../courts/court-time.ts'
import type { GoLivePlan, GoLiveTerms, Window } from '../courts/go-live-plan.ts'
import { type Outcome, ok } from '../outcome.ts'
import type { Concerned } from './concerned.ts'

/**
 * What a change of a court's go-live would do, and to whom, in sentences; or why it would not be made.
 * Nothing is written.
 */
export function goLiveEffect(
  court: Court,
  plan: GoLivePlan | undefined,
  change: GoLiveChange,
  concerned: Concerned,
  at: Date,
): Outcome<readonly string[], GoLiveRefusal> {
  const applied = applyGoLive(court, plan, change, at)
  if (!applied.ok) return applied
  const [before, after] = [termsOf(court, plan), applied.value.terms]
  return ok([
    ...ofMoment(court, before, after, concerned, at),
    ...ofFiling(court, before, after, concerned),
    ...ofRequests(court, before, after),
    ...ofOldPasswords(court, before, after, concerned, at),
    ...ofWords(before, after),
  ])
}

function ofMoment(
  court: Court,
  before: GoLiveTerms,
  after: GoLiveTerms,
  { filers, linked, imported, openRequests, told }: Concerned,
  at: Date,
): readonly string[] {
  const isAnnounced = before.announcedAt === null && after.announcedAt !== null
  const lines: string[] = []
  const wasLive = before.liveAt !== null && before.liveAt <= at
  const isLive = after.liveAt !== null && after.liveAt <= at
  if (isLive && !wasLive) {
    lines.push(
      `At once the court is live: ${people(filers)} with a right to file can file, ${imported - linked} of ${accounts(imported)} of the old system can be linked, and the old login ends for everybody.`,
    )
  } else if (!isLive && wasLive) {
    lines.push(
      `At once the court is not live for anybody: the old login applies again. ${people(filers)} cannot file with their PACER account until the next go-live.`,
      `Kept as they are, to hold again at the next go-live: ${counted(filers, 'right')} to file, ${counted(linked, 'link')}, ${counted(openRequests, 'open request')}.`,
    )
  } else if (isMoved(before, after) && after.liveAt) {
    lines.push(
      `The court goes live on ${momentAtCourt(after.liveAt, court)}${before.liveAt ? ` instead of ${momentAtCourt(before.liveAt, court)}` : ''}. Until then everybody is told that it is not live. ${people(filers)} with a right to file can file from then on.`,
    )
  }
  if (isAnnounced && after.liveAt) {
    lines.push(
      `The moment, ${momentAtCourt(after.liveAt, court)}, is announced: ${accounts(imported)} of the old system are told on the days of notices, ${
        after.noticeDays.length === 0
          ? 'of which there are none'
          : [...after.noticeDays]
              .sort((one, other) => one - other)
              .map(noticeDay)
              .join(', ')
      }.`,
    )
  }
  if (isMoved(before, after) && told > 0) {
    lines.push(
      `${accounts(told)} of the old system were told of a go-live: whoever was told of another moment is told of this, once.`,
    )
  }
  return lines
}

function ofFiling(
  court: Court,
  before: GoLiveTerms,
  after: GoLiveTerms,
  { filers }: Concerned,
): readonly string[] {
  if (isSame(before.filingClosed, after.filingClosed)) {
    return after.filingClosed && isMoved(before, after)
      ? [`Filing stays closed ${inWords(after.filingClosed, court)}: that was not moved.`]
      : []
  }
  if (!after.filingClosed) return ['Filing is not closed on any day.']
  return [
    `Filing is closed ${inWords(after.filingClosed, court)}: ${people(filers)} with a right to file cannot file in that time.`,
  ]
}

function ofRequests(court: Court, before: GoLiveTerms, after: GoLiveTerms): readonly string[] {
  if (isSame(before.requestsClosed, after.requestsClosed)) {
    return after.requestsClosed && isMoved(before, after)
      ? [`New requests stay closed ${inWords(after.requestsClosed, court)}: that was not moved.`]
      : []
  }
  return after.requestsClosed
    ? [`The court takes no new requests ${inWords(after.requestsClosed, court)}.`]
    : ['New requests are taken on every day.']
}

function ofOldPasswords(
  court: Court,
  before: GoLiveTerms,
  after: GoLiveTerms,
  { withPassword }: Concerned,
  at: Date,
): readonly string[] {
  const { legacyClosesAt: closes } = after
  if (before.legacyClosesAt?.getTime() === closes?.getTime()) return []
  if (closes === null) return ['Linking by the old password has no end.']
  const when = closes <= at ? 'now' : `on ${momentAtCourt(closes, court)}`
  return [
    `Linking by the old password ends ${when}, and ${counted(withPassword, 'old password')} that are kept are erased. The clerk can still link accounts.`,
  ]
}

function ofWords(before: GoLiveTerms, after: GoLiveTerms): readonly string[] {
  const days = (terms: GoLiveTerms) => terms.noticeDays.join()
  return [
    ...(before.emergencyWay === after.emergencyWay
      ? []
      : [
          after.emergencyWay
            ? `In an emergency people read: ${after.emergencyWay}`
            : 'Nothing is said for an emergency.',
        ]),
    ...(days(before) === days(after)
      ? []
      : [`Days of notices: ${after.noticeDays.map(noticeDay).join(', ') || 'none'}.`]),
  ]
}

/** `14 days before`, `on the day`, `14 days after`. */
export function noticeDay(day: number): string {
  if (day === 0) return 'on the day'
  return `${counted(Math.abs(day), 'day')} ${day < 0 ? 'before' : 'after'}`
}

/** `from … until before …`. */
export function inWords({ from, until }: Window, court: Pick<Court, 'timeZone'>): string {
  return `from ${momentAtCourt(from, court)} until ${momentAtCourt(until, court)}`
}

function isMoved(before: GoLiveTerms, after: GoLiveTerms): boolean {
  return before.liveAt?.getTime() !== after.liveAt?.getTime()
}

function isSame(one: Window | null, other: Window | null): boolean {
  return (
    one?.from.getTime() === other?.from.getTime() && one?.until.getTime() === other?.until.getTime()
  )
}

function people(count: number): string {
  return count === 1 ? 'One person' : `${inDigits(count)} people`
}

function accounts(count: number): string {
  return counted(count, 'account')
}
