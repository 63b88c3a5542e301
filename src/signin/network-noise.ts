import { now } from '../clock.ts'
import type { Limit } from '../config/limits.ts'
import { networkOf, wideNetworkOf } from '../networks.ts'
import type { Rank } from './waiting-line.ts'

export type NetworkNoise = {
  /** Where somebody from this address waits. */
  rankOf(address: string): Exclude<Rank, 'known-browser'>
  /**
   * Set where no further try is taken: so many were wrong of late in the wide network, or the window
   * of the address is full.
   */
  barredForSeconds(address: string): number | undefined
  /** The window of the address was found full: nobody need ask again before it opens. */
  addFullWindow(address: string, seconds: number): void
  /** A wrong password, or one that was not looked at because its name is paused. */
  addFailure(address: string): void
  /** A right password takes one failure back: an office has many people behind one address. */
  addSuccess(address: string): void
}

/** From here on an address, or its wide network, waits behind others. */
const noisyAddress = 3
const noisyNetwork = 12
/** Networks that are remembered; beyond, the one that failed longest ago is forgotten. */
const maximumRemembered = 20_000

type Level = { failures: number; at: number }

/**
 * How much went wrong of late, by address and by wide network. It is kept in this process alone: it
 * decides an order and a last limit, and costs no store anything while a flood runs.
 * @param limit so many of a wide network, and no further try is taken from it; failures count for
 *   half after its seconds. That is what strangers in it can make us keep rows for.
 */
export function createNetworkNoise(limit: Limit): NetworkNoise {
  const halfLifeMilliseconds = limit.seconds * 1000
  const addresses = new Map<string, Level>()
  const networks = new Map<string, Level>()
  /** When the window of an address opens again, in epoch milliseconds. */
  const fullWindows = new Map<string, number>()

  const levelOf = (levels: Map<string, Level>, key: string): number => {
    const level = levels.get(key)
    if (!level) return 0
    // A clock that was set back makes nothing more of a failure than it was.
    const age = Math.max(0, now().getTime() - level.at)
    return level.failures * 0.5 ** (age / halfLifeMilliseconds)
  }
  const add = (levels: Map<string, Level>, key: string, amount: number) => {
    const failures = levelOf(levels, key) + amount
    // Deleted first, so that it stands at the end and the first one is the oldest.
    levels.delete(key)
    if (failures <= 0) return
    levels.set(key, { failures, at: now().getTime() })
    forgetOldest(levels)
  }
  const addBoth = (address: string, amount: number) => {
    add(addresses, networkOf(address), amount)
    add(networks, wideNetworkOf(address), amount)
  }

  return {
    rankOf(address) {
      if (levelOf(addresses, networkOf(address)) >= noisyAddress) return 'noisy-address'
      if (levelOf(networks, wideNetworkOf(address)) >= noisyNetwork) return 'noisy-network'
      return 'quiet'
    },
    barredForSeconds(address) {
      const opensAt = fullWindows.get(networkOf(address)) ?? 0
      const left = Math.ceil((opensAt - now().getTime()) / 1000)
      if (left > 0) return left
      const level = levelOf(networks, wideNetworkOf(address))
      if (level < limit.points) return undefined
      const milliseconds = halfLifeMilliseconds * Math.log2(level / Math.max(1, limit.points - 1))
      return Math.max(1, Math.ceil(milliseconds / 1000))
    },
    addFullWindow(address, seconds) {
      const network = networkOf(address)
      fullWindows.delete(network)
      fullWindows.set(network, now().getTime() + seconds * 1000)
      forgetOldest(fullWindows)
    },
    addFailure: (address) => addBoth(address, 1),
    addSuccess: (address) => addBoth(address, -1),
  }
}

/** The first one is the oldest. */
function forgetOldest(remembered: Map<string, unknown>): void {
  if (remembered.size > maximumRemembered) remembered.delete(remembered.keys().next().value!)
}
