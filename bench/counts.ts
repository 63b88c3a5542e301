/**
 * How many Redis commands and SQL statements one operation takes, as the servers themselves count them.
 * Commands inside MULTI and scripts count; BEGIN and COMMIT count. What runs in the background now and
 * then does not grow with the operations and is rounded away.
 */
import { Redis } from 'ioredis'
import { closedLoop, type Step } from './drive.ts'
import { inDatabase } from './targets.ts'

const repetitions = 25
const notTheServers = /^(info|config|client|hello|ping|auth|select|cluster)/

export type Counts = {
  /** Calls per operation by command. */
  readonly redis: Readonly<Record<string, number>>
  /** Calls per operation by statement text with its constants replaced. */
  readonly sql: Readonly<Record<string, number>>
}

export async function countPerOperation(
  step: Step,
  redisUrl: string,
  databaseUrl: string | undefined,
): Promise<Counts> {
  const redis = new Redis(redisUrl)
  try {
    if (databaseUrl) await inDatabase(databaseUrl, 'SELECT pg_stat_statements_reset()')
    await redis.config('RESETSTAT')
    await closedLoop(repetitions, 1, step)
    const commands = parseCommandStats(await redis.info('commandstats'))
    const statements = databaseUrl ? await readStatements(databaseUrl) : []
    return { redis: perOperation(commands), sql: perOperation(statements) }
  } finally {
    redis.disconnect()
  }
}

/** How many operations the step of `countPerOperation` must be prepared for. */
export const countedOperations = repetitions

export function total(calls: Readonly<Record<string, number>>): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0)
}

function perOperation(calls: readonly (readonly [string, number])[]): Record<string, number> {
  const rounded = calls.map(([name, count]) => [name, Math.round(count / repetitions)] as const)
  return Object.fromEntries(rounded.filter(([, count]) => count > 0))
}

function parseCommandStats(text: string): [string, number][] {
  return [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
    .map(([, name, calls]): [string, number] => [name!, Number(calls)])
    .filter(([name]) => !notTheServers.test(name))
}

async function readStatements(databaseUrl: string): Promise<[string, number][]> {
  const rows = (await inDatabase(
    databaseUrl,
    `SELECT query, sum(calls)::int AS calls FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND query NOT LIKE '%pg_stat_statements%' GROUP BY query ORDER BY query`,
  )) as { query: string; calls: number }[]
  return rows.map((row) => [row.query.replace(/\s+/g, ' '), row.calls])
}
