/**
 * What one round costs: processor time of the server from the operating system's accounting, the
 * elapsed time, each operation's latency.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { closedLoop, type Step } from './drive.ts'

/** Processes whose time is shown next to the server's: they pay for what it asks of them. */
export type Helpers = { readonly postgresPid?: number; readonly redisPid?: number }

export type Round = {
  /** CPU milliseconds (user and system) per operation. */
  readonly serverCpu: number
  readonly postgresCpu: number
  readonly redisCpu: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** Median and the two ends. */
export type Spread = { readonly median: number; readonly low: number; readonly high: number }

export async function measureRound(
  pid: number,
  helpers: Helpers,
  count: number,
  workers: number,
  step: Step,
): Promise<Round> {
  const read = () => ({
    server: cpuMilliseconds(pid),
    postgres: helpers.postgresPid ? treeCpuMilliseconds(helpers.postgresPid) : 0,
    redis: helpers.redisPid ? cpuMilliseconds(helpers.redisPid) : 0,
  })
  const before = read()
  const startedAt = performance.now()
  const latencies = await closedLoop(count, workers, step)
  const elapsed = performance.now() - startedAt
  const after = read()
  return {
    serverCpu: (after.server - before.server) / count,
    postgresCpu: (after.postgres - before.postgres) / count,
    redisCpu: (after.redis - before.redis) / count,
    perSecond: (count * 1000) / elapsed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  }
}

/**
 * The scheduler's nanoseconds of every thread: the same account as utime + stime in /proc/PID/stat,
 * without its 10 ms steps, which are more than a whole round of the cheapest operations. Threads that
 * ended are missing, but neither Node's nor libuv's pools give theirs back.
 */
export function cpuMilliseconds(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(
      readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0],
    )
  }
  return nanoseconds / 1e6
}

/** The process, its children, and those of them that have ended (in clock ticks of 10 ms). */
function treeCpuMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const ended = (Number(fields[13]) + Number(fields[14])) * 10
  return childrenOf(pid).reduce(
    (sum, child) => sum + (ifAlive(() => cpuMilliseconds(child)) ?? 0),
    ended + cpuMilliseconds(pid),
  )
}

/** A child that ended since it was listed has given its time to its parent. */
function ifAlive<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

/** Resident megabytes: now, and the most there ever were. */
export function residentMegabytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  return { now: kilobytes('VmRSS') / 1024, peak: kilobytes('VmHWM') / 1024 }
}

export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

export function spread(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort()
  const middle = (sorted.length - 1) / 2
  return {
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    low: sorted[0]!,
    high: sorted.at(-1)!,
  }
}
