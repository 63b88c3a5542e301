import { UnavailableError } from '../errors.ts'

/** Who goes first: somebody of a lower rank waits until nobody of a higher one does. */
export const ranks = ['known-browser', 'quiet', 'noisy-network', 'noisy-address'] as const
export type Rank = (typeof ranks)[number]

export type PlaceInLine = {
  readonly rank: Rank
  /** The wide network that takes its turn with others, and the address within it. */
  readonly network: string
  readonly address: string
  /** Of one name only one at a time is under way; the next one stays in the line, and blocks nobody. */
  readonly name: string
}

export type WaitingLine = {
  /**
   * Waits for a turn and does the work.
   * @throws UnavailableError when the line is full and this is the first to go, or when the turn
   *   does not come in time; the work was not begun then.
   */
  run<T>(place: PlaceInLine, work: () => Promise<T>): Promise<T>
  /** Whether an attempt at this name would have to wait now. */
  isBusyFor(name: string): boolean
}

export type WaitingLineOptions = {
  /** How many do their work at once. */
  readonly lanes: number
  /** How many may wait. */
  readonly capacity: number
  /** How long one waits at most. Proxies give up after six seconds; the answer comes before. */
  readonly longestWaitMilliseconds?: number
}

/**
 * As many lanes as keep the threads at work while others ask the database, and no more in front of
 * the threads than may wait there.
 */
export function lanesFor({ concurrency, queue }: { concurrency: number; queue: number }) {
  return { lanes: concurrency + Math.min(concurrency + 1, queue), capacity: queue }
}

type Waiting = {
  readonly place: PlaceInLine
  /** The later, the higher. */
  readonly order: number
  start(): void
  turnAway(message: string): void
}

/** Who waits, by network and address, each in the order in which its turn comes. */
type Queue = Map<string, Map<string, Waiting[]>>

/** What somebody is told who was turned away. */
export const retryAfterSeconds = 5

/**
 * A short line in front of what is expensive, in which a flood waits for itself. Ranks go one after
 * the other; within a rank networks take turns, and addresses within a network. When it is full, the
 * newest of the noisiest network in the lowest rank is turned away, whoever has just come.
 */
export function createWaitingLine(options: WaitingLineOptions): WaitingLine {
  const { lanes, capacity, longestWaitMilliseconds = 4000 } = options
  const queues = new Map<Rank, Queue>(ranks.map((rank) => [rank, new Map()]))
  const namesUnderWay = new Set<string>()
  let underWay = 0
  let waiting = 0
  let arrivals = 0

  function add(item: Waiting): void {
    const { rank, network, address } = item.place
    const queue = queues.get(rank)!
    const addresses = queue.get(network) ?? new Map<string, Waiting[]>()
    queue.set(network, addresses)
    addresses.set(address, [...(addresses.get(address) ?? []), item])
    waiting += 1
  }

  /** Takes it out; with `isTurn` its address and its network go to the end of their rounds. */
  function remove(item: Waiting, isTurn: boolean): void {
    const { rank, network, address } = item.place
    const queue = queues.get(rank)!
    const addresses = queue.get(network)
    const items = addresses?.get(address)
    if (!addresses || !items?.includes(item)) return
    const left = items.filter((other) => other !== item)
    if (isTurn || left.length === 0) addresses.delete(address)
    if (left.length > 0) addresses.set(address, left)
    if (isTurn || addresses.size === 0) queue.delete(network)
    if (addresses.size > 0) queue.set(network, addresses)
    waiting -= 1
  }

  function next(): Waiting | undefined {
    for (const queue of queues.values()) {
      for (const addresses of queue.values()) {
        for (const items of addresses.values()) {
          const item = items.find(({ place }) => !namesUnderWay.has(place.name))
          if (item) return item
        }
      }
    }
    return undefined
  }

  function advance(): void {
    while (underWay < lanes) {
      const item = next()
      if (!item) return
      remove(item, true)
      underWay += 1
      namesUnderWay.add(item.place.name)
      item.start()
    }
  }

  function leave(name: string): void {
    underWay -= 1
    namesUnderWay.delete(name)
    advance()
  }

  function firstToGo(): Waiting {
    const lowest = [...queues.values()].findLast((queue) => queue.size > 0)!
    const network = noisiest(
      [...lowest.values()].map((addresses) => [...addresses.values()].flat()),
    )
    const byAddress = Map.groupBy(network, ({ place }) => place.address)
    return newestOf(noisiest([...byAddress.values()]))
  }

  /** Resolves when it is this one's turn. */
  const turn = (place: PlaceInLine) =>
    new Promise<void>((resolve, reject) => {
      const item: Waiting = {
        place,
        order: arrivals++,
        start() {
          clearTimeout(timer)
          resolve()
        },
        turnAway(message) {
          clearTimeout(timer)
          remove(item, false)
          reject(new UnavailableError(message, { retryAfterSeconds }))
        },
      }
      const timer = setTimeout(() => item.turnAway('no turn came in time'), longestWaitMilliseconds)
      timer.unref()
      add(item)
      advance()
      if (waiting > capacity) firstToGo().turnAway('too many are waiting')
    })

  return {
    async run(place, work) {
      await turn(place)
      try {
        return await work()
      } finally {
        leave(place.name)
      }
    },
    isBusyFor: (name) => underWay >= lanes || namesUnderWay.has(name),
  }
}

function newestOf(items: readonly Waiting[]): Waiting {
  return items.reduce((newest, item) => (item.order > newest.order ? item : newest))
}

/** The longest of the lists; of two, the one that has grown last. */
function noisiest(lists: readonly Waiting[][]): Waiting[] {
  return lists.reduce((noisier, list) => {
    if (list.length !== noisier.length) return list.length > noisier.length ? list : noisier
    return newestOf(list).order > newestOf(noisier).order ? list : noisier
  })
}
