export type Turns = {
  /** Calls with the same key run one after the other, in the order they came. */
  take<T>(key: bigint, work: () => Promise<T>): Promise<T>
  /** Whether a call with this key runs. */
  isTaken(key: bigint): boolean
}

export function createTurns(): Turns {
  const tails = new Map<bigint, Promise<unknown>>()
  return {
    async take(key, work) {
      const before = tails.get(key)
      const turn = (async () => {
        await before?.catch(() => {})
        return work()
      })()
      tails.set(key, turn)
      try {
        return await turn
      } finally {
        if (tails.get(key) === turn) tails.delete(key)
      }
    },
    isTaken: (key) => tails.has(key),
  }
}
