import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadConfig, settingNames } from '../../src/config/config.ts'
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
      'CSO_SIGNING_KEYS_FILE',
      'CSO_SECRETS_FILE',
    ])
  })
})

describe('what operators read', () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  const cores = { CSO_PASSWORD_CONCURRENCY: '1' }

  test('.env.example has every setting once, with what holds without it', () => {
    const lines = [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)]
    expect(lines.map(([, name]) => name).sort()).toEqual([...settingNames].sort())
    const values = Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]))
    expect(loadConfig(values)).toEqual(loadConfig(cores))
  })

  test('what it shows in comments would be taken as well', () => {
    const lines = [...read('.env.example').matchAll(/^# ([A-Z_]+)=(.*)$/gm)]
    expect(lines.length).toBeGreaterThan(0)
    for (const [, name = '', value] of lines) {
      expect(settingNames).toContain(name)
      expect(problemsOf({ [name]: value })).toEqual([])
    }
  })

  test('docs/operate.md has every setting once, with its default', () => {
    const rows = [
      ...read('docs/operate.md').matchAll(/^\| `((?:CSO_|DATABASE_|REDIS_)\w+)` \|.*$/gm),
    ]
    expect(rows.map(([, name]) => name).sort()).toEqual([...settingNames].sort())
    let withDefault = 0
    for (const [row, name = ''] of rows) {
      const [, value] = /^`(.*)`$/.exec(row.split(' | ')[2]!.trim()) ?? []
      if (value === undefined) continue
      withDefault += 1
      expect(loadConfig({ ...cores, [name]: value }), name).toEqual(loadConfig(cores))
    }
    expect(withDefault).toBeGreaterThan(10)
  })
})
