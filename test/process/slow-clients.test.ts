import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { startSignOnProcess } from '../support/sign-on-process.ts'

test('who does not finish headers in 10 seconds, or a request in 15, is cut off', async () => {
  const folder = temporaryFolder('slow-clients')
  onTestFinished(() => folder.remove())
  const port = await freePort()
  const { child } = await startSignOnProcess(
    {
      CSO_ISSUER: `http://localhost:${port}`,
      CSO_DATA_DIR: join(folder.path, 'data'),
      CSO_KEYS_DIR: join(folder.path, 'keys'),
    },
    port,
  )
  const secondsUntilCut = async (start: string) => {
    const startedAt = performance.now()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined).resume()
    socket.write(start)
    const drip = setInterval(() => socket.write('a'), 1000)
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(drip)
    return (performance.now() - startedAt) / 1000
  }
  const line = `POST /account/sign-out HTTP/1.1\r\nHost: localhost:${port}\r\n`
  const type = 'Content-Type: application/x-www-form-urlencoded\r\n'
  const [headers, body] = await Promise.all([
    secondsUntilCut(`${line}X: `),
    secondsUntilCut(`${line}${type}Content-Length: 1000\r\n\r\n`),
  ])
  expect(headers).toBeGreaterThan(9)
  expect(headers).toBeLessThan(12)
  expect(body).toBeGreaterThan(14)
  expect(body).toBeLessThan(17)
  child.signal('SIGTERM')
  expect(await child.exited).toBe(0)
  // What becomes of connections is in the log, if anywhere.
  expect(child.stderr()).toBe('')
}, 90_000)
