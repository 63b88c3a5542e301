import { now } from '../../clock.ts'
import { inDigits } from '../../count-in-words.ts'
import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { goLiveDayText, isFilingClosed, isLive } from '../../courts/go-live.ts'
import { type GoLiveChangeKind, goLiveChangesFrom } from '../../courts/go-live-machine.ts'
import { type GoLivePlan, goLiveStateOf, type Window } from '../../courts/go-live-plan.ts'
import { findGoLivePlan, listGoLivePlans } from '../../courts/go-live-store.ts'
import { goLiveDone, goLiveStateWords } from '../../courts/go-live-words.ts'
import { formatDay } from '../../days.ts'
import { type Concerned, countConcerned } from '../../efiling/concerned.ts'
import { inWords, noticeDay } from '../../efiling/go-live-effect.ts'
import type { Queryable } from '../../storage/db.ts'
import { listNamesOfPeople } from '../court/store.ts'
import type { StandOnPage } from './go-live-page.ts'

/** Where a court stands, and what may be done from there. */
export async function readStand(
  db: Queryable,
  court: Court,
): Promise<{
  readonly stand: StandOnPage
  readonly acts: readonly GoLiveChangeKind[]
  readonly plan: GoLivePlan | undefined
}> {
  const plan = await findGoLivePlan(db, court.id)
  const concerned = await countConcerned(db, court.id)
  const at = now()
  const state = goLiveStateOf(court, plan, at)
  const stand = {
    label: goLiveStateWords[state],
    isLive: isLive(court, at),
    facts: [['Go-live', goLiveOnPage(court, plan, at)] as const, ...ofPlan(court, plan, at)],
    concerns: concernsOnPage(concerned),
  }
  return { stand, acts: goLiveChangesFrom(state), plan }
}

function goLiveOnPage(court: Court, plan: GoLivePlan | undefined, at: Date): string {
  const day = goLiveDayText(court)
  if (day) return `${isLive(court, at) ? 'Since' : 'On'} ${day}`
  if (!isLive(court, at)) {
    return plan?.liveAt
      ? `Planned for ${momentAtCourt(plan.liveAt, court)}; nobody is told yet`
      : 'The moment is not known'
  }
  return court.liveBy
    ? `The day is not known; seen live by ${formatDay(court.liveBy)}`
    : 'The day is not known'
}

function ofPlan(
  court: Court,
  plan: GoLivePlan | undefined,
  at: Date,
): readonly (readonly [string, string])[] {
  if (!plan) return []
  const { filingClosed, requestsClosed, legacyClosesAt, emergencyWay, noticeDays } = plan
  const days = [...noticeDays].sort((one, other) => one - other).map(noticeDay)
  const closed = filingClosed && whenClosed(filingClosed, court)
  return [
    ['Announced', plan.announcedAt ? momentAtCourt(plan.announcedAt, court) : 'Not yet'],
    [
      'Filing is closed',
      closed ? `${closed}${isFilingClosed(court, at) ? ': closed now' : ''}` : 'Never',
    ],
    ['No new requests', requestsClosed ? whenClosed(requestsClosed, court) : 'Always taken'],
    ['In an emergency', emergencyWay ?? 'Nothing is said'],
    [
      'Linking by the old password',
      legacyClosesAt ? `Until ${momentAtCourt(legacyClosesAt, court)}` : 'Without an end',
    ],
    ['Filers are told', days.join(', ') || 'On no day'],
  ]
}

function whenClosed(window: Window, court: Court): string {
  return inWords(window, court).replace(/^from/, 'From')
}

function concernsOnPage(concerned: Concerned): StandOnPage['concerns'] {
  return [
    ['Accounts of the old system', inDigits(concerned.imported)],
    ['Of them linked', inDigits(concerned.linked)],
    ['Of them told of the go-live', inDigits(concerned.told)],
    ['Old passwords that are kept to link by', inDigits(concerned.withPassword)],
    ['People with a right to file', inDigits(concerned.filers)],
    ['Open requests', inDigits(concerned.openRequests)],
  ]
}

/** Every version of a court's go-live, the newest first. */
export async function describeVersions(db: Queryable, court: Court) {
  const versions = await listGoLivePlans(db, court.id)
  const names = await listNamesOfPeople(
    db,
    versions.flatMap(({ changedBy }) => changedBy ?? []),
  )
  return versions.map(({ version, kind, liveAt, changedAt, changedBy, reason }) => ({
    version,
    done: goLiveDone[kind],
    moment: liveAt ? momentAtCourt(liveAt, court) : 'No moment',
    at: momentAtCourt(changedAt, court),
    by: changedBy === null ? 'the operator of this service' : (names.get(changedBy) ?? 'somebody'),
    reason,
  }))
}
