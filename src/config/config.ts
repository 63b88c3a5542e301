import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { StartupError } from '../errors.ts'
import { isNetwork } from '../networks.ts'

/** A window counter: at most `points` in `seconds`. */
export type Limit = { readonly points: number; readonly seconds: number }

export type Config = {
  readonly environment: 'development' | 'production'
  /** The issuer identifier: a bare origin, without a trailing slash. */
  readonly issuer: string
  readonly listen: { readonly host: string; readonly port: number }
  readonly database: {
    /** Absent: the embedded database, its files in `dataDir`. */
    readonly url: string | undefined
    readonly dataDir: string
    readonly poolSize: number
  }
  readonly redis: { readonly url: string; readonly prefix: string } | undefined
  readonly keys: {
    readonly directory: string
    readonly signingKeys: string | undefined
    readonly signingKeysFile: string | undefined
    readonly secrets: string | undefined
    readonly secretsFile: string | undefined
  }
  readonly trustedProxies: readonly string[]
  readonly outbound: {
    /** Private networks in which courts run; everything else that is not public is refused. */
    readonly networks: readonly string[]
    /** `host:port` on loopback that may be called (development and conformance only). */
    readonly loopbackHosts: readonly string[]
  }
  readonly isConformance: boolean
  readonly limits: {
    readonly signInPerAddress: Limit
    readonly signInPerUsernameAndAddress: Limit
    /** Wrong tries; `seconds` is the time after which they count for half. */
    readonly failuresPerWideNetwork: Limit
    readonly pagesPerAddress: Limit
    readonly clientFailures: Limit
  }
  readonly password: {
    readonly concurrency: number
    readonly queue: number
    /** Every password verifies at once; only for the benchmark. */
    readonly isStubbed: boolean
  }
  /** How far this machine's clock may be from the database's before nobody is served. */
  readonly clockToleranceSeconds: number
  /** Whom to tell of a weakness (RFC 9116 section 2.5.3), the preferred address first. */
  readonly securityContacts: readonly string[]
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

export function isLoopbackOrigin(origin: string): boolean {
  return loopbackNames.has(URL.parse(origin)?.hostname ?? '')
}

const flag = z
  .enum(['on', 'off'], { error: 'must be "on" or "off"' })
  .default('off')
  .transform((value) => value === 'on')

const limit = (fallback: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,5}$/, 'must be COUNT/SECONDS, for example 20/60')
    .default(fallback)
    .transform((value): Limit => {
      const [points, seconds] = value.split('/').map(Number)
      return { points: points!, seconds: seconds! }
    })

const list = z
  .string()
  .default('')
  .transform((value) => value.split(/[\s,]+/).filter(Boolean))

const networks = list.refine(
  (values) => values.every(isNetwork),
  'must be networks in CIDR form, for example 10.20.0.0/16',
)

const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback)

const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL', abort: true })
  .refine((value) => URL.parse(value)?.origin === value, 'must be a bare origin without a path')

const environmentSchema = z
  .strictObject({
    CSO_ENVIRONMENT: z.enum(['development', 'production']).default('development'),
    CSO_ISSUER: origin.default('http://localhost:3000'),
    CSO_HOST: z.string().default('127.0.0.1'),
    CSO_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    CSO_DATA_DIR: z.string().default('.data'),
    CSO_DATABASE_POOL: positive(10),
    CSO_REDIS_PREFIX: z
      .string()
      .regex(/^[a-z0-9:-]{0,32}$/)
      .default('cso:'),
    CSO_KEYS_DIR: z.string().default('keys'),
    CSO_SIGNING_KEYS: z.string().optional(),
    CSO_SIGNING_KEYS_FILE: z.string().optional(),
    CSO_SECRETS: z.string().optional(),
    CSO_SECRETS_FILE: z.string().optional(),
    CSO_TRUSTED_PROXIES: networks,
    CSO_OUTBOUND_NETWORKS: networks,
    CSO_OUTBOUND_LOOPBACK_HOSTS: list,
    CSO_CONFORMANCE: flag,
    CSO_LIMIT_SIGN_IN_PER_ADDRESS: limit('20/60'),
    CSO_LIMIT_SIGN_IN_PER_USERNAME_AND_ADDRESS: limit('50/43200'),
    CSO_LIMIT_FAILURES_PER_WIDE_NETWORK: limit('300/300'),
    CSO_LIMIT_PAGES_PER_ADDRESS: limit('300/300'),
    CSO_LIMIT_CLIENT_FAILURES: limit('20/60'),
    CSO_PASSWORD_CONCURRENCY: positive(Math.max(1, availableParallelism() - 1)).refine(
      (value) => value <= availableParallelism(),
      'must not exceed the number of processor cores',
    ),
    CSO_PASSWORD_QUEUE: positive(32),
    CSO_BENCHMARK_STUB_PASSWORDS: flag,
    CSO_CLOCK_TOLERANCE: positive(10),
    CSO_SECURITY_CONTACT: list
      .refine(
        (values) => values.every((value) => /^(?:mailto:\S+@|https:\/\/|tel:\+\d)\S+$/.test(value)),
        'must be addresses that begin with mailto:, https: or tel:+',
      )
      // The desk that everybody who has an account can reach.
      .transform((values) => (values.length > 0 ? values : ['mailto:pacer@psc.uscourts.gov'])),
    CSO_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' })
      .optional(),
    REDIS_URL: z
      .string()
      .regex(
        /^(rediss?|redis\+sentinel|redis\+cluster):\/\/\S+$/,
        'must be a redis://, rediss://, redis+sentinel:// or redis+cluster:// URL',
      )
      .optional(),
  })
  .superRefine(
    (value, context) => {
      const problem = (path: string, message: string) =>
        context.addIssue({ code: 'custom', path: [path], message })
      const isLoopback = isLoopbackOrigin(value.CSO_ISSUER)

      if (value.CSO_ISSUER.startsWith('http:') && !isLoopback) {
        problem('CSO_ISSUER', 'must be https outside loopback')
      }
      if (value.CSO_BENCHMARK_STUB_PASSWORDS === true) {
        if (
          value.CSO_ENVIRONMENT === 'production' ||
          !isLoopback ||
          !loopbackNames.has(value.CSO_HOST)
        ) {
          problem('CSO_BENCHMARK_STUB_PASSWORDS', 'is only for the benchmark, on loopback')
        }
      }
      if (value.CSO_ENVIRONMENT !== 'production') return

      if (value.CSO_ISSUER.startsWith('http:')) problem('CSO_ISSUER', 'must be https in production')
      if (value.CSO_CONFORMANCE === true) problem('CSO_CONFORMANCE', 'is refused in production')
      if (value.CSO_OUTBOUND_LOOPBACK_HOSTS.length > 0) {
        problem('CSO_OUTBOUND_LOOPBACK_HOSTS', 'is refused in production')
      }
      if (!value.DATABASE_URL) problem('DATABASE_URL', 'is required in production')
      if (!value.CSO_SIGNING_KEYS && !value.CSO_SIGNING_KEYS_FILE) {
        problem('CSO_SIGNING_KEYS_FILE', 'or CSO_SIGNING_KEYS is required in production')
      }
      if (!value.CSO_SECRETS && !value.CSO_SECRETS_FILE) {
        problem('CSO_SECRETS_FILE', 'or CSO_SECRETS is required in production')
      }
      // Also where a setting is wrong by itself (it has any value then): an operator learns all at once.
    },
    { when: () => true },
  )

/** Everything that is read from the environment; `.env.example` and docs/operate.md explain each. */
export const settingNames: readonly string[] = Object.keys(environmentSchema.shape)

/**
 * Reads the configuration once. Unknown `CSO_…` names are refused, so that a typing error does not
 * leave a default in force.
 * @throws StartupError naming every problem; values are never repeated, since some are secrets.
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const ours = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) =>
        value !== undefined &&
        value !== '' &&
        (name.startsWith('CSO_') || settingNames.includes(name)),
    ),
  )
  const parsed = environmentSchema.safeParse(ours)
  if (!parsed.success) {
    throw new StartupError(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => `${key}: is not a known setting`)
          : [`${issue.path.join('.')}: ${issue.message}`],
      ),
    )
  }
  const value = parsed.data
  return Object.freeze({
    environment: value.CSO_ENVIRONMENT,
    issuer: value.CSO_ISSUER,
    listen: { host: value.CSO_HOST, port: value.CSO_PORT },
    database: {
      url: value.DATABASE_URL,
      dataDir: value.CSO_DATA_DIR,
      poolSize: value.CSO_DATABASE_POOL,
    },
    redis: value.REDIS_URL ? { url: value.REDIS_URL, prefix: value.CSO_REDIS_PREFIX } : undefined,
    keys: {
      directory: value.CSO_KEYS_DIR,
      signingKeys: value.CSO_SIGNING_KEYS,
      signingKeysFile: value.CSO_SIGNING_KEYS_FILE,
      secrets: value.CSO_SECRETS,
      secretsFile: value.CSO_SECRETS_FILE,
    },
    trustedProxies: value.CSO_TRUSTED_PROXIES,
    outbound: {
      networks: value.CSO_OUTBOUND_NETWORKS,
      loopbackHosts: value.CSO_OUTBOUND_LOOPBACK_HOSTS,
    },
    isConformance: value.CSO_CONFORMANCE,
    limits: {
      signInPerAddress: value.CSO_LIMIT_SIGN_IN_PER_ADDRESS,
      signInPerUsernameAndAddress: value.CSO_LIMIT_SIGN_IN_PER_USERNAME_AND_ADDRESS,
      failuresPerWideNetwork: value.CSO_LIMIT_FAILURES_PER_WIDE_NETWORK,
      pagesPerAddress: value.CSO_LIMIT_PAGES_PER_ADDRESS,
      clientFailures: value.CSO_LIMIT_CLIENT_FAILURES,
    },
    password: {
      concurrency: value.CSO_PASSWORD_CONCURRENCY,
      queue: value.CSO_PASSWORD_QUEUE,
      isStubbed: value.CSO_BENCHMARK_STUB_PASSWORDS,
    },
    clockToleranceSeconds: value.CSO_CLOCK_TOLERANCE,
    securityContacts: value.CSO_SECURITY_CONTACT,
    logLevel: value.CSO_LOG_LEVEL,
  })
}
