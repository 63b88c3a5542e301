import type { KeyObject } from 'node:crypto'
import type { Origin } from '../../audit/by.ts'
import { enqueue } from '../../jobs/store.ts'
import { networkOf } from '../../networks.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { type RecoveryKind, typedMark } from './recovery.ts'
import { insertRecovery } from './store.ts'

/** The name of the job that answers. */
export const answerRecoveryJob = 'answer-recovery'

export type AskRecoveryDeps = {
  readonly db: Database
  /** Keys what questions are counted under. */
  readonly key: KeyObject
  /** Questions after one name or address, and from one network. */
  readonly perName: Pick<WindowCounter, 'count'>
  readonly perNetwork: Pick<WindowCounter, 'count'>
}

/** Too many questions; the same for a name that somebody has and for one that nobody has. */
export type TooManyQuestions = {
  readonly reason: 'too-many'
  readonly of: 'name' | 'network'
  readonly retryAfterSeconds: number
}

/**
 * Asks for the way back into an account. Nothing is looked up here: a job does that, and answers by mail.
 * So a page has one answer and takes one time, whatever was typed.
 * @param address that of the browser.
 */
export async function askRecovery(
  deps: AskRecoveryDeps,
  asked: {
    readonly kind: RecoveryKind
    readonly typed: string
    readonly clientId: string | undefined
    readonly address: string
  },
  { ip, requestId }: Origin,
): Promise<Outcome<void, TooManyQuestions>> {
  const { kind, typed, clientId, address } = asked
  const network = await deps.perNetwork.count(networkOf(address))
  if (network.retryAfterSeconds !== undefined) {
    return tooMany('network', network.retryAfterSeconds)
  }
  const name = await deps.perName.count(typedMark(deps.key, typed))
  if (name.retryAfterSeconds !== undefined) return tooMany('name', name.retryAfterSeconds)
  await inTransaction(deps.db, async (tx) => {
    const id = await insertRecovery(tx, {
      kind,
      typed,
      clientId: clientId ?? null,
      ip: ip ?? null,
      requestId: requestId ?? null,
    })
    await enqueue(tx, answerRecoveryJob, { recoveryId: id })
  })
  return ok()
}

function tooMany(of: TooManyQuestions['of'], retryAfterSeconds: number) {
  return refused('too-many', { of, retryAfterSeconds })
}
