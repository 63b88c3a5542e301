import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { UnavailableError } from '../errors.ts'
import type { Pepper } from '../signing/secrets.ts'
import type { Argon2Task, computeArgon2id } from './argon2-thread.ts'

/**
 * argon2id with 19 MiB, two passes, one lane, then HMAC-SHA-256 under a pepper that is not in the
 * database: a dump alone cannot be guessed against.
 * Source: RFC 9106; OWASP Password Storage Cheat Sheet; NIST SP 800-63B-4 section 3.1.1.2.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const tagLength = 32

/**
 * A hash takes a core for ten milliseconds, everything else here takes it for less than one. So it
 * runs in threads of its own whose priority is lower, and which rest between two hashes, the longer
 * the busier this process is: who is signed in does not wait for who signs in.
 */
const lowerPriorityBy = 10

/** Capped before normalising: NFC over a long run of combining marks blocks the process. */
export const maximumPasswordBytes = 1024

export type PasswordCheck = 'match' | 'match-but-outdated' | 'mismatch'

export type Passwords = {
  /** The string to store; throws a RangeError beyond `maximumPasswordBytes`. */
  hash(password: string): Promise<string>
  /**
   * Compares a password with the stored string. Without one (no such account) it works just as long
   * and answers `mismatch`. `match-but-outdated`: store a fresh hash.
   * @throws UnavailableError when too many are waiting already, or no thread can be had.
   */
  verify(password: string, stored: string | undefined): Promise<PasswordCheck>
  /** Other hashes in the same threads, in the same waiting line. @throws as `verify` does. */
  inThread<Task extends Resting, Answer>(
    work: ThreadWork<Task, Answer>,
    task: Omit<Task, keyof Resting>,
  ): Promise<Answer>
  /** The first one is laid over new hashes; the others verify older ones. */
  readonly peppers: readonly [Pepper, ...Pepper[]]
  close(): Promise<void>
}

/** What every task of these threads has: the share of `afterRest`. */
export type Resting = { readonly restShare: number }

/** A function that a file exports, which runs in a thread; types are all that is known of it here. */
export type ThreadWork<Task extends Resting, Answer> = {
  readonly file: URL
  readonly name: string
  /** Never called: the types of the function. */
  readonly like?: (task: Task) => Answer
}

export type PasswordOptions = {
  peppers: readonly [Pepper, ...Pepper[]]
  /** How many run at once, each in a thread of its own: at most one per core. */
  concurrency: number
  /** How many may wait; one more is answered 503 at once. */
  queue: number
  isStubbed: boolean
}

export function createPasswords(options: PasswordOptions): Passwords {
  const threads = openThreads(options.concurrency, options.queue)
  const pepperById = new Map(options.peppers.map((pepper) => [pepper.id, pepper]))
  const [currentPepper] = options.peppers
  const unknownAccount = {
    pepper: currentPepper,
    ...parameters,
    salt: randomBytes(16),
    tag: randomBytes(tagLength),
  } satisfies StoredPassword

  return {
    async hash(password) {
      if (Buffer.byteLength(password) > maximumPasswordBytes) {
        throw new RangeError(`a password has at most ${maximumPasswordBytes} bytes`)
      }
      const salt = randomBytes(16)
      const tag = await computeTag(threads, password, {
        pepper: currentPepper,
        ...parameters,
        salt,
      })
      return formatStored({ pepper: currentPepper, ...parameters, salt, tag })
    },

    async verify(password, stored) {
      if (Buffer.byteLength(password) > maximumPasswordBytes) return 'mismatch'
      if (options.isStubbed) return stored === undefined ? 'mismatch' : 'match'
      const parsed = stored === undefined ? undefined : parseStored(stored, pepperById)
      const expected = parsed ?? unknownAccount
      const tag = await computeTag(threads, password, expected)
      if (!timingSafeEqual(tag, expected.tag) || !parsed) return 'mismatch'
      return isCurrent(parsed, currentPepper) ? 'match' : 'match-but-outdated'
    },

    inThread: <Task extends Resting, Answer>(
      { file, name }: ThreadWork<Task, Answer>,
      task: Omit<Task, keyof Resting>,
    ) => runInThread(threads, task, { filename: fileURLToPath(file), name }) as Promise<Answer>,

    peppers: options.peppers,
    close: () => threads.pool.destroy(),
  }
}

type Derivation = {
  pepper: Pepper
  memoryCost: number
  timeCost: number
  parallelism: number
  salt: Buffer
}
type StoredPassword = Derivation & { tag: Buffer }

type Threads = {
  readonly pool: Piscina
  /** How busy this process has been of late, from 0 to 1. */
  utilization(): number
}

const utilizationWindowMilliseconds = 100

/** Looked at anew a few times a second. */
function createUtilization(): () => number {
  let seenAt = performance.now()
  let seen = performance.eventLoopUtilization()
  let latest = 0
  return () => {
    const at = performance.now()
    if (at - seenAt >= utilizationWindowMilliseconds) {
      latest = performance.eventLoopUtilization(seen).utilization
      seen = performance.eventLoopUtilization()
      seenAt = at
    }
    return latest
  }
}

function openThreads(concurrency: number, queue: number): Threads {
  const pool: Threads['pool'] = new Piscina({
    filename: fileURLToPath(new URL('./argon2-thread.ts', import.meta.url)),
    name: 'computeArgon2id',
    minThreads: 0,
    maxThreads: concurrency,
    idleTimeout: Number.POSITIVE_INFINITY,
    maxQueue: queue,
    stricterFIFO: true,
    niceIncrement: lowerPriorityBy,
    recordTiming: false,
  })
  // A thread that cannot start (there is no file descriptor left for it) would take the process with
  // it, and whoever waits for it would wait for ever. They are told to come back; threads start anew.
  pool.on('error', () => void pool.destroy())
  return { pool, utilization: createUtilization() }
}

/** The thread has ended or never began, whatever it was to do. */
export function isThreadGone(error: unknown): boolean {
  const { name, message, code } = error as NodeJS.ErrnoException
  return (
    name === 'AbortError' ||
    message === 'Terminating worker thread' ||
    message.startsWith('worker exited') ||
    code?.startsWith('ERR_WORKER') === true
  )
}

async function computeTag(threads: Threads, password: string, from: Derivation): Promise<Buffer> {
  const { memoryCost, timeCost, parallelism, salt } = from
  const task: Omit<Argon2Task, keyof Resting> = {
    password: password.normalize('NFC'),
    salt,
    memoryCost,
    timeCost,
    parallelism,
    tagLength,
  }
  const raw = (await runInThread(threads, task)) as ReturnType<typeof computeArgon2id>
  return createHmac('sha256', from.pepper.key).update(raw).digest()
}

async function runInThread(
  { pool, utilization }: Threads,
  task: object,
  work: { readonly filename?: string; readonly name?: string } = {},
): Promise<unknown> {
  if (pool.queueSize >= pool.options.maxQueue) {
    throw new UnavailableError('too many passwords are waiting to be verified')
  }
  return pool.run({ ...task, restShare: utilization() }, work).catch((error: unknown) => {
    if (!isThreadGone(error)) throw error
    throw new UnavailableError('a thread that hashes has ended', { cause: error })
  })
}

/** `hmac-sha256:PEPPER` in front of a PHC string whose tag is the HMAC of the argon2id output. */
function formatStored(stored: StoredPassword): string {
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  const { memoryCost: m, timeCost: t, parallelism: p } = stored
  const cost = `m=${m},t=${t},p=${p}`
  return `hmac-sha256:${stored.pepper.id}$argon2id$v=19$${cost}$${base64(stored.salt)}$${base64(stored.tag)}`
}

const storedPattern =
  /^hmac-sha256:([a-z0-9-]+)\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

function parseStored(text: string, peppers: ReadonlyMap<string, Pepper>): StoredPassword {
  const match = storedPattern.exec(text)
  if (!match) throw new Error('a stored password is not in the expected form')
  const [, pepperId = '', memoryCost, timeCost, parallelism, salt = '', tag = ''] = match
  const pepper = peppers.get(pepperId)
  if (!pepper)
    throw new Error(`a stored password needs the pepper ${pepperId}, which is not configured`)
  return {
    pepper,
    memoryCost: Number(memoryCost),
    timeCost: Number(timeCost),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

function isCurrent(stored: StoredPassword, pepper: Pepper): boolean {
  return (
    stored.pepper.id === pepper.id &&
    stored.memoryCost === parameters.memoryCost &&
    stored.timeCost === parameters.timeCost &&
    stored.parallelism === parameters.parallelism
  )
}
