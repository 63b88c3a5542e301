import { listEndingSecrets } from './clients/store.ts'
import { now } from './clock.ts'
import { findFilerTroubles } from './efiling/filer-troubles.ts'
import { listSigningKeyDays } from './installation/store.ts'
import { findJobTroubles } from './jobs/troubles.ts'
import type { Log } from './log.ts'
import type { KeySet } from './signing/key-set.ts'
import { type Database, isStorageFault } from './storage/db.ts'

const dayMilliseconds = 86_400_000
/** So long ahead a warning begins. */
const warningDays = 30
/** A key signs for so long. Source: docs/operate.md, the rotation of signing keys. */
export const signingKeyDays = 90

export type Warning = {
  readonly kind: 'client-secret' | 'signing-key'
  /** The client's id, or the key's. */
  readonly id: string
  /** When it ends; may have passed. */
  readonly endsAt: Date
}

/** Client secrets and signing keys that end within thirty days, or have ended. */
export async function findWarnings(db: Database, signing: KeySet, at: Date): Promise<Warning[]> {
  const before = new Date(at.getTime() + warningDays * dayMilliseconds)
  const [secrets, days] = await Promise.all([listEndingSecrets(db, before), listSigningKeyDays(db)])
  const signs = new Map(signing.keys.toReversed().map(({ alg, kid }) => [alg, kid]))
  const keys = [...signs.values()].flatMap((kid): Warning[] => {
    const since = days.get(kid)
    if (!since) return []
    const endsAt = new Date(since.getTime() + signingKeyDays * dayMilliseconds)
    return endsAt < before ? [{ kind: 'signing-key', id: kid, endsAt }] : []
  })
  const ofClients = secrets.map(
    ({ clientId, expiresAt }): Warning => ({
      kind: 'client-secret',
      id: clientId,
      endsAt: expiresAt,
    }),
  )
  return [...ofClients, ...keys]
}

/** The warning as a sentence for the operator. */
export function describeWarning({ kind, id, endsAt }: Warning, at: Date): string {
  const day = endsAt.toISOString().slice(0, 10)
  const isOver = endsAt <= at
  return kind === 'client-secret'
    ? `the last secret of the client ${id} ${isOver ? 'ended' : 'ends'} on ${day}`
    : `the signing key ${id} ${isOver ? 'was to be' : 'is to be'} replaced by ${day}`
}

export type Warnings = {
  /** As of the last look; sentences. */
  readonly current: readonly string[]
  stop(): void
}

const lookEveryMilliseconds = 3_600_000
const tryAgainMilliseconds = 2000

/**
 * Looks every hour for what ends soon, for jobs that are dead or fail and for CM/ECF accounts of two people, and writes each warning into
 * the log when it begins and then once a day. No job: each process warns, as each is asked.
 */
export function startWarnings(
  db: Database,
  signing: KeySet,
  { log, isPrepared }: { log: Log; isPrepared(): boolean },
): Warnings {
  let current: readonly string[] = []
  let timer: NodeJS.Timeout
  let isStopped = false
  const loggedAt = new Map<string, number>()

  const look = async () => {
    const at = now()
    const ending = (await findWarnings(db, signing, at)).map((each) => describeWarning(each, at))
    current = [...ending, ...(await findJobTroubles(db)), ...(await findFilerTroubles(db))]
    for (const warning of current) {
      const last = loggedAt.get(warning)
      if (last !== undefined && at.getTime() - last < dayMilliseconds) continue
      loggedAt.set(warning, at.getTime())
      log.warn(warning)
    }
  }
  const lookAgain = (milliseconds: number) => {
    timer = setTimeout(async () => {
      let isDone = false
      try {
        if (isPrepared()) {
          await look()
          isDone = true
        }
      } catch (error) {
        if (!isStorageFault(error)) log.warn({ error }, 'what to warn of was not looked up')
      }
      if (!isStopped) lookAgain(isDone ? lookEveryMilliseconds : tryAgainMilliseconds)
    }, milliseconds)
    timer.unref()
  }
  lookAgain(0)

  return {
    get current() {
      return current
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
