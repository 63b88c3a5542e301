import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { UnavailableError } from '../errors.ts'
import type { countGuesses, Guessability, GuessTask } from './guess-thread.ts'
import { isThreadGone } from './password.ts'

/** How hard passwords are to guess. */
export type GuessCounter = {
  /** @throws UnavailableError when too many are waiting, or no thread can be had. */
  count(task: GuessTask): Promise<Guessability>
  close(): Promise<void>
}

/** The dictionaries are read again by who comes later; until then they take no memory. */
const idleMilliseconds = 60_000
const maximumWaiting = 16
/** Reading the dictionaries and looking at the longest password take a fifth of it. */
const longestMilliseconds = 5000

/**
 * Counts in a thread of its own: a long password takes tens of milliseconds, and the dictionaries are
 * read when somebody chooses a password, and let go of a minute after the last one did.
 */
export function createGuessCounter(): GuessCounter {
  const pool = new Piscina<GuessTask, ReturnType<typeof countGuesses>>({
    filename: fileURLToPath(new URL('./guess-thread.ts', import.meta.url)),
    name: 'countGuesses',
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleMilliseconds,
    maxQueue: maximumWaiting,
    niceIncrement: 10,
    resourceLimits: { maxOldGenerationSizeMb: 160, maxYoungGenerationSizeMb: 16 },
    recordTiming: false,
  })
  // As with the threads that hash: who waits for a thread that cannot start is told to come back.
  pool.on('error', () => void pool.destroy())
  return {
    async count(task) {
      if (pool.queueSize >= maximumWaiting) {
        throw new UnavailableError('too many new passwords are waiting to be looked at')
      }
      const signal = AbortSignal.timeout(longestMilliseconds)
      return pool.run(task, { signal }).catch((error: unknown) => {
        if (!isThreadGone(error)) throw error
        throw new UnavailableError('a thread that counts guesses has ended', { cause: error })
      })
    },
    close: () => pool.destroy(),
  }
}
