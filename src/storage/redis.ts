import { Cluster, Command, Redis, type RedisOptions } from 'ioredis'
import { UnavailableError } from '../errors.ts'
import type { Log } from '../log.ts'
import { createBreaker } from './breaker.ts'
import { isStorageFault } from './faults.ts'

export type RedisStore = {
  readonly client: Redis | Cluster
  /** Stands before every key, so that several installations can share one Redis. */
  readonly prefix: string
  /** @throws UnavailableError when Redis does not answer. */
  ping(): Promise<void>
  /**
   * Writes a key that lives a second: a Redis whose memory is full answers a ping.
   * @throws UnavailableError when it does not take it.
   */
  takesWrites(): Promise<void>
  close(): Promise<void>
  /** How many commands were sent, those of the connections' own upkeep not among them. */
  readonly commandCount: number
}

/**
 * A request never waits longer than this for Redis: nothing is queued for a connection that is not
 * there, and a command whose connection broke is not sent again.
 */
const options = {
  // One pipeline is under way at a time, and what comes meanwhile waits for it as well.
  commandTimeout: 400,
  connectTimeout: 500,
  // A connection that no answer comes from (a firewall forgot it) is given up for a new one.
  socketTimeout: 1500,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  retryStrategy: backOff,
  // After a failover the old master is a replica: ask again who the master is.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  connectionName: 'central-sign-on',
} satisfies RedisOptions

/** For a command after one that was not answered: with the wait before it, 650 in all. */
const suspectTimeout = 250
const unansweredInARow = 5
const probeEveryMs = 2000

const logEveryMs = 60_000

/**
 * Connects in the background and keeps trying; never throws because Redis is not there. The URL is
 * - `redis://` or `rediss://[user:password@]host[:port][/db]`,
 * - `redis+sentinel://[user:password@]host:port,…/masterName[/db]`,
 * - `redis+cluster://[user:password@]host:port,…`.
 *
 * The last two take `?tls=true`, for the sentinels as well, and Sentinel
 * `?sentinelUsername=…&sentinelPassword=…` where the sentinels ask for a password of their own.
 */
export function openRedis({ url, prefix }: { url: string; prefix: string }, log: Log): RedisStore {
  const client = connect(url)
  const counter = { commands: 0 }
  watchConnections(client, counter)

  // The client gives up for good where its first contact with the sentinels is cut short.
  let isClosed = false
  client.on('end', () => {
    if (isClosed) return
    setTimeout(() => !isClosed && client.connect().catch(() => {}), backOff(1)).unref()
  })

  let loggedAt = Number.NEGATIVE_INFINITY
  client.on('ready', () => {
    if (loggedAt === Number.NEGATIVE_INFINITY) return
    loggedAt = Number.NEGATIVE_INFINITY
    log.info('Redis is reachable again')
  })
  client.on('error', (error: unknown) => {
    const at = performance.now()
    if (at - loggedAt < logEveryMs) return
    loggedAt = at
    log.warn({ error }, 'Redis is not reachable')
  })

  return {
    client,
    prefix,
    async ping() {
      try {
        await client.sendCommand(new Command('ping'))
      } catch (error) {
        if (!isStorageFault(error)) throw error
        throw new UnavailableError('Redis does not answer', { cause: error })
      }
    },
    async takesWrites() {
      try {
        await client.set(`${prefix}readiness`, '1', 'PX', 1000)
      } catch (error) {
        if (!isStorageFault(error)) throw error
        throw new UnavailableError('Redis takes no writes', { cause: error })
      }
    },
    async close() {
      isClosed = true
      client.disconnect()
    },
    get commandCount() {
      return counter.commands
    },
  }
}

function connect(text: string): Redis | Cluster {
  const { scheme, username, password, nodes, path, query } = readUrl(text)
  const tls = query.get('tls') === 'true' ? { tls: {} } : {}
  const login = { ...(username && { username }), ...(password && { password }) }

  if (scheme === 'redis+cluster') {
    const cluster = new Cluster(nodes, {
      enableOfflineQueue: false,
      clusterRetryStrategy: backOff,
      // A node that comes back at the address it had is found again by connecting, not by a MOVED.
      clusterNodeRetryStrategy: backOff,
      // A command whose node is away is tried again once the slots are known anew.
      retryDelayOnFailover: 50,
      retryDelayOnClusterDown: 50,
      slotsRefreshTimeout: 500,
      maxRedirections: 4,
      redisOptions: { ...withoutRetry(options), ...login, ...tls },
    })
    limitCommands(cluster)
    return cluster
  }
  if (scheme === 'redis+sentinel') {
    const [name = '', db = '0'] = path
    const sentinelUsername = query.get('sentinelUsername')
    const sentinelPassword = query.get('sentinelPassword')
    return new Redis({
      ...options,
      ...login,
      ...tls,
      ...(sentinelUsername && { sentinelUsername }),
      ...(sentinelPassword && { sentinelPassword }),
      ...('tls' in tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
      enableAutoPipelining: true,
      sentinels: nodes,
      sentinelRetryStrategy: backOff,
      sentinelCommandTimeout: 500,
      name,
      db: Number(db),
    })
  }
  // Commands of one turn go out in one write: under load that is half of what Redis costs here.
  return new Redis(text, { ...options, enableAutoPipelining: true })
}

/** A cluster's nodes and its offline queue are governed by the options of the cluster itself. */
function withoutRetry({
  retryStrategy: _,
  enableOfflineQueue: __,
  ...rest
}: typeof options): Omit<typeof options, 'retryStrategy' | 'enableOfflineQueue'> {
  return rest
}

/**
 * The time limit of a node begins when it is sent the command, and again when the next one is; asking
 * for the slots has none. This one is for all of it.
 */
function limitCommands(cluster: Cluster): void {
  const send = cluster.sendCommand
  cluster.sendCommand = (command, ...rest) => {
    command.setTimeout(options.commandTimeout)
    return send.call(cluster, command, ...rest)
  }
}

/** Milliseconds until the next attempt to connect: up to a second, not all processes at once. */
function backOff(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 5), 800) + Math.random() * 200
}

type RedisUrl = {
  scheme: string
  username: string
  password: string
  nodes: { host: string; port: number }[]
  path: string[]
  query: URLSearchParams
}

/** Several hosts are more than the standard parser takes, so they are read one by one. */
function readUrl(text: string): RedisUrl {
  const [, scheme = '', userInfo = '', hosts = '', rest = ''] =
    /^([a-z+]+):\/\/(?:([^@/]*)@)?([^/?#]*)(.*)$/.exec(text) ?? []
  const [username = '', ...password] = userInfo.split(':')
  const { pathname, searchParams } = new URL(rest || '/', 'redis://host')
  return {
    scheme,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password.join(':')),
    nodes: hosts.split(',').map((node) => {
      const { hostname, port } = new URL(`redis://${node}`)
      const host = hostname.replace(/^\[|\]$/g, '')
      return { host, port: Number(port || (scheme === 'redis+sentinel' ? 26_379 : 6379)) }
    }),
    path: pathname.split('/').filter(Boolean).map(decodeURIComponent),
    query: searchParams,
  }
}

/** Names of the commands with which a connection keeps itself up; the rest are requests'. */
const upkeep = new Set(['hello', 'auth', 'info', 'client', 'select', 'cluster', 'readonly', 'quit'])

/** A single server is one connection; a cluster has one for each node, found sooner or later. */
function watchConnections(client: Redis | Cluster, counter: { commands: number }): void {
  // A cluster passes a command on a second time after a redirection or a reconnection.
  const seen = new WeakSet<Command>()
  const watch = (redis: Redis) => watchCommands(redis, counter, seen)
  if (client instanceof Redis) {
    watch(client)
  } else {
    client.nodes().forEach(watch)
    client.on('+node', watch)
  }
}

/**
 * Counts the commands of requests, and refuses them at once while nobody answers. A promise around
 * each would cost every request: failures are seen by the command itself, answers by the connection.
 */
function watchCommands(redis: Redis, counter: { commands: number }, seen: WeakSet<Command>): void {
  const breaker = createBreaker({
    limit: unansweredInARow,
    probeEveryMilliseconds: probeEveryMs,
    probe: () => void Promise.resolve(redis.sendCommand(new Command('ping'))).catch(() => {}),
  })
  // Whatever comes is an answer: a refusal, which has been counted by then, or one that is too late.
  redis.on('connect', () => redis.stream.on('data', breaker.answered))
  // A connection that was given up refuses by itself.
  redis.on('end', breaker.answered)

  const send = redis.sendCommand
  redis.sendCommand = function (command, stream) {
    if (seen.has(command) || upkeep.has(command.name.toLowerCase())) {
      return send.call(this, command, stream)
    }
    // A pipeline is written when all of it is, so a ping among others cannot go alone.
    const isProbe = command.name === 'ping' && !stream
    if (breaker.isOpen && !isProbe) {
      command.reject(new UnavailableError('Redis has not answered for a while'))
      return command.promise
    }
    seen.add(command)
    counter.commands += 1
    if (breaker.isSuspect && !isProbe) command.setTimeout(suspectTimeout)

    const { reject } = command
    command.reject = (error) => {
      breaker.unanswered()
      reject(error)
    }
    return send.call(this, command, stream)
  }
}
