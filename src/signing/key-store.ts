import { chmod, link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { StartupError } from '../errors.ts'
import { randomToken } from '../ids.ts'
import type { Outcome } from '../outcome.ts'
import { createKeySet, type KeySet, parseKeySet, serializeKeySet } from './key-set.ts'
import { createSecrets, parseSecrets, type Secrets } from './secrets.ts'
import type { Unusable } from './unusable.ts'

export type Keys = { readonly signing: KeySet; readonly secrets: Secrets }

/**
 * Loads the signing keys and secrets from a variable, a file, or in development from the keys
 * folder, where a first start creates them.
 * @throws StartupError with one line per source that is missing, corrupt, readable by everyone, or
 * made for development where this is production.
 */
export async function loadKeys(config: Config): Promise<Keys> {
  const { directory, signingKeys, signingKeysFile, secrets, secretsFile } = config.keys
  const isProduction = config.environment === 'production'
  const problems: string[] = []

  const load = async <Value extends { isDevelopment: boolean }>(
    name: string,
    source: { variable: string | undefined; file: string | undefined; folderFile: string },
    create: () => Promise<string>,
    parse: (text: string) => Outcome<Value, Unusable>,
  ): Promise<Value | undefined> => {
    const path = source.file ?? join(directory, source.folderFile)
    const label = source.variable ? `the ${name} in the environment` : `${name} file ${path}`
    try {
      if (!source.variable && !source.file && !isProduction) await createOnce(path, create)
      const parsed = parse(source.variable ?? (await readPrivateFile(path)))
      if (!parsed.ok) problems.push(`${label}: ${parsed.problem}`)
      else if (isProduction && parsed.value.isDevelopment) {
        problems.push(`${label}: was made for development and is refused in production`)
      } else return parsed.value
    } catch (error) {
      problems.push(`${label}: ${readProblem(error)}`)
    }
    return undefined
  }

  const loadedSigning = await load(
    'signing keys',
    { variable: signingKeys, file: signingKeysFile, folderFile: 'signing-keys.json' },
    async () => serializeKeySet(await createKeySet({ isDevelopment: true })),
    parseKeySet,
  )
  const loadedSecrets = await load(
    'secrets',
    { variable: secrets, file: secretsFile, folderFile: 'secrets.json' },
    async () => createSecrets({ isDevelopment: true }),
    parseSecrets,
  )
  if (!loadedSigning || !loadedSecrets) throw new StartupError(problems)
  return { signing: loadedSigning, secrets: loadedSecrets }
}

/**
 * Writes a new file that only its owner can read. Two processes may start at once: the file is
 * completed under another name and linked into place, and whoever comes second keeps the first's.
 * @returns whether the file is this one; false where there was one already.
 */
export async function createOnce(path: string, create: () => Promise<string>): Promise<boolean> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  )
  if (exists) return false
  await mkdir(join(path, '..'), { recursive: true })
  const temporary = `${path}.${randomToken(8)}`
  await writeFile(temporary, await create(), { mode: 0o600, flag: 'wx' })
  await chmod(temporary, 0o600)
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    await unlink(temporary)
  }
}

async function readPrivateFile(path: string): Promise<string> {
  const { mode } = await stat(path)
  if (mode & 0o007) throw new ReadableByEveryone()
  return readFile(path, 'utf8')
}

class ReadableByEveryone extends Error {}

function readProblem(error: unknown): string {
  if (error instanceof ReadableByEveryone) {
    return 'can be read by everyone on this machine; allow only its owner (chmod 600)'
  }
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'does not exist'
  return `cannot be read (${code ?? 'unknown error'})`
}
