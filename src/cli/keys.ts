import { join } from 'node:path'
import { createKeySet, type KeySet, serializeKeySet } from '../signing/key-set.ts'
import { createOnce } from '../signing/key-store.ts'
import { createSecrets } from '../signing/secrets.ts'

type KeyFile = { readonly path: string; readonly isNew: boolean }
export type KeyFiles = { readonly signingKeys: KeyFile; readonly secrets: KeyFile }

/**
 * Writes `signing-keys.json` and `secrets.json` for an installation, readable by their owner only.
 * Files that exist are kept: overwriting them would end every session and every password.
 * @returns the paths, and which of them were there already.
 */
export async function createKeyFiles(directory: string): Promise<KeyFiles> {
  const signingKeys = join(directory, 'signing-keys.json')
  const secrets = join(directory, 'secrets.json')
  const areKeysNew = await createOnce(signingKeys, async () =>
    serializeKeySet(await createKeySet({ isDevelopment: false })),
  )
  const areSecretsNew = await createOnce(secrets, async () =>
    createSecrets({ isDevelopment: false }),
  )
  return {
    signingKeys: { path: signingKeys, isNew: areKeysNew },
    secrets: { path: secrets, isNew: areSecretsNew },
  }
}

/** The same at the command line. @returns the exit code. */
export async function createKeys(directory: string): Promise<number> {
  const files = await createKeyFiles(directory)
  for (const { path, isNew } of [files.signingKeys, files.secrets]) {
    console.log(isNew ? `wrote ${path}` : `kept ${path}, which was there already`)
  }
  return 0
}

/** One line per key: id, algorithm, and whether it signs. */
export function listKeys(set: KeySet): string[] {
  const signing = new Set<string>()
  return set.keys.map((key) => {
    const isFirst = !signing.has(key.alg)
    signing.add(key.alg)
    return `${key.kid}  ${key.alg}  ${isFirst ? 'signs' : 'verifies only'}`
  })
}
