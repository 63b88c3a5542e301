import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createNetworkNoise } from '../../src/signin/network-noise.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const failures = (address: string, count: number, limit = { points: 300, seconds: 300 }) => {
  const noise = createNetworkNoise(limit)
  for (let index = 0; index < count; index += 1) noise.addFailure(address)
  return noise
}

test('an address waits behind others after three failures, its neighbours after twelve', () => {
  expect(failures('203.0.113.7', 2).rankOf('203.0.113.7')).toBe('quiet')
  const noise = failures('203.0.113.7', 3)
  expect(noise.rankOf('203.0.113.7')).toBe('noisy-address')
  expect(noise.rankOf('203.0.113.8')).toBe('quiet')
  const more = failures('2001:db8:1:2::1', 12)
  expect(more.rankOf('2001:db8:1:2::ffff')).toBe('noisy-address')
  expect(more.rankOf('2001:db8:1:3::1')).toBe('noisy-network')
  expect(more.rankOf('2001:db8:2::1')).toBe('quiet')
})

test('failures are forgotten by and by, and a right password takes one back', () => {
  const noise = failures('203.0.113.7', 5)
  vi.advanceTimersByTime(300_000)
  expect(noise.rankOf('203.0.113.7')).toBe('quiet')
  const office = failures('203.0.113.7', 3)
  office.addSuccess('203.0.113.7')
  expect(office.rankOf('203.0.113.7')).toBe('quiet')
})

test('a wide network is refused beyond its limit, until enough of it is forgotten', () => {
  const noise = failures('203.0.113.7', 400)
  const seconds = noise.barredForSeconds('203.0.113.200')!
  expect(seconds).toBeGreaterThan(100)
  expect(noise.barredForSeconds('203.0.114.1')).toBeUndefined()
  vi.advanceTimersByTime((seconds - 2) * 1000)
  expect(noise.barredForSeconds('203.0.113.200')).toBeGreaterThan(0)
  vi.advanceTimersByTime(2000)
  expect(noise.barredForSeconds('203.0.113.200')).toBeUndefined()
})

test('what is remembered has a bound, however many addresses there are', () => {
  const noise = failures('203.0.113.7', 3)
  for (let index = 0; index < 25_000; index += 1) {
    noise.addFailure(`2001:db8:${index.toString(16)}::1`)
  }
  expect(noise.rankOf('203.0.113.7')).toBe('quiet')
})
