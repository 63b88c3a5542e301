import { setTimeout as delay } from 'node:timers/promises'

/** What `work` gave, and how long it took. */
export async function timed<Value>(
  work: () => Promise<Value>,
): Promise<{ value: Value; milliseconds: number }> {
  const startedAt = performance.now()
  const value = await work()
  return { value, milliseconds: performance.now() - startedAt }
}

/** Asks until it is so; the milliseconds that took. Fails when it is not so in time. */
export async function becomes(
  what: string,
  withinMilliseconds: number,
  isSo: () => Promise<boolean>,
): Promise<number> {
  const startedAt = performance.now()
  let cause: unknown
  for (;;) {
    try {
      if (await isSo()) return performance.now() - startedAt
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() - startedAt > withinMilliseconds) {
      throw new Error(`${what}: not within ${withinMilliseconds} ms`, { cause })
    }
    await delay(25)
  }
}

/** Milliseconds until `work` first succeeds. */
export function timeUntil(work: () => Promise<unknown>, giveUpMs = 15_000): Promise<number> {
  return becomes('it succeeds', giveUpMs, () => work().then(() => true))
}

/** How long `work` took, in milliseconds, and what it was refused with. */
export async function refusalOf(work: () => Promise<unknown>) {
  const startedAt = performance.now()
  try {
    await work()
  } catch (error) {
    return { error, milliseconds: performance.now() - startedAt }
  }
  throw new Error('it was not refused')
}

/** What `milliseconds` come to on this machine now: a timer is as late as everything else here. */
export async function measured(milliseconds: number): Promise<number> {
  return (await timed(() => delay(milliseconds))).milliseconds
}
