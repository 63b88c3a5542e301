import type { GoLivePlan } from '../../courts/go-live-plan.ts'
import { type Day, dateColumn, dayAt, dayOfColumn, momentIn } from '../../days.ts'

/** One round of notices, so many days from the go-live: -14 is two weeks before it, 0 its own day. */
export type DueWave = {
  readonly days: number
  /** At the court's clock, of its day. */
  readonly dueAt: Date
  /** Its time has long passed: it is for those alone who were told nothing of this moment. */
  readonly isLate: boolean
}

/** When filers are told, by the court's clock. */
const toldAt = '08:00'
const lateAfterHours = 72

type Plan = Pick<GoLivePlan, 'liveAt' | 'announcedAt' | 'legacyClosesAt' | 'noticeDays'>

/**
 * The moment that the filers of a court may be told of: undefined as long as it is not announced, and after it was
 * taken back.
 */
export function toldMoment(
  plan: Pick<GoLivePlan, 'liveAt' | 'announcedAt'>,
  at: Date,
): Date | undefined {
  if (!plan.liveAt || !plan.announcedAt || plan.announcedAt > at) return undefined
  return plan.liveAt
}

/**
 * The wave that is due: the last one whose time has come. One before it that was missed is made up for by it, for
 * nobody is told "in sixty days" ten days before. Once nobody links by the old password there is none.
 * @param timeZone of the court, an IANA name: its days are counted there.
 */
export function dueWave(plan: Plan, at: Date, timeZone: string): DueWave | undefined {
  const liveAt = toldMoment(plan, at)
  if (!liveAt || (plan.legacyClosesAt && plan.legacyClosesAt <= at)) return undefined
  const [last] = plan.noticeDays
    .map((days) => ({ days, dueAt: waveMoment(liveAt, days, timeZone) }))
    .filter(({ dueAt }) => dueAt <= at)
    .sort((one, other) => other.days - one.days)
  const isLate = (dueAt: Date) => at.getTime() - dueAt.getTime() > lateAfterHours * 3600_000
  return last && { ...last, isLate: isLate(last.dueAt) }
}

/** When a wave is told: at eight o'clock of its day, as the court counts days. */
function waveMoment(liveAt: Date, days: number, timeZone: string): Date {
  return momentIn(daysLater(dayAt(liveAt, timeZone), days), toldAt, timeZone)
}

/** Whether a wave is for accounts that are linked already: they have nothing to prepare, and are told of the day. */
export function isForLinked({ days, isLate }: Pick<DueWave, 'days' | 'isLate'>): boolean {
  return days === 0 && !isLate
}

/** As `go_live_notices.wave` has it. */
export function waveName({ days }: Pick<DueWave, 'days'>): string {
  return String(days)
}

/** That the moment moved, or was taken back, with this version of the plan. */
export function correctionName(kind: 'moved' | 'rolled-back', version: number): string {
  return `${kind}-${version}`
}

function daysLater(day: Day, days: number): Day {
  return dayOfColumn(new Date(dateColumn(day).getTime() + days * 24 * 3600_000))
}
