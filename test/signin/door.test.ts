import { expect, test } from 'vitest'
import { createDoor } from '../../src/signin/door.ts'
import { createNetworkNoise } from '../../src/signin/network-noise.ts'

function open(places = 4) {
  const noise = createNetworkNoise({ points: 300, seconds: 300 })
  const door = createDoor({ places, noise })
  const enter = (address: string, browser?: string) => door.enter({ address, browser })
  const isIn = (address: string, browser?: string) => enter(address, browser).ok
  const fail = (address: string, times: number) => {
    for (let count = 0; count < times; count += 1) noise.addFailure(address)
  }
  return { noise, enter, isIn, fail }
}

test('as many strangers are inside as there are places, and whoever leaves makes room, once', () => {
  const { enter, isIn } = open()
  const entries = ['1', '2', '3', '4'].map((net) => enter(`203.0.${net}.1`))
  expect(entries.map(({ ok }) => ok)).toEqual([true, true, true, true])
  expect(enter('203.0.5.1')).toEqual({ ok: false, reason: 'busy', retryAfterSeconds: 5 })
  for (const _ of [1, 2]) if (entries[0]?.ok) entries[0].value.leave()
  expect([isIn('203.0.6.1'), isIn('203.0.7.1')]).toEqual([true, false])
})

test('a quiet network takes no notice of how many noisy ones are inside, and not the other way round', () => {
  const { isIn, fail } = open()
  fail('203.0.113.1', 12)
  for (let host = 1; host <= 4; host += 1) expect(isIn('203.0.113.1')).toBe(true)
  expect(isIn('203.0.113.1')).toBe(false)
  for (let net = 1; net <= 4; net += 1) expect(isIn(`198.51.${net}.1`)).toBe(true)
  fail('192.0.2.1', 12)
  expect(isIn('192.0.2.2')).toBe(false)
})

test('of one rank the network with most inside gives way to others, within bounds', () => {
  const { isIn } = open()
  for (let host = 1; host <= 4; host += 1) expect(isIn(`203.0.113.${host}`)).toBe(true)
  expect(isIn('203.0.113.5')).toBe(false)
  for (let net = 1; net <= 4; net += 1) expect(isIn(`198.51.${net}.1`)).toBe(true)
  expect(isIn('198.51.5.1')).toBe(false)
})

test('a browser with our cookie is let in beside any number of strangers; with too much at once it is one of them', () => {
  const { isIn } = open()
  for (let net = 1; net <= 5; net += 1) isIn(`203.0.${net}.1`)
  const tries = Array.from({ length: 5 }, () => isIn('203.0.1.1', 'browser'))
  expect(tries).toEqual([true, true, true, true, false])
  const others = Array.from({ length: 6 }, (_, index) => isIn('203.0.1.1', `other-${index}`))
  expect(others).toEqual([true, true, true, true, false, false])
})

test('where a window is full strangers are turned away until it opens, and known browsers are not', () => {
  const { noise, enter, isIn } = open()
  noise.addFullWindow('203.0.113.1', 40)
  const refused = { ok: false, reason: 'too-many', retryAfterSeconds: 40 }
  expect(enter('203.0.113.1')).toEqual(refused)
  expect(isIn('203.0.113.1', 'browser')).toBe(true)
  expect(isIn('203.0.113.2')).toBe(true)
})
