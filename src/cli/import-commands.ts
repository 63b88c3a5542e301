import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createPasswords } from '../accounts/password.ts'
import type { By } from '../audit/by.ts'
import { checkImport, importAccounts } from '../efiling/imported/import-accounts.ts'
import { importRefusalText, importSentences } from '../efiling/imported/import-words.ts'
import { maximumImportBytes } from '../efiling/imported/read-import.ts'
import { isCourtId } from '../ids.ts'
import type { Context } from './context.ts'

/** Imports the accounts of a court's old system from a file, or tells what it would change. */
export async function importFile(
  { config, keys, db }: Context,
  [court, path]: readonly [string, string],
  { isDryRun, by }: { readonly isDryRun: boolean; readonly by: By },
): Promise<number> {
  if (!isCourtId(court)) {
    console.error(`${court} is no court: courts are named as in ncwd`)
    return 1
  }
  const bytes = await read(path)
  if (!bytes) return 1
  const { peppers } = keys.secrets
  const passwords = createPasswords({ ...config.password, peppers, isStubbed: false })
  const deps = { db, passwords }
  const file = { courtId: court, name: basename(path), bytes }
  const bar = progressBar(process.stderr)
  try {
    const done = isDryRun
      ? await checkImport(deps, file, bar.show)
      : await importAccounts(deps, file, by, bar.show)
    bar.end()
    if (done.ok) {
      for (const { line, text } of done.value.takenLines) console.log(`line ${line}: ${text}`)
      const sentences = importSentences(done.value, isDryRun ? 'would' : 'did')
      for (const sentence of sentences) console.log(sentence)
      return 0
    }
    if (done.reason === 'wrong-lines') {
      for (const { line, text } of done.lines) console.error(`line ${line}: ${text}`)
    }
    console.error(`Nothing was imported. ${importRefusalText(done)}`)
    return 1
  } finally {
    bar.end()
    await passwords.close()
  }
}

/** Its size is looked at first. @returns undefined when it cannot be read, which was said. */
async function read(path: string): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(path)
    if (size <= maximumImportBytes) return await readFile(path)
    console.error(`${path} has more than ${maximumImportBytes / 1024 / 1024} MB: split the file`)
  } catch (error) {
    console.error(`${path} cannot be read: ${(error as Error).message}`)
  }
  return undefined
}

const barWidth = 30

/** On a terminal; elsewhere nothing, since it would be lines of a log. */
function progressBar(out: NodeJS.WriteStream) {
  let isShown = false
  return {
    show(done: number, all: number): void {
      if (!out.isTTY) return
      isShown = true
      const share = all === 0 ? 1 : done / all
      const filled = Math.round(share * barWidth)
      const bar = `${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}`
      out.write(`\r[${bar}] ${Math.floor(share * 100)} %  ${done} of ${all}`)
    },
    end(): void {
      if (isShown) out.write('\n')
      isShown = false
    },
  }
}
