import { Writable } from 'node:stream'
import { inject } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { byOperator } from '../../src/audit/by.ts'
import { applyFile } from '../../src/cli/apply.ts'
import { parseApplyFile } from '../../src/cli/apply-file.ts'
import { type Config, loadConfig } from '../../src/config/config.ts'
import { createLimitedServer } from '../../src/http/server.ts'
import { createLog } from '../../src/log.ts'
import { problemText } from '../../src/problem.ts'
import { openServices, registrationRules, type Services } from '../../src/services.ts'
import { loadKeys } from '../../src/signing/key-store.ts'
import { cloneDatabase } from './database.ts'
import { copyEmbedded } from './embedded.ts'
import { freePort } from './free-port.ts'
import { giveSigningKeys } from './keys.ts'
import { nobodysMail } from './mail-server.ts'
import { becomes } from './measure.ts'
import { noteOpened } from './open-things.ts'
import { newKeyPrefix } from './redis.ts'
import { temporaryFolder } from './server-process.ts'

export type SignOn = {
  readonly issuer: string
  readonly config: Config
  readonly services: Services
  /** Every line this server logged, as text. */
  readonly logLines: string[]
  /** Applies clients, accounts and standings, given as the members of an apply file. */
  apply(file: object): Promise<void>
  stop(): Promise<void>
}

export type SignOnOptions = {
  /** `redis` is the usual installation; `database` has no Redis; `embedded` has neither. */
  storage?: 'redis' | 'database' | 'embedded'
  /** Further settings, by their names in the environment. */
  settings?: Record<string, string>
  /** Where the browser finds it; without it, the address it listens on. */
  issuer?: string
  port?: number
  /** Returns at once where PostgreSQL is away at the start. */
  mayBeUnprepared?: boolean
  /** Adds a page of the test's own behind ours. */
  extend?(app: App, issuer: string): void
  /** Shares the database, the Redis prefix and the keys of another instance. */
  beside?: SignOn
}

/** High enough that tests from one address never meet a limit they do not test. */
export const generousLimits = {
  CSO_LIMIT_SIGN_IN_PER_ADDRESS: '100000/60',
  CSO_LIMIT_SIGN_IN_PER_USERNAME_AND_ADDRESS: '100000/60',
  CSO_LIMIT_FAILURES_PER_WIDE_NETWORK: '100000/60',
  CSO_LIMIT_PAGES_PER_ADDRESS: '1000000/60',
  CSO_LIMIT_RECOVERY_MAILS_PER_ADDRESS: '100000/60',
  CSO_LIMIT_CLIENT_FAILURES: '100000/60',
  CSO_LIMIT_REGISTRATION_MAILS_PER_EMAIL: '100000/60',
  CSO_LIMIT_REGISTRATION_MAILS_PER_ADDRESS: '100000/60',
}

/**
 * Starts the real server on a free port, with a database, a Redis prefix and secrets of its own. The
 * signing keys are the run's, and its database knows the courts already.
 */
export async function startSignOn(options: SignOnOptions = {}): Promise<SignOn> {
  const port = options.port ?? (await freePort())
  const storage = options.storage ?? 'redis'
  const folder = temporaryFolder('sign-on')
  const shared = options.beside?.config
  const database = shared || storage === 'embedded' ? undefined : await cloneDatabase('withCourts')
  const data = storage === 'embedded' ? await copyEmbedded('withCourts') : undefined
  giveSigningKeys(folder.path)
  const issuer = options.issuer ?? shared?.issuer ?? `http://localhost:${port}`
  const config = loadConfig({
    CSO_ISSUER: issuer,
    CSO_PORT: String(port),
    CSO_HOST: '127.0.0.1',
    CSO_DATA_DIR: data?.path ?? ':memory:',
    CSO_KEYS_DIR: shared?.keys.directory ?? folder.path,
    CSO_LOG_LEVEL: 'debug',
    DATABASE_URL: shared ? shared.database.url : database?.url,
    ...(storage === 'redis' && {
      REDIS_URL: shared?.redis?.url ?? inject('redisUrl'),
      CSO_REDIS_PREFIX: shared?.redis?.prefix ?? newKeyPrefix(),
    }),
    ...generousLimits,
    // Tests shift the time of this process by faking `Date`, and the database's stays.
    CSO_CLOCK_TOLERANCE: '1000000000',
    ...(issuer.startsWith('https:') && nobodysMail),
    ...options.settings,
  })
  const logLines: string[] = []
  const log = createLog(
    config.logLevel,
    new Writable({
      write(chunk, _encoding, done) {
        logLines.push(String(chunk))
        done()
      },
    }),
  )
  const services = await openServices(config, await loadKeys(config), log)
  // On a busy machine the first try may run out of its time; the server tries again by itself.
  if (!options.mayBeUnprepared) {
    await becomes('the database is prepared', 20_000, async () => services.isPrepared())
  }
  const app = createApp(config, services)
  options.extend?.(app, config.issuer)
  const server = createLimitedServer(app.application.callback(), log)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const noteClosed = noteOpened(`Central Sign-On at ${config.issuer}`)

  return {
    issuer: config.issuer,
    config,
    services,
    logLines,
    async apply(file) {
      const parsed = parseApplyFile(JSON.stringify(file))
      if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
      const { db, keys } = services
      const clientRules = registrationRules(config, keys)
      const { peppers } = keys.secrets
      const deps = { db, config, peppers, clientRules }
      const plan = await applyFile(deps, parsed.value, { by: byOperator('test'), writes: true })
      if (plan.problems.length > 0) throw new Error(plan.problems.map(problemText).join('\n'))
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await services.close()
      await database?.drop()
      data?.remove()
      folder.remove()
      noteClosed()
    },
  }
}

/** Failed sign-ins that count at this moment, of everybody together. */
export async function countSignInFailures(signOn: SignOn): Promise<number> {
  const rows = await signOn.services.db.prisma.signInFailures.findMany()
  return rows.reduce((sum, row) => sum + row.failures, 0)
}
