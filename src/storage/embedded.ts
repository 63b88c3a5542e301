import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { dataDir as readEmptyDatabase } from '@electric-sql/pglite-prepopulatedfs'
import { StartupError } from '../errors.ts'

export type Embedded = {
  readonly pglite: PGlite
  close(): Promise<void>
}

/** Folders that this process has open: its own pid in a lock file is not proof of that. */
const openHere = new Set<string>()

/**
 * PostgreSQL inside this process, its files in `dataDir/pglite`, or nowhere for `:memory:`.
 * @throws StartupError when the folder is in use, cannot be written or does not hold a database.
 */
export async function openEmbedded(dataDir: string): Promise<Embedded> {
  if (dataDir === ':memory:') {
    const pglite = await PGlite.create({ loadDataDir: await readEmptyDatabase() })
    return { pglite, close: () => pglite.close() }
  }
  const directory = resolve(dataDir, 'pglite')
  const unlock = lockFolder(resolve(dataDir))
  try {
    const pglite = await openDirectory(directory)
    return {
      pglite,
      async close() {
        await pglite.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw new StartupError([`the embedded database in ${directory} does not open: ${error}`])
  }
}

/**
 * A new one is unpacked, not made: `initdb` takes two seconds of a first start. What was not unpacked to
 * its end (the process was killed) is begun anew: nobody has written to it.
 */
async function openDirectory(directory: string): Promise<PGlite> {
  const unfinished = `${directory}.unfinished`
  if (existsSync(unfinished)) rmSync(directory, { recursive: true, force: true })
  else if (existsSync(directory)) return PGlite.create(directory)
  writeFileSync(unfinished, '')
  const pglite = await PGlite.create(directory, { loadDataDir: await readEmptyDatabase() })
  rmSync(unfinished)
  return pglite
}

/**
 * Two processes on the same files would destroy them. The lock is a file holding the pid of its
 * owner; one left behind by a process that is gone (or by an earlier one with our own pid, as in a
 * container) is taken over.
 * @returns gives the folder free again.
 */
function lockFolder(folder: string): () => void {
  const file = join(folder, 'pglite.lock')
  const write = () => writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (openHere.has(folder)) throw inUse(folder, file, process.pid)
    try {
      write()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const owner = Number(readFileSync(file, 'utf8'))
      if (owner !== process.pid && isAlive(owner)) throw inUse(folder, file, owner)
      rmSync(file, { force: true })
      write()
    }
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError([`the data folder ${folder} cannot be locked: ${error}`])
  }
  openHere.add(folder)
  return () => {
    openHere.delete(folder)
    rmSync(file, { force: true })
  }
}

function inUse(folder: string, file: string, pid: number): StartupError {
  return new StartupError([
    `the data folder ${folder} is in use by process ${pid}; stop it first, use PostgreSQL ` +
      `(DATABASE_URL) for several processes, or remove ${file} if that is another program`,
  ])
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
