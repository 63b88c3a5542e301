import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { cloneDatabase } from '../support/database.ts'
import { dumpStores } from '../support/dump-stores.ts'
import { newKeyPrefix } from '../support/redis.ts'
import { describeAdapter, type StorageUnderTest } from './adapter-contract.ts'
import type { ConsumeTask } from './consume-worker.ts'
import { openAdapter, type Place } from './open-adapter.ts'

const worker = fileURLToPath(new URL('consume-worker.ts', import.meta.url))

async function open(kind: 'postgres' | 'embedded' | 'redis'): Promise<StorageUnderTest> {
  const database = kind === 'embedded' ? undefined : await cloneDatabase()
  const place: Place = {
    identifierKey: randomBytes(32).toString('base64'),
    ...(database && { databaseUrl: database.url }),
    ...(kind === 'redis' && { redis: { url: inject('redisUrl'), prefix: newKeyPrefix() } }),
  }
  const opened = await openAdapter(place)
  if (kind === 'embedded') await migrateDatabase(opened.db)
  const accountId = randomUUID()
  await opened.db.prisma.account.create({
    data: {
      id: accountId,
      number: '7000000',
      type: 'individual',
      userType: 'attorney',
      isUpgraded: true,
      username: 'contract-person',
      usernameCanonical: 'contract-person',
      searchStatus: 'active',
    },
  })
  const clientId = 'contract-client'
  await opened.db.prisma.client.create({
    data: {
      id: clientId,
      kind: 'national',
      name: 'Contract',
      metadata: {
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: 'openid pacer offline_access',
      },
    },
  })
  return {
    ...opened,
    accountId,
    clientId,
    dump: () => dumpStores(opened),
    async consumeInTwoProcesses(model, id, count) {
      const task = { place, model, id, count }
      const workers = await Promise.all([startWorker(task), startWorker(task)])
      return (await Promise.all(workers.map((run) => run()))).flat()
    },
    async close() {
      await opened.close()
      await database?.drop()
    },
  }
}

/** Starts the process and waits until it is ready; the function lets it go and gives its outcomes. */
async function startWorker(task: ConsumeTask): Promise<() => Promise<string[]>> {
  const child = spawn(process.execPath, [worker], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  child.stdin.write(`${JSON.stringify(task)}\n`)
  const { value } = await lines.next()
  if (value !== 'ready') throw new Error(`the worker did not start: ${value}`)
  return async () => {
    child.stdin.write('go\n')
    const { value: outcomes } = await lines.next()
    await exited
    return JSON.parse(String(outcomes)) as string[]
  }
}

describeAdapter('PostgreSQL', 'many-processes', () => open('postgres'))
describeAdapter('the embedded database', 'one-process', () => open('embedded'))
describeAdapter('Redis beside PostgreSQL', 'many-processes', () => open('redis'))
