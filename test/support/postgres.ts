import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { findPostgres } from '../../scripts/services.mjs'
import { freePort } from './free-port.ts'
import { noteOpened } from './open-things.ts'
import {
  type ServerProcess,
  type SystemUser,
  startServer,
  temporaryFolder,
  unprivilegedUser,
} from './server-process.ts'

/** The databases of a test run that are copied: empty, or with the courts as a start loads them. */
export const templates = { migrated: 'cso_template', withCourts: 'cso_template_with_courts' }

export type PostgresServer = {
  /** Of one database; without a name that of `postgres`, from which databases are created. */
  url(databaseName?: string): string
  /** Of the postmaster; changes with `restart()`. */
  readonly pid: number
  readonly port: number
  /** A new database, empty or a copy of `template`; its URL. */
  createDatabase(template?: string): Promise<string>
  dropDatabase(url: string): Promise<void>
  /** Stops the postmaster and all its children by signal: clients see a server that hangs. */
  pause(): void
  resume(): void
  /** `kill -9` for the postmaster and all its children. */
  kill(): Promise<void>
  /** On the same port and files, whether it is running, hung or dead. */
  restart(): Promise<void>
  stop(): Promise<void>
}

// What is committed must survive `kill -9`, so it is written at once; a power cut it need not survive.
const settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  autovacuum_naptime: '1h',
  log_statement: 'none',
}

/**
 * A PostgreSQL server of its own, on loopback, on a port and in a folder that nobody else uses.
 * `extra`: further settings, for example `{ log_statement: 'all' }`.
 */
export async function startPostgres(extra: Record<string, string> = {}): Promise<PostgresServer> {
  const owner = unprivilegedUser()
  const folder = temporaryFolder('postgres', owner)
  const dataDir = join(folder.path, 'data')
  try {
    await initialise(dataDir, owner)
    let port = await freePort()
    let server: ServerProcess
    const start = () => startOn(port, folder.path, dataDir, owner, { ...settings, ...extra })
    try {
      server = await start()
    } catch {
      // Somebody may have taken the port between our looking and PostgreSQL's listening.
      port = await freePort()
      server = await start()
    }
    const url = (databaseName = 'postgres') =>
      `postgresql://postgres@127.0.0.1:${port}/${databaseName}`
    return {
      url,
      port,
      get pid() {
        return server.pid
      },
      createDatabase: (template) => createDatabase(url(), template),
      dropDatabase,
      pause: () => server.pause(),
      resume: () => server.resume(),
      kill: () => server.kill(),
      async restart() {
        if (server.isRunning()) await server.end('SIGINT')
        server = await start()
      },
      async stop() {
        if (server.isRunning()) await server.end('SIGQUIT')
        folder.remove()
        for (const [database, noteClosed] of databases) {
          if (new URL(database).port === String(port)) noteClosed()
        }
      },
    }
  } catch (error) {
    folder.remove()
    throw error
  }
}

/** How to say that a database is gone, by its URL. */
const databases = new Map<string, () => void>()

async function initialise(dataDir: string, owner: SystemUser) {
  await promisify(execFile)(
    program('initdb'),
    [
      ...['--pgdata', dataDir, '--username', 'postgres', '--auth', 'trust', '--no-sync'],
      ...['--encoding', 'UTF8', '--locale', 'C.UTF-8'],
    ],
    { ...owner, cwd: '/' },
  )
}

function startOn(
  port: number,
  folder: string,
  dataDir: string,
  user: SystemUser,
  values: Record<string, string>,
) {
  const all = { ...values, port: String(port), unix_socket_directories: '' }
  return startServer({
    command: program('postgres'),
    args: [
      '-D',
      dataDir,
      ...Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    logFile: join(folder, 'postgres.log'),
    user,
    // Its "immediate shutdown", which takes the children along.
    exitSignal: 'SIGQUIT',
    isReady: async () => {
      await runSql(`postgresql://postgres@127.0.0.1:${port}/postgres`, 'select 1')
      return true
    },
  })
}

function program(name: string): string {
  const path = findPostgres(name)
  if (!path) throw new Error(`PostgreSQL's ${name} is not on this machine`)
  return path
}

/**
 * A new database on the server of `serverUrl`, empty or a copy of `template` (to which nobody may be
 * connected); the URL of the new one.
 */
export async function createDatabase(
  serverUrl: string,
  template = 'template0',
  name = `cso_${randomBytes(6).toString('hex')}`,
): Promise<string> {
  await runSql(serverUrl, `create database "${name}" template "${template}"`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  databases.set(url.href, noteOpened(`the database ${name}`))
  return url.href
}

/** Drops the database of this URL, and the connections that somebody left open to it. */
export async function dropDatabase(url: string): Promise<void> {
  const server = new URL(url)
  const name = server.pathname.slice(1)
  server.pathname = '/postgres'
  await runSql(server.href, `drop database if exists "${name}" with (force)`)
  databases.get(url)?.()
}

async function runSql(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  // The server may go away while it is being asked; the query's own failure says so.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
