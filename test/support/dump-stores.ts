import { Cluster } from 'ioredis'
import type { Database } from '../../src/storage/db.ts'
import type { RedisStore } from '../../src/storage/redis.ts'

/** Every row of every table, and every key of ours in Redis with its value, as text. */
export async function dumpStores(stores: {
  db: Database
  redis: RedisStore | undefined
}): Promise<string> {
  const tables = await stores.db.query<{ name: string }>(
    {
      name: 'dump-tables',
      text: `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    },
    [],
  )
  const lines: string[] = []
  for (const { name } of tables) {
    const rows = await stores.db.query<{ row: string }>(
      { name: `dump-${name}`, text: `SELECT to_jsonb(t)::text AS row FROM ${name} t` },
      [],
    )
    lines.push(...rows.map(({ row }) => `${name} ${row}`))
  }
  return [...lines, ...(await dumpRedis(stores.redis))].join('\n')
}

/** The same, sorted, without what counts requests, records refusals or says what runs by itself. */
export async function listKept(stores: Parameters<typeof dumpStores>[0]): Promise<string[]> {
  return (await dumpStores(stores))
    .split('\n')
    .filter((line) => !/^(audit_|jobs |rate_limits )|:?(pages|client-failures):/.test(line))
    .sort()
}

async function dumpRedis(redis: RedisStore | undefined): Promise<string[]> {
  if (!redis || redis.client instanceof Cluster) return []
  const keys = await redis.client.keys(`${redis.prefix}*`)
  const values = await Promise.all(
    keys.map(async (key) => {
      const type = await redis.client.type(key)
      return type === 'string' ? await redis.client.get(key) : type
    }),
  )
  return keys.map((key, index) => `${key} ${values[index]}`)
}
