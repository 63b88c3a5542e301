import { clientMay } from '../clients/client-state.ts'
import { metadataWarnings } from '../clients/metadata.ts'
import { listClientRows } from '../clients/store.ts'
import { now } from '../clock.ts'
import { readClockOffset } from '../clock-watch.ts'
import type { Config } from '../config/config.ts'
import { findFilerTroubles } from '../efiling/filer-troubles.ts'
import { createOutboundFetch } from '../http/outbound.ts'
import { findDifferences, goneKeys, marksOf } from '../installation/marks.ts'
import { listMarks, listSigningKeyDays } from '../installation/store.ts'
import { findJobTroubles } from '../jobs/troubles.ts'
import { createLog } from '../log.ts'
import type { Keys } from '../signing/key-store.ts'
import type { Database, Statement } from '../storage/db.ts'
import { hasRoom } from '../storage/disk-room.ts'
import { listPendingMigrations } from '../storage/migrate.ts'
import { openDatabase } from '../storage/open-database.ts'
import { openRedis } from '../storage/redis.ts'
import { readRedisFacts } from '../storage/redis-facts.ts'
import { describeWarning, findWarnings } from '../warnings.ts'
import { findHashedUnder } from './hashed-under.ts'
import { findSealedWith } from './sealed-with.ts'

export type Finding = {
  readonly state: 'ok' | 'warning' | 'wrong'
  /** What was looked at. */
  readonly about: string
  /** What was found, and what to do. */
  readonly sentence: string
}

/** The settings and keys were read: without them nothing starts, the doctor neither. */
export async function doctor(config: Config, keys: Keys): Promise<number> {
  const findings = await examine(config, keys)
  for (const { state, about, sentence } of findings) {
    console.log(`${state.padEnd(8)} ${about}: ${sentence}`)
  }
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0
}

/** Looks at everything that the server uses, and writes nothing. */
export async function examine(config: Config, keys: Keys): Promise<Finding[]> {
  const log = createLog('silent')
  const findings: Finding[] = [...settingFindings(config)]
  const db = await openDatabase(config.database, log)
  try {
    findings.push(...(await databaseFindings(db, config, keys)))
  } finally {
    await db.close()
  }
  findings.push(await redisFinding(config))
  return findings
}

const ok = (about: string, sentence: string): Finding => ({ state: 'ok', about, sentence })
const warning = (about: string, sentence: string): Finding => ({
  state: 'warning',
  about,
  sentence,
})
const wrong = (about: string, sentence: string): Finding => ({ state: 'wrong', about, sentence })

function settingFindings({ environment, issuer, trustedProxies, outbound }: Config): Finding[] {
  const proxies =
    trustedProxies.length > 0
      ? ok('proxy', `X-Forwarded-* is believed from ${trustedProxies.join(', ')}.`)
      : issuer.startsWith('https:')
        ? wrong(
            'proxy',
            'no proxy is trusted, and every request is answered 421. Put the networks of yours into CSO_TRUSTED_PROXIES.',
          )
        : ok('proxy', 'none is trusted.')
  const networks =
    outbound.networks.length > 0
      ? ok('outbound', `public addresses and ${outbound.networks.join(', ')} may be called.`)
      : ok('outbound', 'public addresses may be called. Private ones: CSO_OUTBOUND_NETWORKS.')
  return [ok('settings', `${environment}, issuer ${issuer}.`), proxies, networks]
}

const readVersion: Statement = {
  name: 'doctor-version',
  text: `SELECT current_setting('server_version') AS version,
    current_setting('server_version_num')::int AS number,
    current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commits`,
}
type ServerFacts = { version: string; number: number; fsync: string; commits: string }

const oldestPostgres = 150_000

async function databaseFindings(db: Database, config: Config, keys: Keys): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    const [server] = await db.query<ServerFacts>(readVersion, [])
    findings.push(serverFinding(db, server!, config))
  } catch {
    return [wrong('database', 'does not answer. Is DATABASE_URL right, and PostgreSQL running?')]
  }
  findings.push(
    await look('disk', 'its disk is full. Make room on the disk of PostgreSQL.', async () => {
      await hasRoom(db)
      return ok('disk', 'the database can write.')
    }),
    await clockFinding(db),
  )
  const pending = await listPendingMigrations(db)
  if (pending.length > 0) {
    const sentence = `${pending.join(', ')} not applied. Do it: npm run cli -- migrate`
    return [...findings, wrong('migrations', sentence)]
  }
  return [
    ...findings,
    ok('migrations', 'the database is at this release.'),
    ...(await secretFindings(db, config, keys)),
    ...(await endingFindings(db, keys)),
    ...(await jobFindings(db)),
    ...(await findFilerTroubles(db)).map((trouble) => warning('rights', `${trouble}.`)),
    ...(await clientFindings(db, config)),
  ]
}

function serverFinding(
  db: Database,
  { version, number, fsync, commits }: ServerFacts,
  { environment }: Config,
): Finding {
  if (db.kind === 'embedded') return ok('database', 'embedded, for one process.')
  if (number < oldestPostgres) return wrong('database', `PostgreSQL ${version} is older than 15.`)
  if (fsync !== 'on' || commits === 'off') {
    return (environment === 'production' ? wrong : warning)(
      'database',
      'fsync or synchronous_commit is off: what is saved can be lost. Turn them on.',
    )
  }
  return ok('database', `PostgreSQL ${version} answers.`)
}

/** What `work` finds, or that it could not. */
async function look(
  about: string,
  sentence: string,
  work: () => Promise<Finding>,
): Promise<Finding> {
  try {
    return await work()
  } catch {
    return wrong(about, sentence)
  }
}

/** Further off nobody is served. */
const clockToleranceSeconds = 10
const clockNoteworthySeconds = 2

function judgeClock(about: string, seconds: number): Finding | undefined {
  const by = `${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'behind' : 'ahead of'} that of`
  const sentence = `this machine's clock is ${by} ${about}. Use NTP on every machine.`
  if (Math.abs(seconds) > clockToleranceSeconds) return wrong('clock', sentence)
  return Math.abs(seconds) > clockNoteworthySeconds ? warning('clock', sentence) : undefined
}

async function clockFinding(db: Database): Promise<Finding> {
  const found = judgeClock('the database', await readClockOffset(db))
  return found ?? ok('clock', 'this machine and the database agree.')
}

async function secretFindings(db: Database, config: Config, keys: Keys): Promise<Finding[]> {
  const recorded = await listMarks(db)
  const present = marksOf(config.issuer, keys)
  const problems = findDifferences(recorded, present)
  const peppers = goneKeys('pepper', recorded, present)
  const needed = peppers.length > 0 ? await findHashedUnder(db, peppers) : []
  const sealing = goneKeys('sealing', recorded, present)
  const unread = sealing.length > 0 ? await findSealedWith(db, sealing) : []
  return [
    ...problems.map((problem) => wrong('secrets', `${problem}.`)),
    ...needed.map((id) =>
      wrong('peppers', `passwords are stored under ${id}, which is not configured. Put it back.`),
    ),
    ...unread.map((id) =>
      wrong('sealed fields', `fields are sealed with ${id}, which is not configured. Put it back.`),
    ),
    ...(problems.length + needed.length + unread.length === 0
      ? [ok('secrets', 'master, cookies, peppers and sealing keys are those of this database.')]
      : []),
  ]
}

async function endingFindings(db: Database, keys: Keys): Promise<Finding[]> {
  const at = now()
  const days = await listSigningKeyDays(db)
  const ages = keys.signing.keys.map(({ kid, alg }) => {
    const since = days.get(kid)
    const age = since && Math.floor((at.getTime() - since.getTime()) / 86_400_000)
    return `${alg} ${kid.slice(0, 12)}: ${age === undefined ? 'not used yet' : `${age} days`}`
  })
  const ending = await findWarnings(db, keys.signing, at)
  return [
    ok('keys', `${ages.join('; ')}.`),
    ...ending.map((each) =>
      (each.endsAt <= at ? wrong : warning)(
        each.kind === 'client-secret' ? 'client secrets' : 'keys',
        `${describeWarning(each, at)}. ${
          each.kind === 'client-secret'
            ? `Make a new one: npm run cli -- secrets create ${each.id}`
            : 'docs/operate.md has how a signing key is rotated.'
        }`,
      ),
    ),
  ]
}

async function jobFindings(db: Database): Promise<Finding[]> {
  const troubles = await findJobTroubles(db)
  if (troubles.length === 0) return [ok('jobs', 'none is dead, and none fails each time.')]
  const advice = 'npm run cli -- jobs list; when the cause is gone: npm run cli -- jobs retry ID'
  return troubles.map((trouble) => warning('jobs', `${trouble}. ${advice}`))
}

async function clientFindings(db: Database, config: Config): Promise<Finding[]> {
  const clients = (await listClientRows(db)).filter((client) => clientMay(client, 'be-watched'))
  const fetchKeys = createOutboundFetch(config.outbound, () => {})
  const unread = await Promise.all(
    clients.map(async ({ id, metadata: { jwks_uri: uri } }): Promise<Finding[]> => {
      if (!uri) return []
      try {
        await fetchKeys(uri)
        return []
      } catch (error) {
        const problem = (error as { problem?: string }).problem ?? 'unreachable'
        const sentence = `the keys of ${id} at ${uri} cannot be read (${problem}). The court has to look, or CSO_OUTBOUND_NETWORKS.`
        return [warning('outbound', sentence)]
      }
    }),
  )
  const taken = clients.flatMap(({ id, metadata }) =>
    metadataWarnings(metadata).map((text) => warning('clients', `${id}: ${text}.`)),
  )
  return [ok('clients', `${clients.length - 1} are active.`), ...unread.flat(), ...taken]
}

async function redisFinding({ redis: settings }: Config): Promise<Finding> {
  if (!settings) return ok('Redis', 'none is configured; the database holds what lives minutes.')
  const redis = openRedis(settings, createLog('silent'))
  try {
    const { version, evictionPolicy, clockOffsetSeconds } = await readRedisFacts(redis)
    if (evictionPolicy !== undefined && evictionPolicy !== 'noeviction') {
      const sentence = `maxmemory-policy is ${evictionPolicy}: codes could be used twice. CONFIG SET maxmemory-policy noeviction, and in its file.`
      return wrong('Redis', sentence)
    }
    await redis.takesWrites()
    return (
      judgeClock('Redis', clockOffsetSeconds) ?? ok('Redis', `${version} answers and takes writes.`)
    )
  } catch {
    return wrong(
      'Redis',
      'does not answer or takes no writes. Is REDIS_URL right, and is its memory full?',
    )
  } finally {
    await redis.close()
  }
}
