import type { Court } from './court.ts'
import { momentAtCourt } from './court-time.ts'
import { isLive, liveMoment, toldLiveMoment } from './go-live.ts'
import type { GoLivePlan } from './go-live-plan.ts'

/** What the public page of a court says of its go-live, beside the day. */
export type GoLiveSection = {
  /** Until the moment; undefined where it has come, or is not known. */
  readonly countdown:
    | {
        readonly secondsLeft: number
        /** `12 days and 4 hours`. */
        readonly text: string
        readonly moment: string
      }
    | undefined
  /** Something is to be done by whoever has an account of the old system. */
  readonly steps: 'before' | 'after' | undefined
  /** Until when the old login and password are linked; undefined: no end is set. */
  readonly linkUntil: string | undefined
  /** Nobody links by the old password any more; the clerk does. */
  readonly isLinkingClosed: boolean
  /** What is closed now or will be. */
  readonly closed: readonly {
    readonly what: 'filing' | 'requests'
    readonly from: string
    readonly until: string
    readonly isNow: boolean
  }[]
  /** In the court's words; undefined where filing does not close, or the court says nothing. */
  readonly emergencyWay: string | undefined
}

/**
 * What the page of a court says at a moment. A court that nobody plans anything for, as most of them, has
 * nothing to say but its day.
 */
export function goLiveSection(
  court: Court,
  plan: GoLivePlan | undefined,
  at: Date,
): GoLiveSection | undefined {
  const moment = toldLiveMoment(court)
  const live = isLive(court, at)
  const words = (when: Date) => momentAtCourt(when, court)
  const windows = [
    { what: 'filing', window: plan?.filingClosed },
    { what: 'requests', window: plan?.requestsClosed },
  ] as const
  const closed = windows.flatMap(({ what, window }) =>
    window && window.until > at
      ? [
          {
            what,
            from: words(window.from),
            until: words(window.until),
            isNow: window.from <= at,
          },
        ]
      : [],
  )
  const closes = plan?.legacyClosesAt ?? undefined
  const steps = live ? (court.takesLinks ? 'after' : undefined) : moment && 'before'
  if (!steps && closed.length === 0) return undefined
  return {
    countdown:
      live || !moment
        ? undefined
        : {
            secondsLeft: Math.ceil((moment.getTime() - at.getTime()) / 1000),
            text: daysAndHours(moment.getTime() - at.getTime()),
            moment: words(moment),
          },
    steps,
    linkUntil: closes && words(closes),
    isLinkingClosed: closes !== undefined && closes <= at,
    closed,
    emergencyWay:
      closed.some(({ what }) => what === 'filing') && plan?.emergencyWay
        ? plan.emergencyWay
        : undefined,
  }
}

/** What is left, in whole hours: `12 days and 4 hours`. */
function daysAndHours(milliseconds: number): string {
  const all = Math.floor(milliseconds / 3600_000)
  const days = Math.floor(all / 24)
  const hours = all % 24
  if (all === 0) return 'less than an hour'
  return [inUnits(days, 'day'), inUnits(hours, 'hour')].filter(Boolean).join(' and ')
}

function inUnits(amount: number, unit: string): string | undefined {
  return amount === 0 ? undefined : `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

/**
 * For how many seconds what is said of a court stays true: until the next of its moments, or a minute.
 * @param plan undefined where what was said goes by the court alone.
 */
export function staysTrueSeconds(court: Court, plan: GoLivePlan | undefined, at: Date): number {
  const moments = [
    liveMoment(court),
    court.filingClosedFrom,
    court.filingClosedUntil,
    plan?.requestsClosed?.from,
    plan?.requestsClosed?.until,
    plan?.legacyClosesAt,
  ]
  const left = moments.flatMap((moment) => {
    const milliseconds = moment ? moment.getTime() - at.getTime() : -1
    return milliseconds > 0 ? [Math.floor(milliseconds / 1000)] : []
  })
  return Math.min(60, ...left)
}
