import type { By } from '../audit/by.ts'
import { now } from '../clock.ts'
import type { GoLiveChange } from '../courts/apply-go-live.ts'
import { changeGoLive } from '../courts/change-go-live.ts'
import type { Court } from '../courts/court.ts'
import { momentAtCourt } from '../courts/court-time.ts'
import { goLiveText } from '../courts/go-live.ts'
import { type GoLiveChangeKind, goLiveChangesFrom } from '../courts/go-live-machine.ts'
import {
  type GoLivePlan,
  goLiveStateOf,
  usualNoticeDays,
  type Window,
} from '../courts/go-live-plan.ts'
import { findGoLivePlan, listGoLivePlans } from '../courts/go-live-store.ts'
import { goLiveDone, goLiveRefusalWords, goLiveStateWords } from '../courts/go-live-words.ts'
import { findCourt } from '../courts/store.ts'
import { momentOf, noOneMomentWords } from '../courts/typed-moment.ts'
import { parseDay } from '../days.ts'
import { countConcerned } from '../efiling/concerned.ts'
import { goLiveEffect, inWords, noticeDay } from '../efiling/go-live-effect.ts'
import { isCourtId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Database } from '../storage/db.ts'
import type { GoLiveCommand } from './commands.ts'
import type { Context } from './context.ts'

/** The options of these commands, as typed. */
export type GoLiveOptions = {
  readonly reason?: string | undefined
  readonly 'filing-closed'?: string | undefined
  readonly 'requests-closed'?: string | undefined
  readonly 'legacy-closes'?: string | undefined
  readonly emergency?: string | undefined
  readonly 'notice-days'?: string | undefined
  readonly 'dry-run': boolean
}

const kinds: Readonly<Record<Exclude<GoLiveCommand, 'courts go-live show'>, GoLiveChangeKind>> = {
  'courts go-live plan': 'plan',
  'courts go-live announce': 'announce',
  'courts go-live postpone': 'postpone',
  'courts go-live now': 'go-live',
  'courts go-live roll-back': 'roll-back',
  'courts go-live close': 'close-legacy',
  'courts go-live change': 'change',
}

/** Shows a court's go-live, changes it, or says with `--dry-run` what that would do to whom. */
export async function runGoLive(
  { db }: Context,
  name: GoLiveCommand,
  [id = '', moment]: readonly string[],
  options: GoLiveOptions,
  by: By,
): Promise<number> {
  const court = isCourtId(id) ? await findCourt(db, id) : undefined
  if (!court) {
    console.error(`There is no court ${id} here.`)
    return 1
  }
  if (name === 'courts go-live show') return show(db, court)
  const read = readChange(kinds[name], moment, options, court)
  if (read.ok) return change(db, court, read.value, { isDryRun: options['dry-run'], by })
  console.error(read.words)
  return 1
}

/** Where a court stands, what it planned, whom that concerns, and every version of it. */
async function show(db: Database, court: Court): Promise<number> {
  const [plan, versions, concerned] = await Promise.all([
    findGoLivePlan(db, court.id),
    listGoLivePlans(db, court.id),
    countConcerned(db, court.id),
  ])
  const at = now()
  const state = goLiveStateOf(court, plan, at)
  const rows: [string, string][] = [
    ['court', `${court.id}, ${court.name}`],
    ['state', goLiveStateWords[state]],
    ['go-live', plannedText(court, plan, at) ?? goLiveText(court, at)],
    ...ofPlan(court, plan),
    ['can be done now', goLiveChangesFrom(state).map(verbOf).join(', ')],
    [
      'concerns',
      `${concerned.imported} imported accounts, ${concerned.linked} of them linked, ${concerned.told} told; ${concerned.filers} people with a right to file; ${concerned.openRequests} open requests`,
    ],
  ]
  for (const [name, value] of rows) console.log(`${`${name}:`.padEnd(17)} ${value}`)
  for (const version of versions) console.log(historyLine(court, version))
  return 0
}

/** Of a moment that nobody is told of yet. */
function plannedText(court: Court, plan: GoLivePlan | undefined, at: Date): string | undefined {
  if (!plan?.liveAt || plan.announcedAt || plan.liveAt <= at) return undefined
  return `Planned for ${momentAtCourt(plan.liveAt, court)}; not announced`
}

function ofPlan(court: Court, plan: GoLivePlan | undefined): [string, string][] {
  if (!plan) return [['plan', 'none is kept here']]
  const { filingClosed, requestsClosed, legacyClosesAt, emergencyWay, noticeDays } = plan
  const days = [...noticeDays].sort((one, other) => one - other).map(noticeDay)
  return [
    ['filing closed', filingClosed ? inWords(filingClosed, court) : 'never'],
    ['requests closed', requestsClosed ? inWords(requestsClosed, court) : 'never'],
    ['old passwords', legacyClosesAt ? `until ${momentAtCourt(legacyClosesAt, court)}` : 'no end'],
    ['in an emergency', emergencyWay ?? 'nothing is said'],
    ['notices', days.join(', ') || 'none'],
  ]
}

function historyLine(court: Court, { version, kind, ...plan }: GoLivePlan): string {
  const moment = plan.liveAt ? momentAtCourt(plan.liveAt, court) : 'no moment'
  const who = plan.changedBy ?? 'the command line'
  const why = plan.reason ? ` (${plan.reason})` : ''
  return `  version ${version}: ${goLiveDone[kind]}, ${moment}; ${momentAtCourt(plan.changedAt, court)}, by ${who}${why}`
}

function verbOf(kind: GoLiveChangeKind): string {
  return (
    Object.entries(kinds)
      .find(([, each]) => each === kind)?.[0]
      .split(' ')[2] ?? kind
  )
}

async function change(
  db: Database,
  court: Court,
  change: GoLiveChange,
  { isDryRun, by }: { readonly isDryRun: boolean; readonly by: By },
): Promise<number> {
  const plan = await findGoLivePlan(db, court.id)
  const effect = goLiveEffect(court, plan, change, await countConcerned(db, court.id), now())
  if (!effect.ok) {
    console.error(goLiveRefusalWords[effect.reason])
    if (effect.reason === 'not-from-here') console.error(`As it stands: ${stateNow(court, plan)}`)
    return 1
  }
  for (const line of effect.value) console.log(line)
  if (isDryRun) {
    console.log('Nothing was changed.')
    return 0
  }
  const basedOn = plan?.version ?? 0
  const changed = await changeGoLive(db, { courtId: court.id, basedOn, change, by })
  if (!changed.ok) {
    console.error(goLiveRefusalWords[changed.reason])
    return 1
  }
  console.log(`Done: version ${changed.value.version} of the go-live of ${court.id}.`)
  return 0
}

function stateNow(court: Court, plan: GoLivePlan | undefined): string {
  const state = goLiveStateOf(court, plan, now())
  return `${goLiveStateWords[state]}. Possible now: ${goLiveChangesFrom(state).map(verbOf).join(', ')}.`
}

type Read<Value> = Outcome<Value, { readonly reason: 'unreadable'; readonly words: string }>

function unreadable(words: string): Read<never> {
  return refused('unreadable', { words })
}

function readChange(
  kind: GoLiveChangeKind,
  typed: string | undefined,
  options: GoLiveOptions,
  court: Court,
): Read<GoLiveChange> {
  const liveAt = readMoment(typed, court)
  if (!liveAt.ok) return liveAt
  const filingClosed = readWindow('filing-closed', options, court)
  if (!filingClosed.ok) return filingClosed
  const requestsClosed = readWindow('requests-closed', options, court)
  if (!requestsClosed.ok) return requestsClosed
  const closes = options['legacy-closes']
  const legacyClosesAt = closes === 'none' ? ok(null) : readMoment(closes, court)
  if (!legacyClosesAt.ok) return legacyClosesAt
  const noticeDays = readNoticeDays(options['notice-days'])
  if (!noticeDays.ok) return noticeDays
  const { emergency, reason } = options
  return ok({
    kind,
    liveAt: liveAt.value,
    filingClosed: filingClosed.value,
    requestsClosed: requestsClosed.value,
    legacyClosesAt: legacyClosesAt.value,
    emergencyWay: emergency === 'none' ? null : emergency,
    noticeDays: noticeDays.value,
    reason,
  })
}

/** `2026-12-01 08:00` by the clock of the court. */
function readMoment(text: string | undefined, court: Court): Read<Date | undefined> {
  if (text === undefined) return ok(undefined)
  const [, dayText = '', time = ''] =
    /^(\d{4}-\d{2}-\d{2})[ T]((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text.trim()) ?? []
  const day = parseDay(dayText)
  if (!day)
    return unreadable(
      `"${text}" is no moment. Write it as 2026-12-01 08:00, by the clock of the court.`,
    )
  const moment = momentOf(day, time, court)
  return moment.ok ? moment : unreadable(noOneMomentWords(moment.reason, { day, time }, court))
}

function readWindow(
  option: 'filing-closed' | 'requests-closed',
  options: GoLiveOptions,
  court: Court,
): Read<Window | null | undefined> {
  const text = options[option]
  if (text === undefined) return ok(undefined)
  if (text === 'none') return ok(null)
  const [first, second, ...more] = text.split('..')
  if (first === undefined || second === undefined || more.length > 0) {
    return unreadable(
      `--${option}: write two moments, as "2026-11-27 17:00..2026-12-01 08:00", or none.`,
    )
  }
  const [from, until] = [readMoment(first, court), readMoment(second, court)]
  if (!from.ok) return from
  if (!until.ok) return until
  return from.value && until.value ? ok({ from: from.value, until: until.value }) : ok(undefined)
}

function readNoticeDays(text: string | undefined): Read<readonly number[] | undefined> {
  if (text === undefined) return ok(undefined)
  if (text === 'none') return ok([])
  const days = text.split(',').map((one) => one.trim())
  if (days.every((one) => /^-?\d{1,3}$/.test(one))) return ok(days.map(Number))
  return unreadable(
    `--notice-days: write whole numbers of days, as --notice-days=${usualNoticeDays.join(',')}, or none.`,
  )
}
