import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLimitedServer } from '../../src/http/server.ts'
import { silent } from '../storage/databases.ts'

/** Sends the head of a form and a part of its body. @returns what the server answers until it closes. */
async function beginForm(path: string) {
  const reached = Promise.withResolvers<void>()
  const server = createLimitedServer((request) => {
    request.resume()
    reached.resolve()
  }, silent)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  onTestFinished(async () => {
    socket.destroy()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\na=`)
  await reached.promise
  return { socket, answer: () => answer }
}

test.each([
  ['a form', '/account/settings/username', true],
  ['a form with a file', '/account/courts/ncwb/request/documents', false],
])('%s that does not come within fifteen seconds: %s is given up: %s', async (_, path, isOver) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const { socket, answer } = await beginForm(path)
  await vi.advanceTimersByTimeAsync(14_900)
  expect([answer(), socket.destroyed]).toEqual(['', false])
  const ended = isOver ? once(socket, 'end') : undefined
  await vi.advanceTimersByTimeAsync(200)
  await ended
  expect(answer()).toBe(isOver ? 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n' : '')
})
