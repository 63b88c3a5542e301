/**
 * `npm run bench`: starts everything it needs, runs the operations against our server and the bare
 * engine in turn, prints what they cost and writes it to `bench/results/`. Any error fails the run.
 *
 * `-- --quick`              five short rounds, within two minutes
 * `-- --only refresh,jwks`  some of the comparisons (or `beside`, `long-grant`, `starts`, `nation`); writes nothing
 * `-- --rs256`              the engine signs with RS256 instead of ES256
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { request } from 'undici'
import { type Comparison, type Contender, comparisons, nationComparisons } from './comparisons.ts'
import { type Counts, countedOperations, countPerOperation } from './counts.ts'
import { closedLoop, connect, operations, type Step, type Subject } from './drive.ts'
import { measureLongGrant, measureStarts, refreshBesideSignIns } from './experiments.ts'
import { type Helpers, measureRound, type Round, residentMegabytes, spread } from './measure.ts'
import { newcomersOf } from './newcomers.ts'
import {
  type ComparisonResult,
  type ContenderResult,
  type Results,
  renderCounts,
  renderMarkdown,
} from './report.ts'
import { growToNation } from './scale.ts'
import {
  fillOurs,
  inDatabase,
  type Machinery,
  type Server,
  startEngine,
  startHashServer,
  startMachinery,
  startOurs,
} from './targets.ts'

const workers = 8
/** A server runs for weeks: what the compiler costs in its first seconds is not the steady figure. */
const warmUpRounds = { full: 4, quick: 1 }
const experimentNames = ['beside', 'long-grant', 'starts', 'nation']

type Options = {
  readonly isQuick: boolean
  readonly algorithm: 'ES256' | 'RS256'
  readonly only: ReadonlySet<string> | undefined
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rs256: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  })
  const only = values.only === undefined ? undefined : new Set(values.only.split(','))
  const known = new Set([...comparisons.map(({ id }) => id), ...experimentNames])
  for (const name of only ?? []) {
    if (!known.has(name)) throw new Error(`--only knows ${[...known].join(', ')}; not ${name}`)
  }
  return { isQuick: values.quick, algorithm: values.rs256 ? 'RS256' : 'ES256', only }
}

/** A started server, ready to be driven. */
type Contestant = {
  readonly server: Server
  readonly helpers: Helpers
  prepare(contender: Contender, count: number): Promise<Step>
  count?(step: Step): Promise<Counts>
}

type Contestants = Record<Exclude<Contender['server'], 'ours-nation'>, Contestant> & {
  'ours-nation'?: Contestant
  readonly subjects: Record<'ours' | 'ours-real-hash' | 'engine', Subject>
}

async function startContestants(machinery: Machinery, options: Options) {
  await fillOurs(machinery)
  const [ours, oursReal, engine, hash] = await Promise.all([
    startOurs(machinery, { stubsPasswords: true }),
    startOurs(machinery, { stubsPasswords: false }),
    startEngine(machinery, options.algorithm),
    startHashServer(),
  ])
  const postgresPid = machinery.postgres.pid
  const oursHelpers = { postgresPid, redisPid: machinery.redis.pid }
  const subjects = {
    ours: await connect('ours', ours.origin, workers, newcomersOf(machinery.postgres.url)),
    'ours-real-hash': await connect('ours-real-hash', oursReal.origin, 2 * workers),
    engine: await connect('engine', engine.origin, workers),
  }
  const contestants: Contestants = {
    ours: {
      server: ours,
      helpers: oursHelpers,
      prepare: driver(subjects.ours),
      count: (step) => countPerOperation(step, machinery.redis.url, machinery.postgres.url),
    },
    'ours-real-hash': {
      server: oursReal,
      helpers: oursHelpers,
      prepare: driver(subjects['ours-real-hash']),
    },
    engine: {
      server: engine,
      helpers: { redisPid: machinery.engineRedis.pid },
      prepare: driver(subjects.engine),
      count: (step) => countPerOperation(step, machinery.engineRedis.url, undefined),
    },
    hash: { server: hash, helpers: {}, prepare: hashDriver(hash) },
    subjects,
  }
  return contestants
}

/** Ours once more, on a database of national size: minutes to fill, so only in a full run. */
async function startNation(machinery: Machinery): Promise<Contestant> {
  const url = await machinery.createDatabase()
  await fillOurs(machinery, url)
  const server = await startOurs(machinery, { stubsPasswords: true, databaseUrl: url })
  const subject = await connect('ours-nation', server.origin, workers)
  await operations.refresh.prepare(subject, 1, 1)
  await growToNation(url)
  return {
    server,
    helpers: { postgresPid: machinery.postgres.pid, redisPid: machinery.redis.pid },
    prepare: driver(subject),
    count: (step) => countPerOperation(step, machinery.redis.url, url),
  }
}

function driver(subject: Subject): Contestant['prepare'] {
  return async (contender, count) => {
    if (contender.server === 'hash') throw new Error('the hash server has no operations')
    return operations[contender.operation].prepare(subject, count, workers)
  }
}

function hashDriver(server: Server): Contestant['prepare'] {
  return async (contender) => {
    if (contender.server !== 'hash') throw new Error('the hash server only hashes')
    return async () => {
      const { statusCode, body } = await request(server.origin + contender.path)
      await body.dump()
      if (statusCode !== 204) throw new Error(`${contender.path} answered ${statusCode}`)
    }
  }
}

/** Both sides warm up, then take turns; who begins changes with every round. */
async function compare(
  comparison: Comparison,
  contestants: Contestants,
  { rounds, count, warmUpCount }: { rounds: number; count: number; warmUpCount: number },
): Promise<ComparisonResult> {
  const sides = (['ours', 'baseline'] as const).map((side) => {
    const contender = comparison[side]
    const contestant = contestants[contender.server]
    if (!contestant) throw new Error(`${contender.server} has not been started`)
    return { contender, contestant, rounds: [] as Round[] }
  })
  const counts: (Counts | undefined)[] = []
  for (const { contender, contestant } of sides) {
    const warmUp = await contestant.prepare(contender, warmUpCount)
    await closedLoop(warmUpCount, workers, warmUp)
    const step = await contestant.prepare(contender, countedOperations)
    counts.push(await contestant.count?.(step))
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const { contestant } = side
      const step = await contestant.prepare(side.contender, count)
      side.rounds.push(
        await measureRound(contestant.server.pid, contestant.helpers, count, workers, step),
      )
    }
  }
  const [ours, baseline] = [sides[0]!.rounds, sides[1]!.rounds]
  const { id, title, ceiling, goal, stretch } = comparison
  return {
    id,
    title,
    ...(ceiling !== undefined && { ceiling }),
    ...(goal !== undefined && { goal }),
    ...(stretch !== undefined && { stretch }),
    ours: summarize(ours, counts[0]),
    baseline: summarize(baseline, counts[1]),
    ratio: spread(ours.map((round, n) => round.serverCpu / baseline[n]!.serverCpu)),
  }
}

function summarize(rounds: readonly Round[], counts: Counts | undefined): ContenderResult {
  const of = (figure: keyof Round) => spread(rounds.map((round) => round[figure]))
  return {
    serverCpu: of('serverCpu'),
    postgresCpu: of('postgresCpu'),
    redisCpu: of('redisCpu'),
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    ...(counts && { counts }),
  }
}

async function readVersions(machinery: Machinery): Promise<Record<string, string>> {
  const [postgres] = await inDatabase(machinery.postgres.url, 'SHOW server_version')
  const [fsync] = await inDatabase(machinery.postgres.url, 'SHOW fsync')
  const redis = new Redis(machinery.redis.url)
  const redisVersion = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1]
  redis.disconnect()
  const engine = new URL('../node_modules/oidc-provider/package.json', import.meta.url)
  return {
    Node: process.versions.node,
    'oidc-provider': JSON.parse(await readFile(engine, 'utf8')).version,
    PostgreSQL: `${String(postgres.server_version).split(' ')[0]} (fsync ${fsync.fsync})`,
    Redis: redisVersion ?? 'unknown',
    processor: `${cpus()[0]?.model.trim()} × ${cpus().length}`,
  }
}

async function runAll(
  machinery: Machinery,
  options: Options,
  loadBefore: number,
): Promise<Results> {
  const startedAt = performance.now()
  const { isQuick, algorithm, only } = options
  const rounds = isQuick ? 5 : 7
  const wants = (name: string) => only === undefined || only.has(name)
  const progress = (text: string) =>
    process.stderr.write(
      `${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}\n`,
    )

  const contestants = await startContestants(machinery, options)
  const { server } = contestants.ours
  const idle = residentMegabytes(server.pid).now
  const results: ComparisonResult[] = []
  try {
    for (const comparison of comparisons.filter(({ id }) => wants(id))) {
      progress(comparison.id)
      const count = isQuick ? Math.ceil(comparison.count / 4) : comparison.count
      const warmUpCount = comparison.count * warmUpRounds[isQuick ? 'quick' : 'full']
      results.push(await compare(comparison, contestants, { rounds, count, warmUpCount }))
    }
    if (only?.has('nation') || (only === undefined && !isQuick)) {
      progress('nation (filling)')
      contestants['ours-nation'] = await startNation(machinery)
      for (const comparison of nationComparisons) {
        progress(comparison.id)
        const { count } = comparison
        const warmUpCount = count * warmUpRounds.full
        results.push(await compare(comparison, contestants, { rounds: 5, count, warmUpCount }))
      }
    }
    const underLoad = residentMegabytes(server.pid).peak
    const when = async <Value>(name: string, work: () => Promise<Value>) => {
      if (!wants(name)) return undefined
      progress(name)
      return work()
    }
    const { subjects } = contestants
    const besideSignIns = await when('beside', async () => {
      const real = subjects['ours-real-hash']
      const many = await refreshBesideSignIns(real, rounds, isQuick ? 300 : 1000, workers)
      return [many, await refreshBesideSignIns(real, rounds, isQuick ? 100 : 300, 1)]
    })
    const { redis, engineRedis, postgres } = machinery
    const grants = isQuick ? 1 : 3
    const longGrant = await when('long-grant', async () => ({
      ours: await measureLongGrant(subjects.ours, redis.url, postgres.url, grants),
      engine: await measureLongGrant(subjects.engine, engineRedis.url, undefined, grants),
    }))
    const starts = await when('starts', () => measureStarts(machinery, isQuick ? 2 : 5))
    return {
      date: new Date().toISOString().slice(0, 10),
      isQuick,
      algorithm,
      rounds,
      workers,
      versions: await readVersions(machinery),
      loadBefore,
      seconds: Math.round((performance.now() - startedAt) / 1000),
      comparisons: results,
      ...(besideSignIns && { besideSignIns }),
      ...(longGrant && { longGrant }),
      ...(starts && { starts }),
      ...(only === undefined && { memory: { idle, underLoad } }),
    }
  } finally {
    const { ours, 'ours-real-hash': real, 'ours-nation': large, engine, hash } = contestants
    await Promise.all([ours, real, large, engine, hash].map((one) => one?.server.stop()))
  }
}

async function write(results: Results, markdown: string) {
  const folder = new URL('results/', import.meta.url)
  const name = `${results.date}${results.isQuick ? '-quick' : ''}`
  await mkdir(folder, { recursive: true })
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(results, null, 2)}\n`)
  await writeFile(new URL(`${name}.md`, folder), markdown)
}

const options = readOptions()
const load = loadavg()[0]!
const machinery = await startMachinery()
try {
  const results = await runAll(machinery, options, load)
  const markdown = renderMarkdown(results)
  console.log(markdown)
  if (options.only === undefined) await write(results, markdown)
  else console.log(renderCounts(results))
} finally {
  await machinery.stop()
}
process.exit()
