import { createServer } from 'node:net'

// Below the range from which systems take the local ports of outgoing connections (32768 and up on
// Linux), so that a server can be stopped and started again on its port.
const lowest = 11_000
const highest = 21_999
const handedOut = new Set<number>()
/** Test files run two at once: each takes ports of its own, odd ones or even ones. */
const parity = Number(process.env['VITEST_POOL_ID'] ?? 0) % 2

/**
 * A port on loopback that nobody listens on, and that this process was not given before.
 * `distances`: also free at these distances above it (Redis Cluster listens 10,000 higher as well).
 */
export async function freePort(...distances: readonly number[]): Promise<number> {
  for (;;) {
    const port = lowest + 2 * Math.floor((Math.random() * (highest - lowest)) / 2) + parity
    if (handedOut.has(port)) continue
    handedOut.add(port)
    const areFree = await Promise.all([0, ...distances].map((distance) => isFree(port + distance)))
    if (areFree.every(Boolean)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
