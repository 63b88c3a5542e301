import type { Log } from './log.ts'
import type { Outages } from './outages.ts'
import { type Database, isStorageFault, type Statement } from './storage/db.ts'

const watchEveryMilliseconds = 10_000
/** Said from here on; a healthy clock is within a tenth of it. */
const noteworthySeconds = 2

const readClock: Statement = {
  name: 'clock',
  text: 'SELECT extract(epoch FROM clock_timestamp())::float8 AS seconds',
}

/**
 * By how many seconds this machine's clock is ahead of the database's; behind is negative. True to
 * half of the time that the question took.
 * @throws UnavailableError when the database does not answer.
 */
export async function readClockOffset(db: Database): Promise<number> {
  const askedAt = Date.now()
  const [row] = await db.query<{ seconds: number }>(readClock, [])
  const middle = (askedAt + Date.now()) / 2
  return middle / 1000 - row!.seconds
}

export type ClockWatch = {
  /** The latest comparison; undefined before the first one. */
  readonly offsetSeconds: number | undefined
  /**
   * Further from the database's clock than tolerated: codes would be over before they are redeemed,
   * or good for longer than they may. Nobody is served until it is right.
   */
  readonly isOff: boolean
  stop(): void
}

/**
 * Compares the clocks at once and every ten seconds. Two processes with clocks apart refuse each
 * other's codes; the database is the one clock that they share.
 */
export function startClockWatch(
  db: Database,
  { log, outages }: { log: Log; outages: Outages },
  { toleranceSeconds }: { toleranceSeconds: number },
): ClockWatch {
  let offsetSeconds: number | undefined
  const isBeyond = (limit: number) => offsetSeconds !== undefined && Math.abs(offsetSeconds) > limit

  const compare = async () => {
    const wasOff = isBeyond(toleranceSeconds)
    try {
      offsetSeconds = await readClockOffset(db)
    } catch (error) {
      if (!isStorageFault(error)) throw error
      outages.note(error)
      return
    }
    const about = { offsetSeconds: Math.round(offsetSeconds * 10) / 10, toleranceSeconds }
    if (isBeyond(toleranceSeconds)) {
      log.error(about, "this machine's clock is not the database's: nobody is served until it is")
    } else if (wasOff) log.info(about, "this machine's clock is the database's again")
    else if (isBeyond(noteworthySeconds)) {
      log.warn(about, "this machine's clock is drifting away from the database's")
    }
  }
  const compareSafely = () =>
    compare().catch((error: unknown) => log.warn({ error }, 'the clocks were not compared'))
  void compareSafely()
  const timer = setInterval(compareSafely, watchEveryMilliseconds)
  timer.unref()

  return {
    get offsetSeconds() {
      return offsetSeconds
    },
    get isOff() {
      return isBeyond(toleranceSeconds)
    },
    stop: () => clearInterval(timer),
  }
}
