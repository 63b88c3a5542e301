import { describe, expect, test } from 'vitest'
import {
  createWaitingLine,
  type PlaceInLine,
  type WaitingLine,
  type WaitingLineOptions,
} from '../../src/signin/waiting-line.ts'

/** A line with one lane whose work ends when it is told, and the order in which work began. */
function open(options: Partial<WaitingLineOptions> = {}) {
  const line = createWaitingLine({ lanes: 1, capacity: 100, ...options })
  const begun: string[] = []
  const ends: (() => void)[] = []
  const turnedAway: string[] = []
  const enter = (id: string, place: Partial<PlaceInLine> = {}) =>
    line
      .run(
        { rank: 'quiet', network: 'n', address: 'a', name: id, ...place },
        () =>
          new Promise<void>((resolve) => {
            begun.push(id)
            ends.push(resolve)
          }),
      )
      .catch((error: Error) => {
        expect(error).toMatchObject({ name: 'UnavailableError', retryAfterSeconds: 5 })
        turnedAway.push(id)
      })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    line: line as WaitingLine,
    begun,
    turnedAway,
    settle,
    enter: (id: string, place?: Partial<PlaceInLine>) => {
      void enter(id, place)
    },
    /** Ends everything, one after the other. */
    async drain() {
      await settle()
      while (ends.length > 0) {
        ends.shift()!()
        await settle()
      }
    },
  }
}

describe('who goes first', () => {
  test('a known browser before quiet networks, these before noisy ones, whenever they came', async () => {
    const { enter, drain, begun } = open()
    enter('first')
    enter('noisy address', { rank: 'noisy-address' })
    enter('noisy network', { rank: 'noisy-network' })
    enter('quiet')
    enter('known', { rank: 'known-browser' })
    await drain()
    expect(begun).toEqual(['first', 'known', 'quiet', 'noisy network', 'noisy address'])
  })

  test('within a rank networks take turns, and addresses within a network', async () => {
    const { enter, drain, begun } = open()
    enter('first', { network: 'other' })
    for (const id of ['a1', 'a2', 'a3']) enter(id, { network: 'x', address: 'a' })
    for (const id of ['b1', 'b2']) enter(id, { network: 'x', address: 'b' })
    for (const id of ['c1', 'c2']) enter(id, { network: 'y', address: 'c' })
    await drain()
    expect(begun).toEqual(['first', 'a1', 'c1', 'b1', 'c2', 'a2', 'b2', 'a3'])
  })

  test('attempts at one name go one after the other and hold up nobody else', async () => {
    const { enter, drain, begun, settle } = open({ lanes: 3 })
    enter('n1', { name: 'n' })
    enter('n2', { name: 'n' })
    enter('n3', { name: 'n' })
    enter('m', { name: 'm' })
    await settle()
    expect(begun).toEqual(['n1', 'm'])
    await drain()
    expect(begun).toEqual(['n1', 'm', 'n2', 'n3'])
  })
})

describe('a full line', () => {
  test('turns away the newest of the noisiest network in the lowest rank, not whoever has come', async () => {
    const { enter, drain, begun, turnedAway } = open({ capacity: 4 })
    enter('first', { network: 'other' })
    enter('x1', { network: 'x', address: 'a' })
    enter('x2', { network: 'x', address: 'b' })
    enter('x3', { network: 'x', address: 'b' })
    enter('y1', { network: 'y' })
    enter('z1', { network: 'z' })
    enter('known', { rank: 'known-browser', network: 'x' })
    await drain()
    expect(turnedAway).toEqual(['x3', 'x2'])
    expect(begun).toEqual(['first', 'known', 'x1', 'y1', 'z1'])
  })

  test('of strangers who are all alike turns away the one who comes', async () => {
    const { enter, drain, begun, turnedAway } = open({ capacity: 2 })
    enter('first')
    for (const id of ['1', '2', '3', '4']) enter(id, { network: id })
    await drain()
    expect(turnedAway).toEqual(['3', '4'])
    expect(begun).toEqual(['first', '1', '2'])
  })
})

test('nobody waits longer than the time that is set, and is told to come back', async () => {
  const { enter, drain, begun, turnedAway } = open({ longestWaitMilliseconds: 30 })
  enter('first')
  enter('waits')
  await expect.poll(() => turnedAway).toEqual(['waits'])
  enter('later')
  await drain()
  expect(begun).toEqual(['first', 'later'])
})

test('a fault gives the lane free', async () => {
  const line = createWaitingLine({ lanes: 1, capacity: 1 })
  const place = { rank: 'quiet', network: 'n', address: 'a', name: 'n' } as const
  const failing = line.run(place, () => Promise.reject(new Error('broken')))
  await expect(failing).rejects.toThrow('broken')
  expect(await line.run(place, async () => 'served')).toBe('served')
  expect(line.isBusyFor('n')).toBe(false)
})
