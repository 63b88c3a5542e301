import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { UnavailableError } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { isStorageFault } from '../../src/storage/db.ts'
import { openRedis, type RedisStore } from '../../src/storage/redis.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { freePort } from '../support/free-port.ts'
import { becomes, measured, refusalOf, timeUntil } from '../support/measure.ts'
import {
  type RedisServer,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from '../support/redis.ts'
import { silent } from './databases.ts'

function open(url: string, log = silent): RedisStore {
  const store = openRedis({ url, prefix: 'test:' }, log)
  onTestFinished(() => store.close())
  return store
}

const read = (store: RedisStore, key = 'a') => store.client.get(key)

const addUser = 'ACL SETUSER cso on >p:w/d ~* &* +@all'
const login = `cso:${encodeURIComponent('p:w/d')}`

async function expectRefusedInTime(store: RedisStore, key = 'a') {
  const [limit, ping, ...refusals] = await Promise.all([
    measured(700),
    refusalOf(() => store.ping()),
    ...Array.from({ length: 10 }, () => refusalOf(() => read(store, key))),
  ])
  expect(ping.error).toBeInstanceOf(UnavailableError)
  for (const { error, milliseconds } of [ping, ...refusals]) {
    expect(isStorageFault(error), String(error)).toBe(true)
    expect(milliseconds).toBeLessThan(limit)
  }
}

describe('one Redis', () => {
  let redis: RedisServer
  let store: RedisStore
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  beforeEach(async () => {
    store = open(redis.url)
    await timeUntil(() => store.ping())
  })

  test('that hangs: everybody is refused within 700 ms, and served when it goes on', async () => {
    redis.pause()
    try {
      await expectRefusedInTime(store)
      await expectRefusedInTime(store)
      // Meanwhile the connection was given up: nobody waits for it any more.
      await delay(1000)
      expect((await refusalOf(() => read(store))).milliseconds).toBeLessThan(100)
    } finally {
      redis.resume()
    }
    expect(await timeUntil(() => read(store))).toBeLessThan(3000)
  })

  test('that hangs: who waits behind somebody else is refused within 700 ms as well', async () => {
    redis.pause()
    try {
      const refusals = [refusalOf(() => read(store))]
      for (let count = 0; count < 8; count += 1) {
        await delay(50)
        refusals.push(refusalOf(() => read(store)))
      }
      const [limit, ...refused] = await Promise.all([measured(700), ...refusals])
      for (const { milliseconds } of refused) expect(milliseconds).toBeLessThan(limit)
    } finally {
      redis.resume()
    }
  })

  test('that hangs: after five without an answer nobody waits, and one command asks every two seconds', async () => {
    redis.pause()
    try {
      await Promise.all(Array.from({ length: 5 }, () => refusalOf(() => read(store))))
      const before = store.commandCount
      for (const openedAt = performance.now(); performance.now() - openedAt < 1500; ) {
        const { error, milliseconds } = await refusalOf(() => read(store))
        expect(error).toBeInstanceOf(UnavailableError)
        expect(milliseconds).toBeLessThan(50)
        await delay(10)
      }
      expect(store.commandCount).toBe(before)
      await becomes('one command asks', 1500, async () => store.commandCount === before + 1)
    } finally {
      redis.resume()
    }
    expect(await timeUntil(() => read(store))).toBeLessThan(3000)
  })

  test('that goes on after a moment: a late answer is an answer, and readiness says so at once', async () => {
    redis.pause()
    await Promise.all(Array.from({ length: 5 }, () => refusalOf(() => read(store))))
    expect((await refusalOf(() => read(store))).milliseconds).toBeLessThan(50)
    expect((await refusalOf(() => store.ping())).error).toBeInstanceOf(UnavailableError)
    redis.resume()
    expect(await timeUntil(() => store.ping())).toBeLessThan(500)
    expect(await read(store)).toBeNull()
  })

  test('that goes on after a connection was given up: served without anybody asking for readiness', async () => {
    redis.pause()
    await Promise.all(Array.from({ length: 5 }, () => refusalOf(() => read(store))))
    await delay(2500)
    redis.resume()
    expect(await timeUntil(() => read(store))).toBeLessThan(3000)
  })

  test('that hangs: four without an answer are not five, the next is still tried', async () => {
    redis.pause()
    try {
      await Promise.all(Array.from({ length: 4 }, () => refusalOf(() => read(store))))
      const before = store.commandCount
      expect((await refusalOf(() => read(store))).milliseconds).toBeGreaterThan(200)
      expect(store.commandCount - before).toBe(1)
    } finally {
      redis.resume()
    }
  })

  test('that refuses is there: however often it says no, the next command is sent', async () => {
    const full = await startRedis({ maxmemory: '1kb' })
    onTestFinished(() => full.stop())
    const small = open(full.url)
    await timeUntil(() => small.ping())
    for (let round = 0; round < 3; round += 1) {
      const refusals = await Promise.all([
        ...Array.from({ length: 10 }, () => refusalOf(() => small.client.set('a', 'x'))),
        ...Array.from({ length: 10 }, () => refusalOf(() => small.client.call('GET'))),
      ])
      expect(refusals.filter(({ error }) => String(error).includes('OOM'))).toHaveLength(10)
      expect(refusals.filter(({ error }) => String(error).includes('ERR wrong'))).toHaveLength(10)
    }
    expect(await read(small)).toBeNull()
  })

  test('that is killed: everybody is refused at once, and served soon after it is back', async () => {
    await redis.kill()
    await expectRefusedInTime(store)
    await delay(2000)
    await redis.restart()
    expect(await timeUntil(() => read(store))).toBeLessThan(3000)
  })

  test('that comes later than the process: found within five seconds', async () => {
    await redis.kill()
    const early = open(redis.url)
    expect((await refusalOf(() => early.ping())).error).toBeInstanceOf(UnavailableError)
    await delay(2000)
    await redis.restart()
    expect(await timeUntil(() => early.ping())).toBeLessThan(5000)
  })

  test('behind a network that swallows or resets: refused in time, and back by itself', async () => {
    const proxy = await startFaultProxy(redis.url)
    onTestFinished(() => proxy.stop())
    const behind = open(`redis://${proxy.host}`)
    await timeUntil(() => behind.ping())
    await proxy.blackhole()
    await expectRefusedInTime(behind)
    await proxy.pass()
    expect(await timeUntil(() => read(behind))).toBeLessThan(3000)
    await proxy.reset()
    await expectRefusedInTime(behind)
    await proxy.pass()
    expect(await timeUntil(() => read(behind))).toBeLessThan(3000)
  })

  test('that is slow is waited for', async () => {
    const proxy = await startFaultProxy(redis.url)
    onTestFinished(() => proxy.stop())
    const behind = open(`redis://${proxy.host}`)
    await timeUntil(() => behind.ping())
    await proxy.latency(150)
    await expect(behind.client.set('slow', '1')).resolves.toBe('OK')
  })

  test('a command that fails on its own account is not taken for a fault', async () => {
    await store.client.set('text', 'x')
    const { error } = await refusalOf(() => store.client.incr('text'))
    expect(isStorageFault(error)).toBe(false)
  })

  test('that is full refuses writes as a fault and still reads', async () => {
    const full = await startRedis({ maxmemory: '1kb' })
    onTestFinished(() => full.stop())
    const small = open(full.url)
    await timeUntil(() => small.ping())
    const { error } = await refusalOf(() => small.client.set('a', 'x'))
    expect(isStorageFault(error)).toBe(true)
    expect(await read(small)).toBeNull()
  })

  test('counts the commands of requests, not those of the connection', async () => {
    const before = store.commandCount
    await Promise.all([store.client.set('a', '1'), store.client.mget('a', 'b'), read(store)])
    await store.ping()
    expect(store.commandCount - before).toBe(4)
  })

  test('that is away is written to the log once in ten seconds', async () => {
    const lines: string[] = []
    const log = createLog('info', { write: (line: string) => void lines.push(line) })
    const store = open(`redis://:secret@127.0.0.1:${await freePort()}`, log)
    await delay(1500)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('Redis is not reachable')
    expect(lines[0]).not.toContain('secret')
    expect((await refusalOf(() => store.ping())).error).toBeInstanceOf(UnavailableError)
  })

  test('takes user, password and database from the URL', async () => {
    await redis.command(addUser)
    const guarded = open(`redis://${login}@127.0.0.1:${redis.port}/3`)
    await timeUntil(() => guarded.ping())
    expect(await guarded.client.call('ACL', 'WHOAMI')).toBe('cso')
    expect(await guarded.client.call('CLIENT', 'INFO')).toContain(' db=3 ')
  })
})

describe('a Redis Cluster', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>
  beforeAll(async () => {
    cluster = await startRedisCluster()
  })
  afterAll(() => cluster.stop())

  test('takes user and password from the URL for every node', async () => {
    for (const node of cluster.nodes) await node.command(addUser)
    const store = open(cluster.url.replace('://', `://${login}@`))
    await timeUntil(() => store.ping())
    for (const key of ['a', 'b', 'c']) await store.client.set(key, '1')
    const nodes = (store.client as Cluster).nodes('master')
    expect(nodes).toHaveLength(3)
    const names = await Promise.all(nodes.map((node) => node.call('ACL', 'WHOAMI')))
    expect(names).toEqual(['cso', 'cso', 'cso'])
  })

  test('serves keys of every node, and counts each command once', async () => {
    const store = open(cluster.url)
    await timeUntil(() => store.ping())
    const keys = Array.from({ length: 60 }, (_, n) => `test:{n:${n}}`)
    const before = store.commandCount
    await Promise.all(keys.map((key) => store.client.set(key, key, 'EX', 60)))
    expect(store.commandCount - before).toBe(keys.length)
    expect(await Promise.all(keys.map((key) => store.client.get(key)))).toEqual(keys)
    expect(await store.client.mget('test:{n:1}', 'test:{n:1}:used')).toEqual(['test:{n:1}', null])
  })

  test('that hangs or is killed refuses in time and is found again', async () => {
    const store = open(cluster.url)
    await timeUntil(() => store.ping())
    for (const node of cluster.nodes) node.pause()
    try {
      for (const key of ['a', 'b', 'c']) await expectRefusedInTime(store, key)
      await measured(2000)
      for (const key of ['a', 'b', 'c']) await expectRefusedInTime(store, key)
    } finally {
      for (const node of cluster.nodes) node.resume()
    }
    for (const key of ['a', 'b', 'c']) {
      expect(await timeUntil(() => read(store, key))).toBeLessThan(5000)
    }

    await Promise.all(cluster.nodes.map((node) => node.kill()))
    for (const key of ['a', 'b', 'c']) await expectRefusedInTime(store, key)
    await Promise.all(cluster.nodes.map((node) => node.restart()))
    for (const key of ['a', 'b', 'c']) {
      expect(await timeUntil(() => read(store, key))).toBeLessThan(5000)
    }
  })
})

describe('Redis Sentinel', () => {
  test('leads to the master, and to the next one when that dies', async () => {
    const sentinel = await startRedisSentinel()
    onTestFinished(() => sentinel.stop())
    for (const server of [sentinel.master, sentinel.replica]) await server.command(addUser)
    const store = open(`${sentinel.url.replace('://', `://${login}@`)}/2`)
    await timeUntil(() => store.ping())
    expect(await store.client.call('ACL', 'WHOAMI')).toBe('cso')
    expect(await store.client.call('CLIENT', 'INFO')).toContain(' db=2 ')
    await store.client.set('a', '1')
    await sentinel.master.kill()
    expect((await refusalOf(() => store.client.set('a', '2'))).milliseconds).toBeLessThan(700)
    await timeUntil(() => store.client.set('a', '3'), 20_000)
    expect(await sentinel.currentMasterPort()).toBe(sentinel.replica.port)
    expect(await read(store)).toBe('3')
  })
})
