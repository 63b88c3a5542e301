import type { Log } from '../log.ts'
import type { Database } from '../storage/db.ts'
import { bySystem } from './by.ts'
import type { AuditEvent } from './event.ts'
import { recordEvent } from './store.ts'

export type RefusalTally = {
  /**
   * Takes in a refusal that a stranger can cause as often as they like. The first of its kind from a
   * network in a window comes back, for the caller to record; the others are counted into one row
   * that is recorded when the window ends.
   * @param network what the refusal is counted by: a wide network, or the client it is about.
   */
  firstOf(network: string, event: AuditEvent): AuditEvent | undefined
  /**
   * Takes in a refusal whose answer must cost no store anything: also the first of its kind is only
   * counted, and is in the row that is recorded when the window ends.
   */
  count(network: string, event: AuditEvent): void
  /** Records what has been counted; nothing is taken in afterwards. */
  close(): Promise<void>
}

const windowMilliseconds = 60_000
/** Of one network; what else it causes is one kind together. */
const maximumKinds = 20
/** Networks that are told apart at one time; all others are one together. */
const maximumNetworks = 500

type Count = { readonly event: AuditEvent; repeats: number; timer: NodeJS.Timeout }

/**
 * At most two rows a window for each kind of refusal from each network, whatever arrives. A process
 * that is killed loses the count of its last minute, not that there was a refusal.
 */
export function createRefusalTally(db: Database, log: Log): RefusalTally {
  const networks = new Map<string, Map<string, Count>>()

  const record = async (network: string, { event, repeats }: Count) => {
    if (repeats === 0) return
    const { accountId: _, by, detail, ...rest } = event
    const seconds = windowMilliseconds / 1000
    try {
      const origin = { ip: by.origin.ip && network }
      await recordEvent(db, {
        ...rest,
        by: { ...by, origin },
        detail: { ...detail, repeats, seconds },
      })
    } catch (error) {
      log.warn({ error, event: event.event, repeats }, 'repeated refusals were not recorded')
    }
  }

  const end = (network: string, kind: string): Promise<void> => {
    const kinds = networks.get(network)
    const count = kinds?.get(kind)
    if (!kinds || !count) return Promise.resolve()
    clearTimeout(count.timer)
    kinds.delete(kind)
    if (kinds.size === 0) networks.delete(network)
    return record(network, count)
  }

  /** The event when it is the first of its kind. */
  const take = (from: string, event: AuditEvent, repeats: number): AuditEvent | undefined => {
    const isTold = networks.has(from) || networks.size < maximumNetworks
    const network = isTold ? from : 'other networks'
    const kinds = networks.get(network) ?? new Map<string, Count>()
    networks.set(network, kinds)
    const own = JSON.stringify([event.event, event.clientId, event.detail?.['reason']])
    const isOwn = kinds.has(own) || kinds.size < maximumKinds
    const kind = isOwn ? own : 'other kinds'
    const known = kinds.get(kind)
    if (known) {
      known.repeats += 1
      return undefined
    }
    const timer = setTimeout(() => void end(network, kind), windowMilliseconds)
    timer.unref()
    kinds.set(kind, { event: isOwn ? event : withoutKind(event), repeats, timer })
    return event
  }

  return {
    firstOf: (network, event) => take(network, event, 0),
    count(network, event) {
      take(network, event, 1)
    },

    async close() {
      const open = [...networks].flatMap(([network, kinds]) =>
        [...kinds.keys()].map((kind) => end(network, kind)),
      )
      await Promise.all(open)
    },
  }
}

/** What stands for many kinds names none of them. */
function withoutKind({ event, outcome, by }: AuditEvent): AuditEvent {
  return { event, outcome, by: bySystem(by.origin), detail: { reason: 'several' } }
}
