import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  createOutboundFetch,
  type OutboundPolicy,
  type OutboundProblem,
} from '../../src/http/outbound.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closers.splice(0)) await close()
})

/** A court's server on loopback, and how often it was asked. */
async function startCourt(answer: RequestListener) {
  const court = { host: '', url: '', requests: 0 }
  const server = createServer((request, response) => {
    court.requests += 1
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  court.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  court.url = `http://${court.host}/jwks`
  return court
}

/** Something that takes connections and counts them, without saying a word. */
async function startListener() {
  const listener = { port: 0, connections: 0 }
  const server = createTcpServer((socket) => {
    listener.connections += 1
    socket.on('error', () => {})
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    await new Promise((resolve) => server.close(resolve))
  })
  listener.port = (server.address() as AddressInfo).port
  return listener
}

function caller(policy: Partial<OutboundPolicy>) {
  const problems: OutboundProblem[] = []
  const call = createOutboundFetch(
    { networks: [], loopbackHosts: [], ...policy },
    (_url, problem) => problems.push(problem),
  )
  return { call, problems }
}

const keys = JSON.stringify({ keys: [] })
const good: RequestListener = (_request, response) => response.end(keys)

describe('whom this server calls', () => {
  test.each([
    ['its own machine', 'https://127.0.0.1/jwks'],
    ['its own machine by another name of it', 'https://127.1.2.3/jwks'],
    ['its own machine as one number', 'https://2130706433/jwks'],
    ['its own machine in octal', 'https://0177.0.0.1/jwks'],
    ['its own machine in IPv6', 'https://[::1]/jwks'],
    ['its own machine as IPv4 within IPv6', 'https://[::ffff:127.0.0.1]/jwks'],
    ['its own machine by a name', 'https://localhost/jwks'],
    ['any address', 'https://0.0.0.0/jwks'],
    ['a private network', 'https://10.1.2.3/jwks'],
    ['another private network', 'https://172.31.0.1/jwks'],
    ['a home network', 'https://192.168.1.1/jwks'],
    ['a carrier’s network', 'https://100.64.0.1/jwks'],
    ['the metadata service of a cloud', 'https://169.254.169.254/latest/meta-data'],
    ['a private network in IPv6', 'https://[fd00::1]/jwks'],
    ['a link-local address in IPv6', 'https://[fe80::1]/jwks'],
    ['an IPv4 address behind NAT64', 'https://[64:ff9b::7f00:1]/jwks'],
    ['an IPv4 address within IPv6, of old', 'https://[::127.0.0.1]/jwks'],
    ['a public one in the same way', 'https://[::8.8.8.8]/jwks'],
    ['a site, of old', 'https://[fec0::1]/jwks'],
    ['a group', 'https://224.0.0.1/jwks'],
  ])('is not %s', async (_, url) => {
    const { call, problems } = caller({})
    await expect(call(url)).rejects.toThrow('address-not-allowed')
    expect(problems).toEqual(['address-not-allowed'])
  })

  test.each([
    'http://court.example.gov/jwks',
    'http://127.0.0.1/jwks',
    'ftp://court.example.gov/jwks',
    'file:///etc/passwd',
    'data:application/json,{}',
  ])('is nobody in the clear: %s', async (url) => {
    const { call, problems } = caller({})
    await expect(call(url)).rejects.toThrow('not-https')
    expect(problems).toEqual(['not-https'])
  })

  test('is a refused address not even by a connection', async () => {
    const listener = await startListener()
    const { port } = listener
    const { call } = caller({ networks: ['10.0.0.0/8'], loopbackHosts: [`127.0.0.1:${port + 1}`] })
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      await expect(call(`https://${host}:${port}/jwks`)).rejects.toThrow('address-not-allowed')
    }
    expect(listener.connections).toBe(0)
  })

  test('is a private network that is listed, over TLS only', async () => {
    const listener = await startListener()
    const { call } = caller({ networks: ['127.0.0.0/8'] })
    await expect(call(`http://127.0.0.1:${listener.port}/jwks`)).rejects.toThrow('not-https')
    expect(listener.connections).toBe(0)
    await expect(call(`https://127.0.0.1:${listener.port}/jwks`)).rejects.toThrow('unreachable')
    expect(listener.connections).toBe(1)
  })

  test('is loopback where that host and port are listed, also in the clear', async () => {
    const court = await startCourt(good)
    const { call, problems } = caller({ loopbackHosts: [court.host] })
    expect(await (await call(court.url)).text()).toBe(keys)
    expect(problems).toEqual([])
  })

  test('is not another port of a listed host', async () => {
    const court = await startCourt(good)
    const { call } = caller({ loopbackHosts: ['127.0.0.1:1'] })
    await expect(call(court.url)).rejects.toThrow('not-https')
    expect(court.requests).toBe(0)
  })
})

describe('what it takes for an answer', () => {
  const fetchFrom = async (answer: RequestListener) => {
    const court = await startCourt(answer)
    const { call, problems } = caller({ loopbackHosts: [court.host] })
    const startedAt = performance.now()
    const outcome = await call(court.url).then(
      (response) => response.text(),
      (error: Error) => error.message,
    )
    return { outcome, problems, court, milliseconds: performance.now() - startedAt }
  }

  test.each([301, 302, 303, 307, 308])('a redirect with %i is not followed', async (status) => {
    const elsewhere = await startCourt(good)
    const { problems } = await fetchFrom((_request, response) => {
      response.writeHead(status, { location: elsewhere.url }).end()
    })
    expect(problems).toEqual(['redirected'])
    expect(elsewhere.requests).toBe(0)
  })

  test.each([201, 204, 400, 404, 500, 503])('the status %i is none', async (status) => {
    const { problems } = await fetchFrom((_request, response) => {
      response.writeHead(status).end(status === 204 ? undefined : keys)
    })
    expect(problems).toEqual(['bad-status'])
  })

  test('64 KiB are taken, one byte more is not', async () => {
    const full = await fetchFrom((_request, response) => response.end('x'.repeat(65_536)))
    expect(full.outcome).toHaveLength(65_536)
    const over = await fetchFrom((_request, response) => response.end('x'.repeat(65_537)))
    expect(over.problems).toEqual(['too-large'])
  })

  test('ten megabytes are not read to their end', async () => {
    let sent = 0
    const { problems } = await fetchFrom((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024)
      const more = () => {
        while (sent < 160 * chunk.length && !response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) return response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    expect(problems).toEqual(['too-large'])
    expect(sent).toBeLessThan(10 * 1024 * 1024)
  })

  test('a small answer that unpacks to ten megabytes is too large', async () => {
    const packed = gzipSync(Buffer.alloc(10 * 1024 * 1024))
    expect(packed.length).toBeLessThan(64 * 1024)
    const { problems } = await fetchFrom((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
    })
    expect(problems).toEqual(['too-large'])
  })

  test('a court that never answers is given up after two and a half seconds', async () => {
    const { problems, milliseconds } = await fetchFrom(() => {})
    expect(problems).toEqual(['unreachable'])
    expect(milliseconds).toBeGreaterThan(2400)
    expect(milliseconds).toBeLessThan(3500)
  })

  test('and so is one that answers a byte at a time', async () => {
    const { problems, milliseconds } = await fetchFrom((_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(' '), 100)
      response.on('close', () => clearInterval(timer))
    })
    expect(problems).toEqual(['unreachable'])
    expect(milliseconds).toBeLessThan(3500)
  })
})

describe('while a court is away', () => {
  test('its last good keys are used, for a day; it is asked again every 30 seconds', async () => {
    let status = 200
    const court = await startCourt((_request, response) => {
      response.writeHead(status).end(keys)
    })
    const { call, problems } = caller({ loopbackHosts: [court.host] })
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await call(court.url)
    expect(court.requests).toBe(1)

    status = 500
    expect(await (await call(court.url)).text()).toBe(keys)
    expect(problems).toEqual(['bad-status'])
    for (let count = 0; count < 5; count += 1) await call(court.url)
    expect(court.requests).toBe(2)

    vi.setSystemTime(start + 31_000)
    expect(await (await call(court.url)).text()).toBe(keys)
    expect(court.requests).toBe(3)

    vi.setSystemTime(start + 24 * 3600 * 1000 + 1000)
    await expect(call(court.url)).rejects.toThrow('bad-status')

    status = 200
    vi.setSystemTime(start + 25 * 3600 * 1000)
    expect(await (await call(court.url)).text()).toBe(keys)
  })

  test('one that never answered is not asked again for 30 seconds', async () => {
    const court = await startCourt((_request, response) => response.writeHead(500).end())
    const { call } = caller({ loopbackHosts: [court.host] })
    await expect(call(court.url)).rejects.toThrow('bad-status')
    await expect(call(court.url)).rejects.toThrow('unreachable')
    expect(court.requests).toBe(1)
  })

  test('keys that are too large do not replace the good ones', async () => {
    let body = keys
    const court = await startCourt((_request, response) => response.end(body))
    const { call, problems } = caller({ loopbackHosts: [court.host] })
    await call(court.url)
    body = 'x'.repeat(100_000)
    expect(await (await call(court.url)).text()).toBe(keys)
    expect(problems).toEqual(['too-large'])
  })
})

test('twenty callers at once share one request, and each gets the whole answer', async () => {
  const court = await startCourt((_request, response) => {
    setTimeout(() => response.end(keys), 100)
  })
  const { call } = caller({ loopbackHosts: [court.host] })
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(court.url)))
  expect(court.requests).toBe(1)
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(Array(20).fill(keys))
  await call(court.url)
  expect(court.requests).toBe(2)
})
