/** What is not one operation against another: interference, start, a grant that was refreshed for long. */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { closedLoop, operations, refreshAndRevoke, type Subject } from './drive.ts'
import { quantile, type Spread, spread } from './measure.ts'
import { inDatabase, type Machinery, startOurs } from './targets.ts'

const signInsBeside = 8

export type BesideSignIns = {
  /** Refreshes in flight. */
  readonly inFlight: number
  readonly idleP50: Spread
  readonly idleP99: Spread
  readonly besideP50: Spread
  readonly besideP99: Spread
  /** Paired within a round: beside over idle. */
  readonly ratioP50: Spread
  readonly ratioP99: Spread
}

/** The latency of a refresh (milliseconds), alone and beside eight people signing in. */
export async function refreshBesideSignIns(
  subject: Subject,
  rounds: number,
  count: number,
  inFlight: number,
): Promise<BesideSignIns> {
  const refresh = await operations.refresh.prepare(subject, count, inFlight)
  const signIn = await operations['sign-in'].prepare(subject)
  await closedLoop(count, inFlight, refresh)

  const idle = () => closedLoop(count, inFlight, refresh)
  const beside = async () => {
    let isOver = false
    const people = Array.from({ length: signInsBeside }, async (_, person) => {
      for (let index = person; !isOver; index += signInsBeside) await signIn(index)
    })
    const latencies = await closedLoop(count, inFlight, refresh).finally(() => {
      isOver = true
    })
    await Promise.all(people)
    return latencies
  }

  const pairs: { idle: Float64Array; beside: Float64Array }[] = []
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) pairs.push({ idle: await idle(), beside: await beside() })
    else {
      const first = await beside()
      pairs.push({ idle: await idle(), beside: first })
    }
  }
  const at = (share: number) => ({
    idle: spread(pairs.map((pair) => quantile(pair.idle, share))),
    beside: spread(pairs.map((pair) => quantile(pair.beside, share))),
    ratio: spread(pairs.map((pair) => quantile(pair.beside, share) / quantile(pair.idle, share))),
  })
  const [p50, p99] = [at(0.5), at(0.99)]
  return {
    inFlight,
    idleP50: p50.idle,
    idleP99: p99.idle,
    besideP50: p50.beside,
    besideP99: p99.beside,
    ratioP50: p50.ratio,
    ratioP99: p99.ratio,
  }
}

export type StartTimes = {
  readonly postgres: Spread
  /** The folder exists, as at every start but the first. */
  readonly embedded: Spread
  /** The very first start: creates the database, applies every migration, loads the courts. */
  readonly embeddedFirst: Spread
}

/** Milliseconds from starting the process to its first answer, on a filled database. */
export async function measureStarts(machinery: Machinery, rounds: number): Promise<StartTimes> {
  const start = async (embeddedIn?: string) => {
    const server = await startOurs(machinery, {
      stubsPasswords: false,
      ...(embeddedIn !== undefined && { embeddedIn }),
    })
    await server.stop()
    return server.startMilliseconds
  }
  const postgres: number[] = []
  const embedded: number[] = []
  const embeddedFirst: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const folder = await mkdtemp(join(machinery.scratch, 'embedded-'))
    postgres.push(await start())
    embeddedFirst.push(await start(folder))
    embedded.push(await start(folder))
  }
  return {
    postgres: spread(postgres),
    embedded: spread(embedded),
    embeddedFirst: spread(embeddedFirst),
  }
}

export type LongGrant = {
  /** Kilobytes that 1,000 refreshes leave behind for longer than an access token lives. */
  readonly kilobytes: Spread
  /** Milliseconds of the request that then revokes it. */
  readonly revokeMilliseconds: Spread
}

const accessTokenSeconds = 300

/** What one person's grant to a vendor weighs after 1,000 refreshes, and how long its end takes. */
export async function measureLongGrant(
  subject: Subject,
  redisUrl: string,
  databaseUrl: string | undefined,
  rounds: number,
): Promise<LongGrant> {
  const kilobytes: number[] = []
  const revokeMilliseconds: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const keysBefore = new Set(await withRedis(redisUrl, listKeys))
    const rowsBefore = databaseUrl ? await rowBytes(databaseUrl) : 0
    let bytes = 0
    const milliseconds = await refreshAndRevoke(subject, 1000, async () => {
      const rows = databaseUrl ? await rowBytes(databaseUrl) : 0
      bytes =
        rows - rowsBefore + (await withRedis(redisUrl, (redis) => newBytes(redis, keysBefore)))
    })
    kilobytes.push(bytes / 1024)
    revokeMilliseconds.push(milliseconds)
  }
  return { kilobytes: spread(kilobytes), revokeMilliseconds: spread(revokeMilliseconds) }
}

async function withRedis<Value>(
  url: string,
  work: (redis: Redis) => Promise<Value>,
): Promise<Value> {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

async function listKeys(redis: Redis): Promise<string[]> {
  const keys: string[] = []
  for await (const batch of redis.scanStream({ count: 1000 })) keys.push(...(batch as string[]))
  return keys
}

async function newBytes(redis: Redis, before: ReadonlySet<string>): Promise<number> {
  let bytes = 0
  for (const key of new Set(await listKeys(redis))) {
    if (before.has(key) || (await redis.ttl(key)) <= accessTokenSeconds) continue
    bytes += (await redis.memory('USAGE', key)) ?? 0
  }
  return bytes
}

async function rowBytes(databaseUrl: string): Promise<number> {
  const sizes = ['grants', 'refresh_tokens', 'sessions'].map(
    (table) => `SELECT sum(pg_column_size(${table}.*)) AS bytes FROM ${table}`,
  )
  const text = `SELECT coalesce(sum(bytes), 0)::float8 AS bytes FROM (${sizes.join(' UNION ALL ')}) sizes`
  const [row] = await inDatabase(databaseUrl, text)
  return row.bytes
}
