import { createGuessCounter } from './accounts/guessability.ts'
import { markAddressRefused } from './accounts/mark-address-refused.ts'
import { createPasswords, type Passwords } from './accounts/password.ts'
import { createPasswordPolicy, type PasswordPolicy } from './accounts/password-policy.ts'
import { answerRecovery } from './accounts/recovery/answer-recovery.ts'
import { createRefusalTally, type RefusalTally } from './audit/refusal-tally.ts'
import { type ClientDirectory, createClientDirectory } from './clients/directory.ts'
import { ensurePortal } from './clients/portal.ts'
import { listClientsWithoutPkce } from './clients/store.ts'
import { registrationWarnings } from './clients/warnings.ts'
import { type ClockWatch, startClockWatch } from './clock-watch.ts'
import type { Config } from './config/config.ts'
import { loadCourts } from './courts/load-courts.ts'
import { markRefusedAtCourt } from './efiling/go-live/mark-refused-mail.ts'
import { tellOfChange } from './efiling/go-live/tell-of-change.ts'
import { configurationError, StartupError } from './errors.ts'
import { confirmInstallation } from './installation/confirm-installation.ts'
import { type JobWorker, startWorker } from './jobs/worker.ts'
import type { Log } from './log.ts'
import { createMailbox, type Mailbox } from './mail/mailbox.ts'
import { sendMail } from './mail/send-mail.ts'
import { createSmtpTransport } from './mail/transport.ts'
import { mailKinds } from './mail-kinds.ts'
import { assuranceLevels } from './oidc/assurance.ts'
import { createMetadataCheck } from './oidc/check-metadata.ts'
import { createOutages, type Outages } from './outages.ts'
import { recurringJobs } from './recurring-jobs.ts'
import type { Keys } from './signing/key-store.ts'
import { type Database, isStorageFault } from './storage/db.ts'
import { outageName } from './storage/faults.ts'
import { migrateDatabase } from './storage/migrate.ts'
import { openDatabase } from './storage/open-database.ts'
import { openRedis, type RedisStore } from './storage/redis.ts'
import { createWindowCounter } from './storage/window-counter.ts'
import { startWarnings, type Warnings } from './warnings.ts'

/** Everything that is opened once and closed at the end. */
export type Services = {
  readonly log: Log
  readonly keys: Keys
  readonly db: Database
  readonly redis: RedisStore | undefined
  readonly directory: ClientDirectory
  readonly passwords: Passwords
  /** Whether somebody may have a new password. */
  readonly passwordPolicy: PasswordPolicy
  readonly outages: Outages
  readonly clock: ClockWatch
  /** What will stop working within thirty days, and dead jobs, in sentences for the operator. */
  readonly warnings: Warnings
  readonly refusals: RefusalTally
  /** Where mails are while there is no mail server. */
  readonly mailbox: Mailbox | undefined
  /** Whether the schema is in place and the reference data loaded; false while PostgreSQL is away. */
  isPrepared(): boolean
  close(): Promise<void>
}

const prepareAgainMilliseconds = 1000

/**
 * Opens the stores. PostgreSQL and Redis may be away: the process starts, answers 503, and is ready
 * by itself once they are there.
 * @throws StartupError for a database that cannot be used.
 */
export async function openServices(config: Config, keys: Keys, log: Log): Promise<Services> {
  const outages = createOutages(log, outageName)
  const db = await openDatabase(config.database, log)
  const redis = config.redis && openRedis(config.redis, log)
  const passwords = createPasswords({ peppers: keys.secrets.peppers, ...config.password })
  const guesses = createGuessCounter()

  const refusals = createRefusalTally(db, log)
  const smtp = config.mail && createSmtpTransport(config.mail)
  const mailbox = createMailbox()
  const sending = sendMail({
    db,
    issuer: config.issuer,
    key: keys.secrets.identifiers,
    transport: smtp ?? mailbox,
    words: mailKinds,
    markAddressRefused,
    markRefusedAtCourt,
  })

  const answering = answerRecovery({
    db,
    key: keys.secrets.identifiers,
    mailsPerAccount: createWindowCounter('recovery-mails', config.limits.recoveryMailsPerAccount, {
      db,
      redis,
    }),
  })

  let isPrepared = false
  let jobs: JobWorker | undefined
  const prepare = async () => {
    await prepareDatabase(db, config, keys)
    // A command may run with another address of this machine; the pages are the server's.
    await ensurePortal(db, config.issuer, registrationRules(config, keys))
    await warnOfRegistrations(db, log)
    const list = { recurring: recurringJobs(db), queued: [sending, answering, tellOfChange(db)] }
    jobs = await startWorker(db, list, { log, outages })
    isPrepared = true
  }
  let retry: NodeJS.Timeout | undefined
  const prepareOrRetry = async (): Promise<void> => {
    try {
      await prepare()
    } catch (error) {
      if (!isStorageFault(error)) throw error
      outages.note(error)
      retry = setTimeout(() => {
        prepareOrRetry().catch((fault: unknown) => {
          const problems = fault instanceof StartupError ? fault.problems : undefined
          log.fatal(problems ? { problems } : { error: fault }, 'the database cannot be prepared')
          process.exitCode = problems ? configurationError : 1
          process.kill(process.pid, 'SIGTERM')
        })
      }, prepareAgainMilliseconds)
    }
  }
  try {
    await prepareOrRetry()
  } catch (error) {
    // What stays open would keep a process alive that serves nobody.
    await redis?.close()
    await db.close()
    throw error
  }
  const clock = startClockWatch(
    db,
    { log, outages },
    { toleranceSeconds: config.clockToleranceSeconds },
  )
  const warnings = startWarnings(db, keys.signing, { log, isPrepared: () => isPrepared })

  return {
    log,
    keys,
    db,
    redis,
    directory: createClientDirectory(db),
    passwords,
    passwordPolicy: createPasswordPolicy({ guesses }),
    outages,
    clock,
    warnings,
    refusals,
    mailbox: smtp ? undefined : mailbox,
    isPrepared: () => isPrepared,
    async close() {
      clearTimeout(retry)
      clock.stop()
      warnings.stop()
      await jobs?.stop()
      await passwords.close()
      await guesses.close()
      await refusals.close()
      await redis?.close()
      await db.close()
    },
  }
}

/** Schema and courts, of this installation; safe to run in two processes at once, and again. */
export async function prepareDatabase(db: Database, config: Config, keys: Keys): Promise<void> {
  await migrateDatabase(db)
  await confirmInstallation(db, config.issuer, keys)
  await loadCourts(db)
}

/** What should not stay as it is in a registration is in the log of every start. */
async function warnOfRegistrations(db: Database, log: Log): Promise<void> {
  for (const { id, metadata } of await listClientsWithoutPkce(db)) {
    for (const warning of registrationWarnings(metadata))
      log.warn({ clientId: id, warning }, 'client')
  }
}

/** The rules under which clients are registered in this environment. */
export function registrationRules(config: Config, keys: Keys) {
  return {
    isConformance: config.isConformance,
    allowsLoopback: config.environment === 'development',
    levels: assuranceLevels,
    checkWithEngine: createMetadataCheck(config.issuer, keys.signing),
  }
}
