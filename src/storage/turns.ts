/** Calls with the same key run one after the other, in the order they came. */
export function createTurns(): <T>(key: bigint, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<bigint, Promise<unknown>>()
  return async (key, work) => {
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
  }
}
