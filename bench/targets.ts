/**
 * The servers under test, each its own process on loopback: ours, ours with real passwords, the bare
 * engine, the hash alone. PostgreSQL and Redis are started for the run and removed after it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { request } from 'undici'
import { freePort } from '../test/support/free-port.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { startRedis } from '../test/support/redis.ts'
import { atExit, temporaryFolder } from '../test/support/server-process.ts'
import { applyFile, clients, linkingCourt } from './clients.ts'

const root = new URL('..', import.meta.url)
const discoveryPath = '/.well-known/openid-configuration'

export type Server = {
  readonly pid: number
  readonly origin: string
  /** From the start of the process to the first answered request. */
  readonly startMilliseconds: number
  stop(): Promise<void>
}

export type Machinery = {
  readonly postgres: { readonly pid: number; readonly url: string }
  readonly redis: { readonly pid: number; readonly url: string }
  readonly engineRedis: { readonly pid: number; readonly url: string }
  /** A folder that disappears with the run. */
  readonly scratch: string
  createDatabase(): Promise<string>
  stop(): Promise<void>
}

// As in production: an answer counts once it would survive a power cut.
const postgresSettings = {
  shared_preload_libraries: 'pg_stat_statements',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  autovacuum_naptime: '1min',
  shared_buffers: '512MB',
  max_wal_size: '8GB',
}

/** PostgreSQL that counts its statements, and one Redis for ours and one for the engine. */
export async function startMachinery(): Promise<Machinery> {
  const scratch = temporaryFolder('bench')
  const [postgres, redis, engineRedis] = await Promise.all([
    startPostgres(postgresSettings),
    startRedis(),
    startRedis(),
  ])
  const createDatabase = async () => {
    const url = await postgres.createDatabase()
    await inDatabase(url, 'CREATE EXTENSION pg_stat_statements')
    return url
  }
  const url = await createDatabase()
  return {
    postgres: { pid: postgres.pid, url },
    redis,
    engineRedis,
    scratch: scratch.path,
    createDatabase,
    async stop() {
      await Promise.all([postgres.stop(), redis.stop(), engineRedis.stop()])
      scratch.remove()
    },
  }
}

export async function inDatabase(url: string, text: string, values: unknown[] = []) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

export type OursOptions = {
  /** Every password is right, so that what surrounds the hash can be measured. */
  readonly stubsPasswords: boolean
  /** The embedded database in this folder instead of PostgreSQL and Redis. */
  readonly embeddedIn?: string
  /** Another database than the run's, and its own keys in the same Redis. */
  readonly databaseUrl?: string
}

export async function startOurs(machinery: Machinery, options: OursOptions): Promise<Server> {
  const port = await freePort()
  const environment = oursEnvironment(machinery, options)
  return startServer(['--max-semi-space-size=16', 'src/main.ts'], port, {
    ...environment,
    CSO_ISSUER: `http://127.0.0.1:${port}`,
    CSO_PORT: String(port),
  })
}

function oursEnvironment(machinery: Machinery, options: OursOptions): Record<string, string> {
  const unlimited = '100000000/60'
  return {
    CSO_LOG_LEVEL: 'error',
    CSO_KEYS_DIR: join(machinery.scratch, 'keys'),
    CSO_LIMIT_SIGN_IN_PER_ADDRESS: unlimited,
    CSO_LIMIT_SIGN_IN_PER_USERNAME_AND_ADDRESS: unlimited,
    CSO_LIMIT_PAGES_PER_ADDRESS: unlimited,
    CSO_LIMIT_CLIENT_FAILURES: unlimited,
    CSO_BENCHMARK_STUB_PASSWORDS: options.stubsPasswords ? 'on' : 'off',
    ...(options.embeddedIn
      ? { CSO_DATA_DIR: options.embeddedIn }
      : {
          DATABASE_URL: options.databaseUrl ?? machinery.postgres.url,
          REDIS_URL: machinery.redis.url,
          CSO_REDIS_PREFIX: options.databaseUrl ? 'other:' : 'cso:',
        }),
  }
}

/** Migrates the database and fills it with the benchmark's clients, accounts and standings. */
export async function fillOurs(
  machinery: Machinery,
  databaseUrl = machinery.postgres.url,
): Promise<void> {
  const file = join(machinery.scratch, 'apply.json')
  await writeFile(file, applyFile())
  const child = spawnNode(['src/cli/main.ts', 'apply', file], {
    ...oursEnvironment(machinery, { stubsPasswords: false, databaseUrl }),
  })
  const code = await exitOf(child.process)
  if (code !== 0) throw new Error(`filling our server failed (${code}): ${child.errors()}`)
  await inDatabase(databaseUrl, 'UPDATE courts SET takes_links = true WHERE id = $1', [
    linkingCourt.court,
  ])
}

export async function startEngine(
  machinery: Machinery,
  algorithm: 'ES256' | 'RS256',
): Promise<Server> {
  const port = await freePort()
  return startServer(['bench/engine.ts'], port, {
    PORT: String(port),
    REDIS_URL: machinery.engineRedis.url,
    BENCH_CLIENTS: JSON.stringify(clients),
    BENCH_ALGORITHM: algorithm,
  })
}

export async function startHashServer(): Promise<Server> {
  const port = await freePort()
  return startServer(['bench/hash-server.ts'], port, { PORT: String(port) }, '/bare')
}

async function startServer(
  script: readonly string[],
  port: number,
  environment: Record<string, string>,
  path = discoveryPath,
): Promise<Server> {
  const startedAt = performance.now()
  const { process: child, errors } = spawnNode(script, environment)
  const origin = `http://127.0.0.1:${port}`
  while (!(await answers(origin + path))) {
    if (child.exitCode !== null) throw new Error(`${script.at(-1)} did not start: ${errors()}`)
    if (performance.now() - startedAt > 60_000) {
      child.kill('SIGKILL')
      throw new Error(`${script.at(-1)} did not answer within a minute: ${errors()}`)
    }
    await sleep(5)
  }
  const startMilliseconds = performance.now() - startedAt
  return {
    pid: child.pid!,
    origin,
    startMilliseconds,
    async stop() {
      child.kill('SIGTERM')
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await exitOf(child)
      clearTimeout(killer)
    },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url)
    await body.dump()
    return statusCode < 300
  } catch {
    return false
  }
}

/** Nothing of the caller's environment reaches a server but what finding programs needs. */
function spawnNode(arguments_: readonly string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...arguments_], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      // To look inside: BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=/tmp/profiles'
      NODE_OPTIONS: process.env['BENCH_NODE_OPTIONS'],
      // As `npm start` sets it.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.once(
    'exit',
    atExit(() => child.kill('SIGKILL')),
  )
  let tail = ''
  child.stderr.on('data', (chunk) => {
    tail = (tail + chunk).slice(-4000)
  })
  return { process: child, errors: () => tail }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('exit', resolve))
  }
  return child.exitCode
}
