import { join } from 'node:path'
import { createKeySet, type KeySet, serializeKeySet } from '../signing/key-set.ts'
import { createOnce } from '../signing/key-store.ts'
import { createSecrets } from '../signing/secrets.ts'

/**
 * Writes `signing-keys.json` and `secrets.json` for an installation, readable by their owner only.
 * Files that exist are kept: overwriting them would end every session and every password.
 * @returns the paths.
 */
export async function createKeyFiles(directory: string): Promise<string[]> {
  const signingKeys = join(directory, 'signing-keys.json')
  const secrets = join(directory, 'secrets.json')
  await createOnce(signingKeys, async () =>
    serializeKeySet(await createKeySet({ isDevelopment: false })),
  )
  await createOnce(secrets, async () => createSecrets({ isDevelopment: false }))
  return [signingKeys, secrets]
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
