/**
 * Work that comes again by itself, once per installation. It is told of nothing that was missed: each
 * run does what is to be done then.
 */
export type RecurringJob = {
  /** Stands in the table and in `jobs list`. */
  readonly name: string
  readonly everySeconds: number
  run(): Promise<unknown>
}

/**
 * Work that somebody asked for (`enqueue`). A process may end between the work and the note that it is
 * done, and then it is done again: what must not happen twice has to see by itself that it did.
 */
export type QueuedJob = {
  readonly name: string
  /** So many times it is tried, until it is dead; see `pauseSeconds`. */
  readonly tries: number
  /**
   * So many of it a process has in hand at most, apart from all others: for work that waits for a server
   * of somebody else, and would else hold up what does not. Without it, it shares the hands of the others.
   */
  readonly atOnce?: number
  /** @param payload as it was given to `enqueue`, through JSON. */
  run(payload: unknown): Promise<unknown>
}

const firstPauseSeconds = 5
const longestPauseSeconds = 3600

/** How long after its `tries`-th failure a job is tried again: 5 s, then three times as long, up to an hour. */
export function pauseSeconds(tries: number): number {
  return Math.min(longestPauseSeconds, firstPauseSeconds * 3 ** (tries - 1))
}
