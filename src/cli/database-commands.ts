import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { findPeppersInUse } from '../accounts/store.ts'
import { sealEvents, verifyChain } from '../audit/chain.ts'
import type { Actor } from '../audit/events.ts'
import type { Config } from '../config.ts'
import { acceptSecrets } from '../installation/accept-secrets.ts'
import { createLog } from '../log.ts'
import { prepareDatabase, saveClientRules } from '../services.ts'
import type { Keys } from '../signing/key-store.ts'
import { type Database, openDatabase } from '../storage/db.ts'
import { migrateDatabase } from '../storage/migrate.ts'
import { applyFile } from './apply.ts'
import { type ParsedApplyFile, parseApplyFile } from './apply-file.ts'
import { planLines, problemLine } from './print-plan.ts'

/** What the commands on the database work with; each of them returns the exit code. */
export type Context = { readonly config: Config; readonly keys: Keys; readonly db: Database }

/** Opens the database, brings it to this release, and closes it after the work. */
export async function withDatabase(
  config: Config,
  keys: Keys,
  work: (context: Context) => Promise<number>,
): Promise<number> {
  const db = await openDatabase(config.database, createLog('warn'))
  try {
    await prepareDatabase(db, config, keys)
    return await work({ config, keys, db })
  } finally {
    await db.close()
  }
}

/** `withDatabase` has done it. */
export function migrate(): number {
  console.log('The database is up to date.')
  return 0
}

export type ApplyOptions = {
  readonly by: Actor
  /** Tells what would be done, and writes nothing. */
  readonly isCheck: boolean
}

/** All files are read before the first is applied; each is applied as a whole, or not at all. */
export async function apply(
  { config, keys, db }: Context,
  paths: readonly string[],
  { by, isCheck }: ApplyOptions,
): Promise<number> {
  const clientRules = saveClientRules(config, keys)
  const deps = { db, config, peppers: keys.secrets.peppers, clientRules }
  const files: { path: string; parsed: ParsedApplyFile }[] = []
  for (const path of paths) files.push({ path, parsed: parseApplyFile(await readApplyFile(path)) })
  const areAllRead = files.every(({ parsed }) => parsed.ok)
  let isRefused = false
  for (const { path, parsed } of files) {
    const file = parsed.ok ? parsed.value : parsed.rest
    const plan = await applyFile(deps, file, { by, writes: !isCheck && areAllRead })
    const problems = [...(parsed.ok ? [] : parsed.problems), ...plan.problems]
    problems.sort((a, b) => a.line - b.line || a.column - b.column)
    isRefused ||= problems.length > 0
    for (const line of planLines(path, { ...plan, problems }, { isCheck, isWritten: areAllRead })) {
      console.log(line)
    }
    for (const problem of problems) console.error(problemLine(path, problem))
  }
  return isRefused ? 1 : 0
}

/** `/dev/stdin` is no way in: who opens it needs rights on it, which a container's user may not have. */
function readApplyFile(path: string): Promise<string> {
  return path === '-' ? text(process.stdin) : readFile(path, 'utf8')
}

/** From the last checkpoint on; with `all` from the first event. */
export async function verifyAudit({ db, keys }: Context, all: boolean): Promise<number> {
  await sealEvents(db)
  const report = await verifyChain(db, keys.secrets.checkpoints, { all })
  if (!report.ok) {
    console.error(`The audit is broken at event ${report.brokenAt}, after ${report.sealed}.`)
    return 1
  }
  const { sealed, skipped } = report
  console.log(
    skipped > 0
      ? `The audit is intact: ${sealed} events, ${sealed - skipped} of them since the last check. (--all walks all of them.)`
      : `The audit is intact: ${sealed} events.`,
  )
  return 0
}

/** Takes the secrets and the issuer of this environment as the installation's own. */
export async function acceptKeys(config: Config, keys: Keys): Promise<number> {
  const db = await openDatabase(config.database, createLog('warn'))
  try {
    await migrateDatabase(db)
    const given = { issuer: config.issuer, keys }
    const outcome = await acceptSecrets(db, given, (ids) => findPeppersInUse(db, ids))
    if (outcome.ok) {
      console.log('These secrets are the ones of this installation now.')
      return 0
    }
    console.error(
      `Passwords are stored under ${outcome.peppers?.join(', ')}: put back what is missing in peppers. ` +
        'Without it they can never be verified.',
    )
    return 1
  } finally {
    await db.close()
  }
}
