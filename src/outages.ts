import type { Log } from './log.ts'

const repeatMilliseconds = 60_000

/** What is away, told once and then once a minute: an outage makes hundreds of faults in a second. */
export type Outages = {
  /**
   * Notes a fault of something that does not answer.
   * @param about ids for the line that is written now and then.
   */
  note(error: unknown, about?: Readonly<Record<string, unknown>>): void
  /** The database answers again; says so if it had been away. */
  databaseAnswers(): void
}

/** What every fault of the database is called, whichever driver tells of it. */
export const databaseAway = 'the database does not answer'

type Outage = { beganAt: number; loggedAt: number; faults: number }

/** @param nameOf what does not answer, in words that do not change from fault to fault. */
export function createOutages(log: Log, nameOf: (error: unknown) => string): Outages {
  const open = new Map<string, Outage>()
  return {
    note(error, about = {}) {
      const what = nameOf(error)
      const at = performance.now()
      const outage = open.get(what)
      if (outage && at - outage.loggedAt < repeatMilliseconds) {
        outage.faults += 1
        return
      }
      open.set(what, { beganAt: outage?.beganAt ?? at, loggedAt: at, faults: 0 })
      const lasting = outage && {
        seconds: Math.round((at - outage.beganAt) / 1000),
        furtherFaults: outage.faults,
      }
      log.error({ ...about, ...lasting, error }, what)
    },
    databaseAnswers() {
      const outage = open.get(databaseAway)
      if (!outage) return
      open.delete(databaseAway)
      const seconds = Math.round((performance.now() - outage.beganAt) / 1000)
      log.info({ seconds, furtherFaults: outage.faults }, 'the database answers again')
    },
  }
}
