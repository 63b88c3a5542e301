import { UnavailableError } from '../errors.ts'
import { databaseAway } from '../outages.ts'

/** Node's names of what can happen to a socket or a host name. */
const socketFaults = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/**
 * SQLSTATE classes 08 (connection), 53 (resources) and 57P0x (shutdown, crash, starting up), and
 * single codes: 25006 read-only standby after a failover, 25P03 and 25P04 server ended an idle or
 * long transaction, 40001 and 40P01 conflict and deadlock, 55P03 lock not available, 57014 statement
 * timeout, 58030 input/output error.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const sqlStateFault = /^(08...|53...|57P0.|25006|25P0[34]|40001|40P01|55P03|57014|58030)$/

/**
 * Prisma: unreachable, timed out, closed, no connection to be had, transaction not started or
 * expired, write conflict, too many connections.
 * @see https://www.prisma.io/docs/orm/reference/error-reference
 */
const prismaFault = /^(P1001|P1002|P1008|P1017|P2024|P2028|P2034|P2037)$/

/** Kinds of a driver adapter's error, which Prisma wraps. */
const adapterFault = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
])

const redisNamedFaults = new Set([
  'MaxRetriesPerRequestError',
  'ClusterAllFailedError',
  'AbortError',
])

/** Faults that their library tells by the message only; the whole message is compared. */
const messageFaults = [
  // pg and its pool
  /^Connection terminated/,
  /^timeout expired$/,
  /^timeout exceeded when trying to connect$/,
  /^Query read timeout$/,
  /^Client has encountered a connection error and is not queryable$/,
  /^Client was closed and is not queryable$/,
  /^Cannot use a pool after calling end on the pool$/,
  // PGlite
  /^PGlite is clos(ed|ing)$/,
]

/** ioredis, and the replies of a Redis that cannot serve now. */
const redisMessageFaults = [
  /^Command timed out$/,
  /^connect ETIMEDOUT$/,
  /^Connection is closed\.?$/,
  /enableOfflineQueue options is false$/,
  /^Cluster is ended\.?$/,
  /^Cluster isn't ready/,
  /^None of startup nodes is available$/,
  /^Failed to refresh slots cache\.?$/,
  /^Too many Cluster redirections/,
  /^All sentinels are unreachable/,
  /^(OOM|LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|MISCONF|NOREPLICAS|UNBLOCKED) /,
]

const conflictCode = /^(40001|40P01|P2034)$/

/**
 * Is this error a fault of PostgreSQL, PGlite or Redis, as opposed to a defect of ours? Looks through
 * `cause` and through what Prisma wraps. Nothing was decided then; the caller may try again.
 */
export function isStorageFault(error: unknown): boolean {
  return someLayer(
    error,
    (layer) =>
      layer['name'] === 'UnavailableError' ||
      isRedisLayer(layer) ||
      adapterFault.has(String(layer['kind'])) ||
      codesOf(layer).some(
        (code) => socketFaults.has(code) || sqlStateFault.test(code) || prismaFault.test(code),
      ) ||
      messageFaults.some((pattern) => pattern.test(String(layer['message'] ?? ''))),
  )
}

function isRedisLayer(layer: Record<string, unknown>): boolean {
  return (
    redisNamedFaults.has(String(layer['name'])) ||
    redisMessageFaults.some((pattern) => pattern.test(String(layer['message'] ?? '')))
  )
}

/** What a storage fault is a fault of, in words that do not change from one to the next. */
export function outageName(error: unknown): string {
  if (error instanceof UnavailableError) return error.message
  return someLayer(error, isRedisLayer) ? 'Redis does not answer' : databaseAway
}

/** What the operator has to put right, by SQLSTATE; waiting does not help. */
const settingProblems: Readonly<Record<string, string>> = {
  '28P01': 'DATABASE_URL: PostgreSQL does not take this user with this password',
  '28000': 'DATABASE_URL: PostgreSQL does not let this user in from here',
  '3D000': 'DATABASE_URL: there is no database of that name',
  '42501':
    'DATABASE_URL: this role may not change the schema, and a migration is due. As the owner of the ' +
    'database: npm run cli -- migrate',
}

/** The sentence for the operator where the settings are wrong; undefined for every other error. */
export function settingProblem(error: unknown): string | undefined {
  let found: string | undefined
  someLayer(error, (layer) => {
    found = codesOf(layer).flatMap((code) => settingProblems[code] ?? [])[0]
    return found !== undefined
  })
  return found
}

/** Did two transactions collide, so that running this one again is the answer? */
export function isWriteConflict(error: unknown): boolean {
  return someLayer(
    error,
    (layer) =>
      layer['kind'] === 'TransactionWriteConflict' ||
      codesOf(layer).some((code) => conflictCode.test(code)),
  )
}

/**
 * The name of the unique index or constraint that refused what was to be written; undefined for every
 * other error. The drivers name it, Prisma's adapter for PostgreSQL passes it on as `index`, the one for
 * PGlite in the message only.
 */
export function violatedConstraint(error: unknown): string | undefined {
  let found: string | undefined
  someLayer(error, (layer) => {
    if (!codesOf(layer).some((code) => /^(23503|23505)$/.test(code))) return false
    const { index } = (layer['constraint'] ?? {}) as { index?: unknown }
    const inMessage = /constraint "([^"]+)"/.exec(String(layer['originalMessage']))?.[1]
    const name = index ?? inMessage ?? layer['constraint']
    found = typeof name === 'string' ? name : undefined
    return found !== undefined
  })
  return found
}

/** The driver's `code`, and `originalCode` where an adapter translated it. */
function codesOf(layer: Record<string, unknown>): string[] {
  return [layer['code'], layer['originalCode']].filter((code) => typeof code === 'string')
}

/** The error, its causes, Prisma's `meta.driverAdapterError`, and the parts of an aggregate. */
function someLayer(
  error: unknown,
  matches: (layer: Record<string, unknown>) => boolean,
  depth = 0,
): boolean {
  if (typeof error !== 'object' || error === null || depth > 6) return false
  const layer = error as Record<string, unknown>
  if (matches(layer)) return true
  const meta = layer['meta'] as Record<string, unknown> | undefined
  const inner: unknown[] = [layer['cause'], meta?.['driverAdapterError']]
  if (error instanceof AggregateError) inner.push(...error.errors)
  return inner.some((part) => someLayer(part, matches, depth + 1))
}

/** Faults of the database as `UnavailableError`, everything else as it is. */
export function asUnavailable(error: unknown): unknown {
  if (error instanceof UnavailableError || !isStorageFault(error)) return error
  return new UnavailableError(databaseAway, { cause: error })
}
