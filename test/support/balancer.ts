import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { freePort } from './free-port.ts'

export type Balancer = {
  /** `http://localhost:port`, the address that browsers and courts know. */
  readonly url: string
  /** Requests answered by each process, in the order of `ports`. */
  readonly counts: readonly number[]
  /** Sends everything to this process alone, or with undefined round again. */
  pin(index: number | undefined): void
  stop(): Promise<void>
}

/**
 * One address in front of several processes on loopback: each request goes to the next of them. A
 * process that refuses the connection is passed over; one that dies over a request costs that request
 * (502). Sends every header on as it came, and adds none.
 */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const counts = ports.map(() => 0)
  let turn = 0
  let pinned: number | undefined

  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const first = pinned ?? turn++
    const tries = pinned === undefined ? ports.length : 1
    passOn(incoming, outgoing, Buffer.concat(chunks), first % ports.length, tries)
  })

  function passOn(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer,
    index: number,
    tries: number,
  ): void {
    const upstream = request(
      {
        host: '127.0.0.1',
        port: ports[index],
        method: incoming.method,
        path: incoming.url,
        headers: { ...incoming.headers, connection: 'close' },
        agent: false,
      },
      (answer) => {
        counts[index]! += 1
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(outgoing)
        answer.once('error', () => outgoing.destroy())
      },
    )
    upstream.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' && tries > 1) {
        passOn(incoming, outgoing, body, (index + 1) % ports.length, tries - 1)
      } else if (!outgoing.headersSent) {
        outgoing.writeHead(502).end()
      } else {
        outgoing.destroy()
      }
    })
    upstream.end(body)
  }

  const port = await freePort()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://localhost:${port}`,
    counts,
    pin(index) {
      pinned = index
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
