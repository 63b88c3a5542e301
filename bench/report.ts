/** The results as a table for people; the same numbers as JSON are the record. */
import type { Comparison } from './comparisons.ts'
import { limits } from './comparisons.ts'
import { type Counts, total } from './counts.ts'
import type { BesideSignIns, LongGrant, StartTimes } from './experiments.ts'
import type { Round, Spread } from './measure.ts'

export type ContenderResult = {
  readonly [Figure in keyof Round]: Spread
} & { readonly counts?: Counts }

export type ComparisonResult = Pick<Comparison, 'id' | 'title' | 'ceiling' | 'goal' | 'stretch'> & {
  readonly ours: ContenderResult
  readonly baseline: ContenderResult
  /** CPU time per operation, ours over the baseline, round by round. */
  readonly ratio: Spread
}

export type Results = {
  readonly date: string
  readonly isQuick: boolean
  readonly algorithm: 'ES256' | 'RS256'
  readonly rounds: number
  readonly workers: number
  readonly versions: Readonly<Record<string, string>>
  readonly seconds: number
  /** The machine's load average as the run began; figures of a busy machine are worth little. */
  readonly loadBefore: number
  readonly comparisons: readonly ComparisonResult[]
  /** At the concurrency of everything else, and one refresh at a time. */
  readonly besideSignIns?: readonly BesideSignIns[]
  readonly starts?: StartTimes
  readonly longGrant?: { readonly ours: LongGrant; readonly engine: LongGrant }
  /** Resident megabytes of our server: before the first request, and at most. */
  readonly memory?: { readonly idle: number; readonly underLoad: number }
}

export function renderMarkdown(results: Results): string {
  const { versions } = results
  return [
    `# Benchmark of ${results.date}${results.isQuick ? ' (quick)' : ''}`,
    '',
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(
        ', ',
      )}. ID tokens signed with ${results.algorithm}. ${results.rounds} interleaved rounds,`,
    `${results.workers} operations in flight, ${results.seconds} s in all, on a machine with a load of`,
    `${results.loadBefore.toFixed(1)} before it began. CPU is user and system time of the server process per`,
    'operation; medians, with the lowest and highest round in brackets. The engine is bare oidc-provider',
    'on a plain Redis adapter: no audit, no accounts, no claims.',
    '',
    ...(results.comparisons.length > 0
      ? [...comparisonTable(results.comparisons), '', ...latencyTable(results.comparisons)]
      : []),
    ...otherLines(results),
    '',
  ].join('\n')
}

/** Every command and statement of an operation of ours, the most frequent first: for tuning. */
export function renderCounts(results: Results): string {
  const list = (calls: Readonly<Record<string, number>>) =>
    Object.entries(calls)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `  ${count} × ${name.slice(0, 160)}`)
  return results.comparisons
    .flatMap(({ id, ours: { counts } }) =>
      counts ? [`${id}:`, ...list(counts.sql), ...list(counts.redis)] : [],
    )
    .join('\n')
}

function comparisonTable(comparisons: readonly ComparisonResult[]): string[] {
  return table(
    ['operation', 'ours, CPU ms', 'baseline, CPU ms', 'ratio', 'goal', 'stretch', 'verdict'],
    comparisons.map((result) => [
      result.title,
      withRange(result.ours.serverCpu, 3),
      withRange(result.baseline.serverCpu, 3),
      `**${withRange(result.ratio, 2)}**`,
      limitText(result.goal),
      limitText(result.stretch),
      verdict(result.ratio.median, result),
    ]),
  )
}

function latencyTable(comparisons: readonly ComparisonResult[]): string[] {
  const pair = (result: ComparisonResult, figure: keyof Round, digits: number) =>
    `${result.ours[figure].median.toFixed(digits)} / ${result.baseline[figure].median.toFixed(digits)}`
  const counts = (result: ComparisonResult, kind: keyof Counts) => {
    const ours = result.ours.counts ? total(result.ours.counts[kind]) : '–'
    const baseline = result.baseline.counts ? total(result.baseline.counts[kind]) : '–'
    return `${ours} / ${baseline}`
  }
  return table(
    [
      'ours / baseline',
      'per second',
      'p50 ms',
      'p99 ms',
      'PostgreSQL CPU ms',
      'Redis CPU ms',
      'SQL statements',
      'Redis commands',
    ],
    comparisons.map((result) => [
      result.title,
      pair(result, 'perSecond', 0),
      pair(result, 'p50', 1),
      pair(result, 'p99', 1),
      pair(result, 'postgresCpu', 2),
      pair(result, 'redisCpu', 2),
      counts(result, 'sql'),
      counts(result, 'redis'),
    ]),
  )
}

function otherLines(results: Results): string[] {
  const { besideSignIns, starts, longGrant, memory } = results
  const lines = stepLines(results)
  for (const result of besideSignIns ?? []) {
    const { ceilingP50, goalP50, goalP99 } = limits.besideSignIns
    // The goals are for the concurrency at which every latency here is taken.
    const hasGoal = result.inFlight > 1
    const row = (name: string, beside: Spread, idle: Spread, ratio: Spread, promise: Promises) => [
      `refresh beside eight sign-ins, ${result.inFlight} in flight, ${name}`,
      `${beside.median.toFixed(2)} ms, alone ${idle.median.toFixed(2)} ms: **${withRange(ratio, 2)} ×**`,
      hasGoal ? `≤ ${promise.goal} ×` : '',
      hasGoal ? verdict(ratio.median, promise) : '',
    ]
    const p50 = { ceiling: ceilingP50, goal: goalP50 }
    lines.push(
      row('p50', result.besideP50, result.idleP50, result.ratioP50, p50),
      row('p99', result.besideP99, result.idleP99, result.ratioP99, { goal: goalP99 }),
    )
  }
  if (longGrant) {
    const { ours, engine } = longGrant
    const row = (name: string, figure: keyof LongGrant, unit: string, goal: number) => [
      `one grant after 1,000 refreshes, ${name}`,
      `${withRange(ours[figure], 1)} ${unit}, engine ${engine[figure].median.toFixed(1)}`,
      `≤ ${goal} ${unit}`,
      verdict(ours[figure].median, { goal }),
    ]
    lines.push(
      row('size', 'kilobytes', 'KB', limits.longGrant.kilobytes),
      row('revoked in', 'revokeMilliseconds', 'ms', limits.longGrant.revokeMilliseconds),
    )
  }
  if (starts) {
    const row = (name: string, time: Spread, goal: number) => [
      `start to first answer, ${name}`,
      `${withRange(time, 0)} ms`,
      `≤ ${goal} ms`,
      verdict(time.median, { goal }),
    ]
    lines.push(
      row('PostgreSQL', starts.postgres, limits.startMilliseconds.postgres),
      row('embedded', starts.embedded, limits.startMilliseconds.embedded),
      row('embedded, first start ever', starts.embeddedFirst, limits.startMilliseconds.embedded),
    )
  }
  if (memory) {
    const row = (name: string, megabytes: number, goal: number) => [
      `resident memory, ${name}`,
      `${megabytes.toFixed(0)} MB`,
      `≤ ${goal} MB`,
      verdict(megabytes, { goal }),
    ]
    lines.push(
      row('idle', memory.idle, limits.residentMegabytes.idle),
      row('at most under load', memory.underLoad, limits.residentMegabytes.underLoad),
    )
  }
  return lines.length === 0 ? [] : ['', ...table(['besides', 'measured', 'goal', 'verdict'], lines)]
}

/** What one more step costs: the sign-in that has it without the one that has not, as a share of the engine's. */
function stepLines({ comparisons }: Results): string[][] {
  const of = (id: string) => comparisons.find((result) => result.id === id)
  const without = of('sign-in')
  const withStep = of('rules-sign-in')
  if (!without || !withStep) return []
  const milliseconds = withStep.ours.serverCpu.median - without.ours.serverCpu.median
  const share = withStep.ratio.median - without.ratio.median
  return [
    [
      'one more step at a sign-in (rules of use)',
      `${milliseconds.toFixed(2)} ms, **${share.toFixed(2)}** of the engine’s plain sign-in`,
      `≤ ${limits.stepShare}`,
      verdict(share, { goal: limits.stepShare }),
    ],
  ]
}

type Promises = Pick<Comparison, 'ceiling' | 'goal' | 'stretch'>

/** The best promise that the value keeps. */
function verdict(value: number, promise: Promises): string {
  if (promise.stretch !== undefined && value <= promise.stretch) return 'stretch met'
  if (promise.goal === undefined) return ''
  if (value <= promise.goal) return 'met'
  if (promise.ceiling === undefined) return '**not met**'
  return value <= promise.ceiling
    ? `not met, below the ceiling of ${promise.ceiling}`
    : `**above the ceiling of ${promise.ceiling}**`
}

function limitText(limit: number | undefined): string {
  return limit === undefined ? '' : `≤ ${limit}`
}

function withRange(value: Spread, digits: number): string {
  const [median, low, high] = [value.median, value.low, value.high].map((v) => v.toFixed(digits))
  return `${median} (${low}–${high})`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)]
}
