import { wideNetworkOf } from '../networks.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { NetworkNoise } from './network-noise.ts'
import { type Rank, ranks, retryAfterSeconds } from './waiting-line.ts'

/** Who comes with a form, as far as its headers tell. */
export type Comer = {
  readonly address: string
  /** The identifier in the signed cookie of a browser in which somebody has signed in. */
  readonly browser: string | undefined
}

export type Admission = Outcome<
  {
    /** Gives the place free; calling it again does nothing. */
    leave(): void
  },
  { readonly reason: 'busy' | 'too-many'; readonly retryAfterSeconds: number }
>

export type Door = { enter(comer: Comer): Admission }

type Stranger = Exclude<Rank, 'known-browser'>
const strangers = ranks.filter((rank): rank is Stranger => rank !== 'known-browser')

/** Forms that one browser has under way at once; more of them are a stranger's. */
const maximumOfBrowser = 4

/**
 * Stands before everything that reads a form of a sign-in page, and knows only what this process
 * remembers: as many strangers are inside as can be looked at or wait in the line, and the rest is
 * turned away before anything was read for them. The order is the line's: a lower rank takes no place
 * from a higher one, and of one rank the network that has most inside gives way. Which name a browser
 * is known for is not known yet, so that every browser with our cookie is let in.
 * @param places of the line: its lanes, and who may wait.
 */
export function createDoor({ places, noise }: { places: number; noise: NetworkNoise }): Door {
  const browsers = createTally()
  const inside = new Map(strangers.map((rank) => [rank, createTally()]))

  function isFull(rank: Stranger, network: string): boolean {
    const before = strangers.slice(0, strangers.indexOf(rank) + 1)
    const count = before.reduce((sum, each) => sum + inside.get(each)!.total, 0)
    if (count < places) return false
    const own = inside.get(rank)!
    // In the line it will take the place of one of these.
    return count >= 2 * places || own.of(network) + 1 >= own.most()
  }

  return {
    enter({ address, browser }) {
      const isBrowser =
        browser !== undefined &&
        browsers.of(browser) < maximumOfBrowser &&
        browsers.total < 2 * places
      if (isBrowser) return ok({ leave: browsers.add(browser) })

      const barredForSeconds = noise.barredForSeconds(address)
      if (barredForSeconds !== undefined) {
        return refused('too-many', { retryAfterSeconds: barredForSeconds })
      }
      const rank = noise.rankOf(address)
      const network = wideNetworkOf(address)
      if (isFull(rank, network)) return refused('busy', { retryAfterSeconds })
      return ok({ leave: inside.get(rank)!.add(network) })
    },
  }
}

function createTally() {
  const counts = new Map<string, number>()
  let total = 0
  const change = (key: string, by: number) => {
    total += by
    const count = (counts.get(key) ?? 0) + by
    if (count === 0) counts.delete(key)
    else counts.set(key, count)
  }
  return {
    get total() {
      return total
    },
    of: (key: string) => counts.get(key) ?? 0,
    most: () => Math.max(0, ...counts.values()),
    /** Counts one more; what it returns takes it back, once. */
    add(key: string) {
      change(key, 1)
      let isCounted = true
      return () => {
        if (isCounted) change(key, -1)
        isCounted = false
      }
    },
  }
}
