/**
 * Who takes part: the same two courts, vendor application and people for every server. `applyFile` is
 * what fills ours; the engine gets the clients and believes in anybody.
 */
import { createHash } from 'node:crypto'

export type BenchClient = {
  readonly id: string
  /** Derived from the id and worth nothing outside the benchmark. */
  readonly secret: string
  readonly redirectUri: string
  readonly kind: 'court' | 'vendor'
  /** The court it acts for. */
  readonly court: string
  readonly canRefresh: boolean
}

export const firstCourt = client('bench-ncwd', 'court', 'ncwd')
export const secondCourt = client('bench-ncwb', 'court', 'ncwb')
/** The accounts of its old system are linked, and nobody of these people has. */
export const linkingCourt = client('bench-nced', 'court', 'nced')
export const vendor = client('bench-vendor', 'vendor', 'ncwd')
export const clients: readonly BenchClient[] = [firstCourt, secondCourt, linkingCourt, vendor]

export const password = 'a password that only the benchmark uses'

/** Enough people that no row is everybody's: 48 who get notices, 16 who also file. */
export const readers = Array.from({ length: 48 }, (_, n) => `bench-reader-${n}`)
export const filers = Array.from({ length: 16 }, (_, n) => `bench-filer-${n}`)

export function scopeOf({ canRefresh }: BenchClient): string {
  const scope = 'openid profile email pacer efiling'
  return canRefresh ? `${scope} offline_access` : scope
}

/** For `npm run cli -- apply FILE`, as JSON. */
export function applyFile(): string {
  return JSON.stringify({
    clients: clients.map((client) => ({
      id: client.id,
      kind: client.kind,
      name: `Benchmark ${client.id}`,
      courts: [client.court],
      secrets: [client.secret],
      metadata: {
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [client.redirectUri],
        grant_types: ['authorization_code', ...(client.canRefresh ? ['refresh_token'] : [])],
        scope: scopeOf(client),
      },
    })),
    accounts: [
      ...readers.map((username, n) => account(username, 1_000_000 + n, ['receive-notices'])),
      ...filers.map((username, n) => account(username, 1_100_000 + n, ['file', 'receive-notices'])),
    ],
  })
}

function account(username: string, number: number, actions: readonly string[]) {
  return {
    number: String(number),
    user_type: 'attorney',
    username,
    password,
    given_name: 'Bench',
    family_name: username,
    email: `${username}@example.com`,
    email_verified: true,
    standings: [firstCourt, secondCourt].map(({ court }) => ({
      court,
      status: 'active',
      role: 'attorney',
      filer_id: `${username}-${court}`,
      admitted: true,
      actions,
      since: '2021-09-02',
    })),
  }
}

function client(id: string, kind: BenchClient['kind'], court: string): BenchClient {
  return {
    id,
    secret: createHash('sha256').update(id).digest('base64url'),
    redirectUri: `https://${id}.example/callback`,
    kind,
    court,
    canRefresh: kind === 'vendor',
  }
}
