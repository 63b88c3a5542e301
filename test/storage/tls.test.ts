import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../src/log.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { openRedis, type RedisStore } from '../../src/storage/redis.ts'
import { type Certificate, makeCertificate } from '../support/certificate.ts'
import { timeUntil } from '../support/measure.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { startTlsRedis, startTlsSentinel } from '../support/redis.ts'
import { unprivilegedUser } from '../support/server-process.ts'
import { silent } from './databases.ts'

type TlsRedis = Awaited<ReturnType<typeof startTlsRedis>>

const usual = getCACertificates('default')
let certificate: Certificate
let redis: TlsRedis

beforeAll(async () => {
  const owner = unprivilegedUser()
  certificate = makeCertificate({ withAddress: true, ...(owner && { owner }) })
  redis = await startTlsRedis(certificate)
})
afterAll(async () => {
  await redis.stop()
  certificate.remove()
})

/** For the time of one test what NODE_EXTRA_CA_CERTS does when a process starts. */
function trust({ authority }: Certificate): void {
  setDefaultCACertificates([...usual, authority])
  onTestFinished(() => setDefaultCACertificates(usual))
}

function open(url: string, log = silent): RedisStore {
  const store = openRedis({ url, prefix: 'test:' }, log)
  onTestFinished(() => store.close())
  return store
}

/** Why a Redis was not reached, as the log has it. */
async function problemWith(url: string): Promise<string> {
  const lines: string[] = []
  const store = open(url, createLog('warn', { write: (line: string) => void lines.push(line) }))
  await expect.poll(() => lines.length, { timeout: 5000 }).toBeGreaterThan(0)
  await expect(store.ping()).rejects.toThrow('Redis does not answer')
  return lines.join('')
}

describe('Redis over TLS', () => {
  test('is reached at rediss:// when its authority is trusted', async () => {
    trust(certificate)
    const store = open(`rediss://127.0.0.1:${redis.tlsPort}/2`)
    await timeUntil(() => store.ping())
    await store.client.set('a', '1')
    expect(await store.client.get('a')).toBe('1')
    expect(await store.client.call('CLIENT', 'INFO')).toContain(' db=2 ')
  })

  test('is not when nobody told of its authority', async () => {
    expect(await problemWith(`rediss://127.0.0.1:${redis.tlsPort}`)).toContain(
      'self-signed certificate in certificate chain',
    )
  })

  test('is not when its certificate is for another name', async () => {
    const other = makeCertificate()
    const elsewhere = await startTlsRedis(other)
    onTestFinished(async () => {
      await elsewhere.stop()
      other.remove()
    })
    trust(other)
    const store = open(`rediss://localhost:${elsewhere.tlsPort}`)
    await timeUntil(() => store.ping())
    expect(await problemWith(`rediss://127.0.0.1:${elsewhere.tlsPort}`)).toContain('altnames')
  })

  test('is found through a sentinel, both with ?tls=true', async () => {
    const sentinel = await startTlsSentinel(redis.tlsPort, certificate)
    onTestFinished(() => sentinel.stop())
    const url = `redis+sentinel://127.0.0.1:${sentinel.tlsPort}/cso?tls=true`
    expect(await problemWith(url)).toContain('Redis is not reachable')
    trust(certificate)
    const store = open(url)
    await timeUntil(() => store.ping())
    expect(await store.client.set('a', '1')).toBe('OK')
  })

  test('is a cluster with ?tls=true', async () => {
    const cluster = await startTlsRedis(certificate, { isCluster: true })
    onTestFinished(() => cluster.stop())
    const url = `redis+cluster://127.0.0.1:${cluster.tlsPort}?tls=true`
    expect(await problemWith(url)).toContain('Redis is not reachable')
    trust(certificate)
    const store = open(url)
    await timeUntil(() => store.ping())
    expect(await store.client.set('a', '1')).toBe('OK')
  })
})

describe('PostgreSQL over TLS', () => {
  let postgres: PostgresServer
  beforeAll(async () => {
    postgres = await startPostgres({
      ssl: 'on',
      ssl_cert_file: certificate.certificateFile,
      ssl_key_file: certificate.keyFile,
    })
  })
  afterAll(() => postgres.stop())

  async function isEncrypted(query: string): Promise<boolean | undefined> {
    const url = `${postgres.url()}?${query}`
    const db = await openDatabase({ url, dataDir: '', poolSize: 1 }, silent)
    onTestFinished(() => db.close())
    const text = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
    return (await db.query<{ ssl: boolean }>({ name: 'is-encrypted', text }, []))[0]?.ssl
  }

  test('is reached with verify-full and the file of its authority', async () => {
    const file = encodeURIComponent(certificate.authorityFile)
    expect(await isEncrypted(`sslmode=verify-full&sslrootcert=${file}`)).toBe(true)
  })

  test('is reached with verify-full and an authority that the process trusts', async () => {
    trust(certificate)
    expect(await isEncrypted('sslmode=verify-full')).toBe(true)
  })

  test('is not when nobody told of its authority, or told of another', async () => {
    const other = makeCertificate()
    onTestFinished(() => other.remove())
    const file = encodeURIComponent(other.authorityFile)
    await expect(isEncrypted('sslmode=verify-full')).rejects.toThrow()
    await expect(isEncrypted(`sslmode=verify-full&sslrootcert=${file}`)).rejects.toThrow()
  })
})
