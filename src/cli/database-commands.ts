import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
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
import { findHashedUnder } from './hashed-under.ts'
import { findSealedWith } from './sealed-with.ts'

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

const fileWords: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read by the user who runs this',
}

/**
 * `/dev/stdin` is no way in: who opens it needs rights on it, which a container's user may not have.
 * @throws Error in words. What is not UTF-8 is refused: read as if it were, "José" of a file in another
 *   encoding would be stored as another name.
 */
async function readApplyFile(path: string): Promise<string> {
  const bytes = await (path === '-' ? buffer(process.stdin) : readFile(path)).catch(
    (error: NodeJS.ErrnoException) => {
      const words = fileWords[error.code ?? '']
      throw words ? new Error(`${path}: ${words}`) : error
    },
  )
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error(`${path}: is not in UTF-8; save it in that encoding, and apply it then`)
  }
}

/** Takes the secrets and the issuer of this environment as the installation's own. */
export async function acceptKeys(config: Config, keys: Keys, by: By): Promise<number> {
  const db = await openDatabase(config.database, createLog('warn'))
  try {
    await migrateDatabase(db)
    const given = { issuer: config.issuer, keys }
    const inUse = {
      peppers: (ids: readonly string[]) => findHashedUnder(db, ids),
      sealingKeys: (ids: readonly string[]) => findSealedWith(db, ids),
    }
    const outcome = await acceptSecrets(db, given, inUse, by)
    if (outcome.ok) {
      console.log('These secrets are the ones of this installation now.')
      return 0
    }
    console.error(
      outcome.reason === 'peppers-in-use'
        ? `Passwords are stored under ${outcome.peppers.join(', ')}: put back what is missing in peppers. ` +
            'Without it they can never be verified.'
        : `Fields are sealed with ${outcome.sealingKeys.join(', ')}: put it back, then npm run cli -- accounts reseal. ` +
            'Without it nobody can read them.',
    )
    return 1
  } finally {
    await db.close()
  }
}
