import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './free-port.ts'

/**
 * `pass`: as if it were not there. `latency`: every piece is late by so many milliseconds, each way.
 * `blackhole`: connections are accepted, nothing arrives; what was sent arrives after the hole.
 * `reset`: open connections are reset, new ones as soon as they are made.
 * `refuse`: open connections are reset, new ones refused.
 */
export type FaultMode = 'pass' | 'latency' | 'blackhole' | 'reset' | 'refuse'

export type FaultProxy = {
  /** `127.0.0.1:port`, to put in place of the target's address. */
  readonly host: string
  readonly port: number
  /** Connections made to it so far. */
  readonly connectionCount: number
  pass(): Promise<void>
  latency(milliseconds: number): Promise<void>
  blackhole(): Promise<void>
  reset(): Promise<void>
  refuse(): Promise<void>
  stop(): Promise<void>
}

/** A TCP proxy in front of `target` (`host:port`, or a URL that names both) that can misbehave. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port: targetPort } = new URL(target.includes('//') ? target : `tcp://${target}`)
  const open = new Set<Socket>()
  let mode: FaultMode = 'pass'
  let lateMilliseconds = 0
  let connectionCount = 0
  let leaveHole = () => {}
  let hole: Promise<void> = Promise.resolve()

  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    connectionCount += 1
    track(incoming)
    if (mode === 'reset') {
      incoming.resetAndDestroy()
      return
    }
    const outgoing = connect({ host: hostname, port: Number(targetPort), allowHalfOpen: true })
    track(outgoing)
    incoming.once('close', () => outgoing.destroy())
    outgoing.once('close', () => incoming.destroy())
    carry(incoming, outgoing)
    carry(outgoing, incoming)
  })

  function track(socket: Socket) {
    open.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => open.delete(socket))
    // A broken connection closes the other side; that is the whole report.
    socket.on('error', () => {})
  }

  /** Each direction is a queue, so that nothing overtakes when the mode changes meanwhile. */
  function carry(from: Socket, to: Socket) {
    let queue = Promise.resolve()
    const inTurn = (write: () => void) => {
      const dueAt = Date.now() + (mode === 'latency' ? lateMilliseconds : 0)
      queue = queue.then(async () => {
        if (dueAt > Date.now()) await delay(dueAt - Date.now())
        await hole
        if (!to.destroyed) write()
      })
    }
    from.on('data', (chunk) => inTurn(() => to.write(chunk)))
    from.on('end', () => inTurn(() => to.end()))
  }

  async function change(next: FaultMode) {
    mode = next
    if (next === 'blackhole') {
      leaveHole()
      hole = new Promise((resolve) => {
        leaveHole = resolve
      })
    } else {
      leaveHole()
    }
    if (next === 'reset' || next === 'refuse') resetAll()
    if (next === 'refuse' && server.listening) {
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
    if (next !== 'refuse' && !server.listening) await listen(port)
  }

  function resetAll() {
    for (const socket of open) socket.resetAndDestroy()
  }

  function listen(wanted: number): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  }

  await listen(await freePort())
  const { port } = server.address() as { port: number }
  return {
    host: `127.0.0.1:${port}`,
    port,
    get connectionCount() {
      return connectionCount
    },
    pass: () => change('pass'),
    latency(milliseconds) {
      lateMilliseconds = milliseconds
      return change('latency')
    },
    blackhole: () => change('blackhole'),
    reset: () => change('reset'),
    refuse: () => change('refuse'),
    stop: () => change('refuse'),
  }
}
