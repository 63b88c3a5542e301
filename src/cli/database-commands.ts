import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { findPeppersInUse } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import type { Config } from '../config/config.ts'
import { acceptSecrets } from '../installation/accept-secrets.ts'
import { createLog } from '../log.ts'
import type { Keys } from '../signing/key-store.ts'
import { migrateDatabase } from '../storage/migrate.ts'
import { openDatabase } from '../storage/open-database.ts'
import { type ApplyOptions, type ApplyText, applyTexts } from './apply-texts.ts'
import { commandSocket, sendToServer } from './command-socket.ts'
import { withDatabase } from './context.ts'

/**
 * Applies files: through the server where one has the embedded database open, which admits no second
 * process, else on the database itself.
 */
export async function apply(
  config: Config,
  keys: Keys,
  paths: readonly string[],
  options: ApplyOptions,
): Promise<number> {
  const texts: ApplyText[] = []
  for (const path of paths) texts.push({ path, text: await readApplyFile(path) })
  const socket = commandSocket(config)
  const answer =
    (socket ? await sendToServer(socket, texts, options) : undefined) ??
    (await withDatabase(config, keys, options.isCheck ? 'as it is' : 'prepared', (context) =>
      applyTexts(context, texts, options),
    ))
  for (const line of answer.lines) console.log(line)
  for (const problem of answer.problems) console.error(problem)
  return answer.code
}

/** `/dev/stdin` is no way in: who opens it needs rights on it, which a container's user may not have. */
function readApplyFile(path: string): Promise<string> {
  return path === '-' ? text(process.stdin) : readFile(path, 'utf8')
}

/** Takes the secrets and the issuer of this environment as the installation's own. */
export async function acceptKeys(config: Config, keys: Keys, by: By): Promise<number> {
  const db = await openDatabase(config.database, createLog('warn'))
  try {
    await migrateDatabase(db)
    const given = { issuer: config.issuer, keys }
    const outcome = await acceptSecrets(db, given, (ids) => findPeppersInUse(db, ids), by)
    if (outcome.ok) {
      console.log('These secrets are the ones of this installation now.')
      return 0
    }
    console.error(
      `Passwords are stored under ${outcome.peppers.join(', ')}: put back what is missing in peppers. ` +
        'Without it they can never be verified.',
    )
    return 1
  } finally {
    await db.close()
  }
}
