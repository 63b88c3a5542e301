import { availableParallelism } from 'node:os'

/** Settings with which production starts; none of the addresses and files exists. */
export const production = {
  CSO_ENVIRONMENT: 'production',
  CSO_ISSUER: 'https://sso.example.gov',
  CSO_SIGNING_KEYS_FILE: '/run/secrets/signing.json',
  CSO_SECRETS_FILE: '/run/secrets/secrets.json',
  DATABASE_URL: 'postgresql://cso@db.example.gov/cso',
  CSO_MAIL_URL: 'smtp://cso:secret@mail.example.gov',
  CSO_MAIL_FROM: 'no-reply@sso.example.gov',
}

type Wrong = readonly [
  what: string,
  settings: Readonly<Record<string, string | undefined>>,
  problem: string,
]

/**
 * One mistake each, and how the line begins that names it. Where a value might be a secret it has
 * `hunter2` in it, which is never shown.
 */
export const wrongSettings: readonly Wrong[] = [
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
    'an https issuer, and no mail server',
    { CSO_ISSUER: 'https://sso.example.gov' },
    'CSO_MAIL_URL: is required where the issuer is https',
  ],
  [
    'a mail server of another kind',
    { CSO_MAIL_URL: 'http://:hunter2@mail.example.gov', CSO_MAIL_FROM: 'a@example.gov' },
    'CSO_MAIL_URL: must be an smtp:// or smtps:// URL',
  ],
  [
    'a mail server with something behind it',
    { CSO_MAIL_URL: 'smtp://mail.example.gov/?hunter2', CSO_MAIL_FROM: 'a@example.gov' },
    'CSO_MAIL_URL: must name a host',
  ],
  [
    'a mail server, and mails from nobody',
    { CSO_MAIL_URL: 'smtp://:hunter2@mail.example.gov' },
    'CSO_MAIL_FROM: is required beside CSO_MAIL_URL',
  ],
  [
    'a sender of two lines',
    { CSO_MAIL_FROM: 'Courts\nBcc: hunter2@example.gov <a@example.gov>' },
    'CSO_MAIL_FROM: must be an address',
  ],
  ['another kind of Redis', { REDIS_URL: 'memcached://hunter2' }, 'REDIS_URL: must be a redis://'],
  [
    'stubbed passwords off loopback',
    { CSO_BENCHMARK_STUB_PASSWORDS: 'on', CSO_HOST: '0.0.0.0' },
    'CSO_BENCHMARK_STUB_PASSWORDS: is only for the benchmark',
  ],
  [
    'stubbed passwords for a public issuer',
    {
      CSO_BENCHMARK_STUB_PASSWORDS: 'on',
      CSO_ISSUER: 'https://sso.example.gov',
      CSO_MAIL_URL: 'smtp://127.0.0.1',
      CSO_MAIL_FROM: 'a@example.gov',
    },
    'CSO_BENCHMARK_STUB_PASSWORDS: is only for the benchmark',
  ],
]

/** The same over `production`. */
export const wrongInProduction: readonly Wrong[] = [
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
  [
    'no mail server',
    { CSO_MAIL_URL: undefined, CSO_MAIL_FROM: undefined },
    'CSO_MAIL_URL: is required where the issuer is https',
  ],
  ['no secrets', { CSO_SECRETS_FILE: undefined }, 'CSO_SECRETS_FILE: or CSO_SECRETS is required'],
  [
    'stubbed passwords',
    { CSO_BENCHMARK_STUB_PASSWORDS: 'on' },
    'CSO_BENCHMARK_STUB_PASSWORDS: is only for the benchmark',
  ],
]
