import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../src/config.ts'

const production = {
  CSO_ENVIRONMENT: 'production',
  CSO_ISSUER: 'https://sso.example.gov',
  CSO_SIGNING_KEYS_FILE: '/run/secrets/signing.json',
  CSO_SECRETS_FILE: '/run/secrets/secrets.json',
  DATABASE_URL: 'postgresql://cso@db.example.gov/cso',
}

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(environment)
  } catch (error) {
    expect((error as Error).name).toBe('StartupError')
    return (error as { problems: string[] }).problems
  }
  return []
}

describe('a configuration that starts', () => {
  test('is empty in development, and needs nothing', () => {
    expect(loadConfig({})).toMatchObject({
      environment: 'development',
      issuer: 'http://localhost:3000',
      listen: { host: '127.0.0.1', port: 3000 },
      database: { url: undefined },
      redis: undefined,
      isConformance: false,
      limits: { signInPerAddress: { points: 20, seconds: 60 } },
    })
  })

  test('is complete in production', () => {
    const config = loadConfig({
      ...production,
      CSO_TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8',
      REDIS_URL: 'rediss://:secret@redis.example.gov:6380/1',
      CSO_LIMIT_PAGES_PER_ADDRESS: '600/300',
    })
    expect(config).toMatchObject({
      environment: 'production',
      trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      redis: { prefix: 'cso:' },
      limits: { pagesPerAddress: { points: 600, seconds: 300 } },
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ CSO_ISSUER: '', REDIS_URL: '' }).issuer).toBe('http://localhost:3000')
  })

  test('does not read variables of other programs', () => {
    expect(loadConfig({ PATH: '/bin', NODE_ENV: 'production', PORT: 'x' }).listen.port).toBe(3000)
  })
})

describe('a configuration that does not start', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'an unknown setting',
      { CSO_ISSUR: 'https://hunter2.example.gov' },
      'CSO_ISSUR: is not a known setting',
    ],
    ['an unknown environment', { CSO_ENVIRONMENT: 'hunter2' }, 'CSO_ENVIRONMENT: '],
    [
      'an issuer that is no URL',
      { CSO_ISSUER: 'hunter2' },
      'CSO_ISSUER: must be an http or https URL',
    ],
    [
      'an issuer with a path',
      { CSO_ISSUER: 'https://sso.example.gov/hunter2' },
      'CSO_ISSUER: must be a bare origin',
    ],
    [
      'an issuer with a slash at the end',
      { CSO_ISSUER: 'https://hunter2.example.gov/' },
      'CSO_ISSUER: must be a bare origin',
    ],
    [
      'an issuer with capitals',
      { CSO_ISSUER: 'https://Hunter2.example.gov' },
      'CSO_ISSUER: must be a bare origin',
    ],
    [
      'an issuer of another scheme',
      { CSO_ISSUER: 'ftp://hunter2.example.gov' },
      'CSO_ISSUER: must be an http or https URL',
    ],
    [
      'an issuer in the clear',
      { CSO_ISSUER: 'http://hunter2.example.gov' },
      'CSO_ISSUER: must be https outside loopback',
    ],
    ['a port that is no number', { CSO_PORT: 'hunter2' }, 'CSO_PORT: '],
    ['a port too high', { CSO_PORT: '65536' }, 'CSO_PORT: '],
    ['a pool of nothing', { CSO_DATABASE_POOL: '0' }, 'CSO_DATABASE_POOL: '],
    ['a prefix with blanks', { CSO_REDIS_PREFIX: 'hunter2 ' }, 'CSO_REDIS_PREFIX: '],
    [
      'proxies by name',
      { CSO_TRUSTED_PROXIES: 'hunter2.example.gov' },
      'CSO_TRUSTED_PROXIES: must be networks',
    ],
    [
      'a proxy without bits',
      { CSO_TRUSTED_PROXIES: '10.0.0.1' },
      'CSO_TRUSTED_PROXIES: must be networks',
    ],
    [
      'a network with too many bits',
      { CSO_OUTBOUND_NETWORKS: '10.0.0.0/33' },
      'CSO_OUTBOUND_NETWORKS: must be networks',
    ],
    [
      'a switch that is neither on nor off',
      { CSO_CONFORMANCE: 'hunter2' },
      'CSO_CONFORMANCE: must be "on" or "off"',
    ],
    [
      'a limit without a time',
      { CSO_LIMIT_SIGN_IN_PER_ADDRESS: '20' },
      'CSO_LIMIT_SIGN_IN_PER_ADDRESS: must be COUNT/SECONDS',
    ],
    [
      'a limit of nothing',
      { CSO_LIMIT_CLIENT_FAILURES: '0/60' },
      'CSO_LIMIT_CLIENT_FAILURES: must be COUNT/SECONDS',
    ],
    [
      'more hashes at once than cores',
      { CSO_PASSWORD_CONCURRENCY: String(availableParallelism() + 1) },
      'CSO_PASSWORD_CONCURRENCY: must not exceed',
    ],
    ['no queue', { CSO_PASSWORD_QUEUE: '-1' }, 'CSO_PASSWORD_QUEUE: '],
    ['an unknown log level', { CSO_LOG_LEVEL: 'hunter2' }, 'CSO_LOG_LEVEL: '],
    [
      'another kind of database',
      { DATABASE_URL: 'mysql://root:hunter2@db/cso' },
      'DATABASE_URL: must be a postgresql:// URL',
    ],
    [
      'a database that is no URL',
      { DATABASE_URL: 'hunter2' },
      'DATABASE_URL: must be a postgresql:// URL',
    ],
    [
      'another kind of Redis',
      { REDIS_URL: 'memcached://hunter2' },
      'REDIS_URL: must be a redis://',
    ],
    [
      'stubbed passwords off loopback',
      { CSO_BENCHMARK_STUB_PASSWORDS: 'on', CSO_HOST: '0.0.0.0' },
      'CSO_BENCHMARK_STUB_PASSWORDS: is only for the benchmark',
    ],
    [
      'stubbed passwords for a public issuer',
      { CSO_BENCHMARK_STUB_PASSWORDS: 'on', CSO_ISSUER: 'https://sso.example.gov' },
      'CSO_BENCHMARK_STUB_PASSWORDS: is only for the benchmark',
    ],
  ])('%s', (_, environment, problem) => {
    const problems = problemsOf(environment)
    expect(problems).toEqual([expect.stringContaining(problem)])
    expect(problems.join()).not.toMatch(/hunter2/i)
  })

  test.each<[string, Record<string, string | undefined>, string]>([
    [
      'an issuer in the clear on loopback',
      { CSO_ISSUER: 'http://localhost:3000' },
      'CSO_ISSUER: must be https in production',
    ],
    ['conformance testing', { CSO_CONFORMANCE: 'on' }, 'CSO_CONFORMANCE: is refused in production'],
    [
      'calls to loopback',
      { CSO_OUTBOUND_LOOPBACK_HOSTS: 'localhost:8443' },
      'CSO_OUTBOUND_LOOPBACK_HOSTS: is refused in production',
    ],
    ['no database', { DATABASE_URL: undefined }, 'DATABASE_URL: is required in production'],
    [
      'no signing keys',
      { CSO_SIGNING_KEYS_FILE: undefined },
      'CSO_SIGNING_KEYS_FILE: or CSO_SIGNING_KEYS is required',
    ],
    ['no secrets', { CSO_SECRETS_FILE: undefined }, 'CSO_SECRETS_FILE: or CSO_SECRETS is required'],
    [
      'stubbed passwords',
      { CSO_BENCHMARK_STUB_PASSWORDS: 'on' },
      'CSO_BENCHMARK_STUB_PASSWORDS: is only for the benchmark',
    ],
  ])('in production: %s', (_, environment, problem) => {
    expect(problemsOf({ ...production, ...environment })).toEqual([
      expect.stringContaining(problem),
    ])
  })

  test('for many reasons names all of them in one error, and repeats no value', () => {
    const environment = {
      CSO_PORT: 'hunter2',
      CSO_CONFORMANCE: 'hunter2',
      CSO_LOG_LEVEL: 'hunter2',
      CSO_HUNTER: 'hunter2',
      CSO_SECERTS: 'hunter2',
      DATABASE_URL: 'mysql://root:hunter2@db/cso',
      REDIS_URL: 'memcached://:hunter2@redis',
      CSO_SECRETS: '{"master":"hunter2"}',
    }
    const problems = problemsOf(environment)
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'CSO_CONFORMANCE',
      'CSO_HUNTER',
      'CSO_LOG_LEVEL',
      'CSO_PORT',
      'CSO_SECERTS',
      'DATABASE_URL',
      'REDIS_URL',
    ])
    expect(problems.join()).not.toContain('hunter2')
  })

  test('in production for every reason at once names all of them', () => {
    const problems = problemsOf({
      CSO_PORT: 'hunter2',
      CSO_ENVIRONMENT: 'production',
      CSO_CONFORMANCE: 'on',
      CSO_OUTBOUND_LOOPBACK_HOSTS: 'localhost:1',
    })
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'CSO_PORT',
      'CSO_ISSUER',
      'CSO_CONFORMANCE',
      'CSO_OUTBOUND_LOOPBACK_HOSTS',
      'DATABASE_URL',
      'CSO_SIGNING_KEYS_FILE',
      'CSO_SECRETS_FILE',
    ])
  })
})
