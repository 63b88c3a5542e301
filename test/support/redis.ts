import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findRedis } from '../../scripts/services.mjs'
import type { Certificate } from './certificate.ts'
import { freePort } from './free-port.ts'
import { becomes } from './measure.ts'
import { type ServerProcess, startServer, temporaryFolder } from './server-process.ts'

export type RedisServer = {
  readonly url: string
  readonly port: number
  /** Changes with `restart()`. */
  readonly pid: number
  /** Stops it by signal: clients see a server that hangs. */
  pause(): void
  resume(): void
  kill(): Promise<void>
  /** On the same port, empty, whether it is running, hung or dead. */
  restart(): Promise<void>
  /** Empties every database of it. */
  flush(): Promise<void>
  /** One command without blanks in its arguments; the first line of the answer. */
  command(line: string): Promise<string>
  stop(): Promise<void>
}

const busDistance = 10_000
const settleMilliseconds = 20_000
const stored = ['--save', '', '--appendonly', 'no']

/**
 * A Redis server of its own, on loopback and in memory. `maxmemory` as Redis writes it (`4mb`): at
 * the limit it refuses writes. `args`: further options of the command line.
 */
export async function startRedis(
  options: { maxmemory?: string; args?: readonly string[]; distances?: readonly number[] } = {},
): Promise<RedisServer> {
  const folder = temporaryFolder('redis')
  let port = 0
  const start = () =>
    startServer({
      command: program('redis-server'),
      args: [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path, ...stored],
        ...['--maxmemory-policy', 'noeviction', '--maxmemory', options.maxmemory ?? '0'],
        ...(options.args ?? []),
      ],
      logFile: join(folder.path, 'redis.log'),
      exitSignal: 'SIGKILL',
      isReady: () => isRedisReady(port),
    })
  let server: ServerProcess
  try {
    try {
      port = await freePort(...(options.distances ?? []))
      server = await start()
    } catch {
      // Somebody may have taken the port between our looking and Redis's listening.
      port = await freePort(...(options.distances ?? []))
      server = await start()
    }
  } catch (error) {
    folder.remove()
    throw error
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    kill: () => server.kill(),
    async restart() {
      if (server.isRunning()) await server.kill()
      server = await start()
    },
    async flush() {
      await redisCommand(port, 'FLUSHALL')
    },
    command: (line) => redisCommand(port, line),
    async stop() {
      if (server.isRunning()) await server.kill()
      folder.remove()
    },
  }
}

/**
 * One that takes TLS on `tlsPort`, beside the port in the clear on which the tests command it.
 * `isCluster`: a cluster of one.
 */
export async function startTlsRedis(
  certificate: Certificate,
  { isCluster = false } = {},
): Promise<RedisServer & { readonly tlsPort: number }> {
  const tlsPort = await freePort(busDistance)
  const server = await startRedis({
    args: [
      ...tlsSettings(tlsPort, certificate).flatMap(([name, value]) => [`--${name}`, value]),
      ...(isCluster ? ['--cluster-enabled', 'yes', '--tls-cluster', 'yes'] : []),
      ...(isCluster ? ['--cluster-announce-ip', '127.0.0.1'] : []),
    ],
  })
  if (isCluster) await server.command('CLUSTER ADDSLOTSRANGE 0 16383')
  return { ...server, tlsPort }
}

function tlsSettings(tlsPort: number, certificate: Certificate): [string, string][] {
  return [
    ['tls-port', String(tlsPort)],
    ['tls-cert-file', certificate.certificateFile],
    ['tls-key-file', certificate.keyFile],
    ['tls-ca-cert-file', certificate.authorityFile],
    ['tls-auth-clients', 'no'],
    ['tls-replication', 'yes'],
  ]
}

/** A sentinel that takes TLS on `tlsPort` and watches a master over TLS, by the name `cso`. */
export async function startTlsSentinel(masterTlsPort: number, certificate: Certificate) {
  const tlsPort = await freePort()
  const settings = tlsSettings(tlsPort, certificate).map((setting) => setting.join(' '))
  const sentinel = await startSentinel(masterTlsPort, settings)
  return { tlsPort, stop: sentinel.stop }
}

/** Three masters without replicas; `url` is `redis+cluster://` with all three. */
export async function startRedisCluster() {
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000']
  const nodes = await startAll([
    () => startRedis({ args, distances: [busDistance] }),
    () => startRedis({ args, distances: [busDistance] }),
    () => startRedis({ args, distances: [busDistance] }),
  ])
  const stop = () => stopAll(nodes)
  const addresses = nodes.map((node) => `127.0.0.1:${node.port}`)
  try {
    await promisify(execFile)(program('redis-cli'), [
      ...['--cluster', 'create', ...addresses],
      ...['--cluster-replicas', '0', '--cluster-yes'],
    ])
    await becomes('the cluster agrees on its slots', settleMilliseconds, async () => {
      const states = await Promise.all(nodes.map((node) => redisAnswer(node.port, 'CLUSTER INFO')))
      return states.every((state) => state.includes('cluster_state:ok'))
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `redis+cluster://${addresses.join(',')}`, nodes, stop }
}

/**
 * One master, one replica, one sentinel that decides alone and sees a dead master after half a
 * second; `url` is `redis+sentinel://` with the master's name `cso`.
 */
export async function startRedisSentinel() {
  const master = await startRedis()
  const started: { stop(): Promise<void> }[] = [master]
  const stop = () => stopAll([...started].reverse())
  try {
    const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(master.port)] })
    started.push(replica)
    // A sentinel hears of replicas from the master, which it asks only every ten seconds.
    await becomes('the replica follows', settleMilliseconds, async () =>
      (await redisAnswer(replica.port, 'INFO replication')).includes('master_link_status:up'),
    )
    const sentinel = await startSentinel(master.port)
    started.push(sentinel)
    await becomes('the sentinel knows the replica', settleMilliseconds, async () =>
      (await redisAnswer(sentinel.port, 'SENTINEL master cso')).includes('num-slaves\r\n$1\r\n1'),
    )
    return {
      url: `redis+sentinel://127.0.0.1:${sentinel.port}/cso`,
      master,
      replica,
      sentinelPort: sentinel.port,
      /** Port of the master according to the sentinel: changes once it has failed over. */
      currentMasterPort: async () => {
        const answer = await redisAnswer(sentinel.port, 'SENTINEL get-master-addr-by-name cso')
        return Number(answer.trim().split('\r\n').at(-1))
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startSentinel(masterPort: number, settings: readonly string[] = []) {
  const folder = temporaryFolder('sentinel')
  const port = await freePort()
  // A sentinel rewrites its configuration, so it wants a file.
  const file = join(folder.path, 'sentinel.conf')
  writeFileSync(
    file,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      ...settings,
      `dir ${folder.path}`,
      `sentinel monitor cso 127.0.0.1 ${masterPort} 1`,
      'sentinel down-after-milliseconds cso 500',
      'sentinel failover-timeout cso 2000',
      '',
    ].join('\n'),
  )
  const server = await startServer({
    command: program('redis-server'),
    args: [file, '--sentinel'],
    logFile: join(folder.path, 'sentinel.log'),
    exitSignal: 'SIGKILL',
    isReady: () => isRedisReady(port),
  })
  return {
    port,
    async stop() {
      if (server.isRunning()) await server.kill()
      folder.remove()
    },
  }
}

/** A key prefix that nobody else uses, for a test file that shares the run's Redis. */
export function newKeyPrefix(): string {
  return `cso-test-${randomBytes(6).toString('hex')}:`
}

/** All of them, or none: when one fails to start, the others are stopped. */
async function startAll<T extends { stop(): Promise<void> }>(
  starts: readonly (() => Promise<T>)[],
) {
  const results = await Promise.allSettled(starts.map((start) => start()))
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = results.find((result) => result.status === 'rejected')
  if (!failure) return started
  await stopAll(started)
  throw failure.reason
}

async function stopAll(servers: readonly { stop(): Promise<void> }[]) {
  for (const server of servers) await server.stop()
}

async function isRedisReady(port: number): Promise<boolean> {
  return (await redisCommand(port, 'PING')) === '+PONG'
}

async function redisCommand(port: number, line: string): Promise<string> {
  const answer = await redisAnswer(port, line)
  if (answer.startsWith('-')) throw new Error(`Redis refuses ${line}: ${answer.trim()}`)
  return answer.slice(0, answer.indexOf('\r\n'))
}

/** Redis's inline protocol: a line there, the whole answer back as Redis frames it. */
function redisAnswer(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setTimeout(5000, () => socket.destroy(new Error(`Redis does not answer ${line}`)))
    // Redis answers what it has read before it notices that no more will come (a sentinel knows no QUIT).
    socket.on('connect', () => socket.end(`${line}\r\n`))
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8')
    })
    socket.on('error', reject)
    socket.on('end', () => {
      socket.destroy()
      resolve(answer)
    })
  })
}

function program(name: string): string {
  const path = findRedis(name)
  if (!path) throw new Error(`${name} is not on this machine`)
  return path
}
