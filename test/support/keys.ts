import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

/** Puts the run's signing keys into a folder for keys, where the server would make its own. */
export function giveSigningKeys(folder: string): void {
  writeFileSync(join(folder, 'signing-keys.json'), inject('signingKeys'), { mode: 0o600 })
}
