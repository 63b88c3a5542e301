import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { production, wrongInProduction, wrongSettings } from '../support/wrong-settings.ts'

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
    expect(Object.isFrozen(config.limits.pagesPerAddress)).toBe(true)
  })

  test('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ CSO_ISSUER: '', REDIS_URL: '' }).issuer).toBe('http://localhost:3000')
  })

  test('does not read variables of other programs', () => {
    expect(loadConfig({ PATH: '/bin', NODE_ENV: 'production', PORT: 'x' }).listen.port).toBe(3000)
  })
})

describe('a configuration that does not start', () => {
  test.each(wrongSettings)('%s', (_, environment, problem) => {
    const problems = problemsOf(environment)
    expect(problems).toEqual([expect.stringContaining(problem)])
    expect(problems.join()).not.toMatch(/hunter2/i)
  })

  test.each(wrongInProduction)('in production: %s', (_, environment, problem) => {
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
      'CSO_MAIL_URL',
      'CSO_SIGNING_KEYS_FILE',
      'CSO_SECRETS_FILE',
    ])
  })
  test('for a mistyped name says which one was probably meant', () => {
    expect(problemsOf({ CSO_SECERTS: 'hunter2', CSO_HUNTER: 'hunter2' })).toEqual([
      'CSO_SECERTS: is not a known setting (did you mean "CSO_SECRETS"?)',
      'CSO_HUNTER: is not a known setting',
    ])
  })

  test.each([
    [{ CSO_PORT: 'hunter2' }, 'CSO_PORT: must be a whole number, from 0 to 65535'],
    [{ CSO_PORT: '3000.5' }, 'CSO_PORT: must be a whole number, from 0 to 65535'],
    [{ CSO_DATABASE_POOL: '0' }, 'CSO_DATABASE_POOL: must be a whole number, at least 1'],
    [{ CSO_ENVIRONMENT: 'hunter2' }, 'CSO_ENVIRONMENT: must be one of development, production'],
    [{ CSO_REDIS_PREFIX: 'hunter2 ' }, 'CSO_REDIS_PREFIX: must be up to 32 of a-z 0-9 : -'],
  ])('says in words what is expected: %o', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([problem])
  })
})
