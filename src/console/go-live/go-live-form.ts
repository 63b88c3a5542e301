import { z } from 'zod'
import type { GoLiveChange } from '../../courts/apply-go-live.ts'
import type { GoLiveChangeKind } from '../../courts/go-live-machine.ts'
import { type GoLiveTerms, goLiveLimits, type Window } from '../../courts/go-live-plan.ts'
import { momentOf, noOneMomentWords } from '../../courts/typed-moment.ts'
import { type Day, dayAt } from '../../days.ts'
import type { FormOf } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import { type Checked, hasProblems, type Problem } from '../../problem.ts'
import { basedOn, shownText } from '../court/fields.ts'
import { dayTyped, typedDay } from '../typed-day.ts'
import { timeTyped, typedTime } from '../typed-time.ts'
import { goLiveActs, isReasonNeeded } from './acts.ts'
import { goLiveActPath } from './go-live-paths.ts'

/** The moments of a form: each is a day and a time. */
const termMoments = [
  'filingFrom',
  'filingUntil',
  'requestsFrom',
  'requestsUntil',
  'closes',
] as const
type MomentName = 'live' | (typeof termMoments)[number]

type TypedMoment = { readonly day: Day; readonly time: string }

/** What was typed. */
export type TypedGoLive = {
  /** The version that was on the page. */
  readonly version: number
  /** Whether it is only asked what would happen. */
  readonly step: 'look' | 'do'
  readonly reason: string
  readonly moments: Readonly<Partial<Record<MomentName, TypedMoment>>>
  readonly emergencyWay: string
  readonly noticeDays: readonly number[]
  /** As they came, to be shown again. */
  readonly fields: Fields
}

const text = z.string().default('')
const dayProblem = 'Enter the day as month, day and year, for example 12/31/2029'
const timeProblem = 'Enter the time with a.m. or p.m., for example 8:00 a.m.'
const daysProblem =
  'Enter whole numbers of days, at most 365, with commas between them, for example 60, 14, 3'

function momentNames(act: GoLiveChangeKind): readonly MomentName[] {
  const { hasMoment, hasTerms } = goLiveActs[act]
  return [...(hasMoment ? (['live'] as const) : []), ...(hasTerms ? termMoments : [])]
}

function schemaOf(act: GoLiveChangeKind): z.ZodType<TypedGoLive> {
  const names = momentNames(act)
  const { hasTerms } = goLiveActs[act]
  const moments = names.flatMap((name) => [`${name}Day`, `${name}Time`])
  const terms = hasTerms ? ['noticesBefore', 'noticesOn', 'noticesAfter'] : []
  const shape = Object.fromEntries([...moments, ...terms].map((name) => [name, text]))
  return z
    .object({
      ...shape,
      ...(hasTerms && { emergencyWay: shownText(goLiveLimits.emergencyLength).default('') }),
      version: basedOn,
      step: z.enum(['look', 'do']).catch('look'),
      reason: shownText(goLiveLimits.reasonLength).default(''),
    })
    .transform((typed, context): TypedGoLive => {
      const fields = typed as unknown as Fields
      const { version, step, reason } = typed
      const add = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: [field], message })
      if (isReasonNeeded(act) && reason === '') add('reason', 'Say why')
      const read = Object.fromEntries(
        names.flatMap((name) => {
          const moment = readMoment(name, fields, act, add)
          return moment ? [[name, moment]] : []
        }),
      )
      return {
        version,
        step,
        reason,
        moments: read,
        emergencyWay: fields['emergencyWay'] ?? '',
        noticeDays: hasTerms ? readNoticeDays(fields, add) : [],
        fields: { ...fields, version: String(version) },
      }
    }) as unknown as z.ZodType<TypedGoLive>
}

type AddProblem = (field: string, message: string) => void

function readMoment(
  name: MomentName,
  fields: Fields,
  act: GoLiveChangeKind,
  add: AddProblem,
): TypedMoment | undefined {
  const dayText = fields[`${name}Day`]?.trim() ?? ''
  const timeText = fields[`${name}Time`]?.trim() ?? ''
  const isEmpty = dayText === '' && timeText === ''
  if (isEmpty && (name !== 'live' || !goLiveActs[act].hasMoment)) return undefined
  const day = typedDay(dayText)
  const time = typedTime(timeText)
  if (!day) add(`${name}Day`, dayProblem)
  if (time === undefined) add(`${name}Time`, timeProblem)
  return day && time !== undefined ? { day, time } : undefined
}

/** `60, 14, 3` before, the day itself, `14` after. */
function readNoticeDays(fields: Fields, add: AddProblem): readonly number[] {
  const read = (name: string) => {
    const parts = (fields[name] ?? '').split(/[,;\s]+/).filter(Boolean)
    const days = parts.map(Number)
    const isRight = (days: readonly number[]) =>
      new Set(days).size === days.length &&
      days.every((day) => Number.isInteger(day) && day > 0 && day <= goLiveLimits.noticeDaysBefore)
    if (!isRight(days)) add(name, daysProblem)
    return days
  }
  const before = read('noticesBefore').map((day) => -day)
  const isOnDay = fields['noticesOn'] === 'yes'
  const days = [...before, ...(isOnDay ? [0] : []), ...read('noticesAfter')]
  if (days.length > goLiveLimits.notices) {
    add('noticesBefore', `Enter ${goLiveLimits.notices} notices at most`)
  }
  return days.sort((one, other) => one - other)
}

const schemas = Object.fromEntries(
  (Object.keys(goLiveActs) as GoLiveChangeKind[]).map((act) => [act, schemaOf(act)]),
) as Readonly<Record<GoLiveChangeKind, z.ZodType<TypedGoLive>>>

/** The form of an act; nothing that is typed into it is lost where a session ends meanwhile. */
export function goLiveForm(courtId: string, act: GoLiveChangeKind) {
  const moments = momentNames(act).flatMap((name) => [`${name}Day`, `${name}Time`])
  const terms = goLiveActs[act].hasTerms
    ? ['emergencyWay', 'noticesBefore', 'noticesOn', 'noticesAfter']
    : []
  return {
    name: `go-live ${act} ${courtId}`,
    page: goLiveActPath(courtId, act),
    schema: schemas[act],
    keeps: ['version', 'step', ...moments, ...terms, 'reason'],
    texts: ['emergencyWay', 'reason'],
  } satisfies FormOf<z.ZodType>
}

/** What the fields begin with: what holds. */
export function fieldsOf(terms: GoLiveTerms, timeZone: string): Fields {
  const moment = (name: MomentName, at: Date | null | undefined) =>
    at
      ? {
          [`${name}Day`]: dayTyped(dayAt(at, timeZone)),
          [`${name}Time`]: timeTyped(at, timeZone),
        }
      : {}
  const { liveAt, filingClosed, requestsClosed, legacyClosesAt, noticeDays } = terms
  const days = [...noticeDays].sort((one, other) => one - other)
  return {
    ...moment('live', liveAt),
    ...moment('filingFrom', filingClosed?.from),
    ...moment('filingUntil', filingClosed?.until),
    ...moment('requestsFrom', requestsClosed?.from),
    ...moment('requestsUntil', requestsClosed?.until),
    ...moment('closes', legacyClosesAt),
    emergencyWay: terms.emergencyWay ?? '',
    noticesBefore: days
      .filter((day) => day < 0)
      .map((day) => -day)
      .join(', '),
    noticesOn: days.includes(0) ? 'yes' : '',
    noticesAfter: days.filter((day) => day > 0).join(', '),
  }
}

/** The change that was typed, its moments by the clock of the court. */
export function changeOf(
  act: GoLiveChangeKind,
  typed: TypedGoLive,
  court: { readonly timeZone: string },
): Checked<GoLiveChange> {
  const problems: Problem[] = []
  const at = (name: MomentName): Date | undefined => {
    const moment = typed.moments[name]
    if (!moment) return undefined
    const found = momentOf(moment.day, moment.time, court)
    if (found.ok) return found.value
    const message = noOneMomentWords(found.reason, moment, court)
    problems.push({ path: [`${name}Time`], message })
    return undefined
  }
  const window = (from: MomentName, until: MomentName): Window | null => {
    const ends = { from: at(from), until: at(until) }
    const isHalf = (typed.moments[from] === undefined) !== (typed.moments[until] === undefined)
    if (isHalf) {
      const missing = typed.moments[from] === undefined ? from : until
      problems.push({
        path: [`${missing}Day`],
        message: 'Enter the beginning and the end, or neither',
      })
    }
    if (!ends.from || !ends.until) return null
    if (ends.from >= ends.until) {
      problems.push({ path: [`${until}Day`], message: 'The end has to be after the beginning' })
    }
    return { from: ends.from, until: ends.until }
  }
  const { hasMoment, hasTerms } = goLiveActs[act]
  const change: GoLiveChange = {
    kind: act,
    reason: typed.reason,
    ...(hasMoment && { liveAt: at('live') }),
    ...(hasTerms && {
      filingClosed: window('filingFrom', 'filingUntil'),
      requestsClosed: window('requestsFrom', 'requestsUntil'),
      legacyClosesAt: at('closes') ?? null,
      emergencyWay: typed.emergencyWay || null,
      noticeDays: typed.noticeDays,
    }),
  }
  return problems.length > 0 ? hasProblems(problems) : ok(change)
}
