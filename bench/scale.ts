/**
 * A nation's worth of rows: copies of what one sign-in left behind, under new keys, so that payloads
 * and indexes have their real size whatever the schema holds.
 */
import { Client } from 'pg'

export const nation = {
  accounts: 1_000_000,
  sessions: 1_000_000,
  refreshTokens: 500_000,
  clients: 10_000,
} as const

const batchSize = 100_000

/** `columns`: SQL for what must differ from the copied row; `n` counts from 1. */
export type Copies = {
  readonly table: string
  /** Picks the row that is copied. */
  readonly sample: string
  readonly columns: Readonly<Record<string, string>>
}

/** As random to an index as the keyed hashes that stand there otherwise. */
const randomKey = (of: string) => `encode(sha256((n || '${of}')::bytea), 'base64')`

const growth: readonly (Copies & { readonly count: number })[] = [
  {
    table: 'accounts',
    count: nation.accounts,
    sample: `username like 'bench-reader-%'`,
    columns: {
      id: 'md5(n::text)::uuid',
      number: `lpad((2000000 + n)::text, 7, '0')`,
      username: `'nation-' || n`,
      username_canonical: `'nation-' || n`,
      email: `'nation-' || n || '@example.com'`,
      email_canonical: `'nation-' || n || '@example.com'`,
    },
  },
  {
    table: 'rights',
    count: nation.accounts,
    sample: `court_id = 'ncwd'`,
    columns: { account_id: 'md5(n::text)::uuid', filer_id: `'nation-' || n` },
  },
  // A right has a history of three decisions.
  ...['1', '2', '3'].map((ordinal) => ({
    table: 'right_decisions',
    count: nation.accounts,
    sample: `court_id = 'ncwd'`,
    columns: {
      account_id: 'md5(n::text)::uuid',
      filer_id: `'nation-' || n`,
      ordinal,
      version: ordinal,
    },
  })),
  {
    table: 'sessions',
    count: nation.sessions,
    sample: 'account_id is not null',
    columns: {
      id: randomKey('session'),
      uid: randomKey('uid'),
      account_id: 'md5(n::text)::uuid',
    },
  },
  {
    table: 'grants',
    count: nation.sessions,
    sample: 'account_id is not null',
    columns: { id: randomKey('grant'), account_id: 'md5(n::text)::uuid' },
  },
  {
    table: 'refresh_tokens',
    count: nation.refreshTokens,
    sample: 'account_id is not null',
    columns: {
      id: randomKey('token'),
      grant_id: randomKey('grant'),
      session_uid: randomKey('uid'),
      account_id: 'md5(n::text)::uuid',
    },
  },
  {
    table: 'clients',
    count: nation.clients,
    sample: `id = 'bench-ncwd'`,
    columns: { id: `'nation-' || n` },
  },
  {
    table: 'client_courts',
    count: nation.clients,
    sample: `client_id = 'bench-ncwd'`,
    columns: { client_id: `'nation-' || n` },
  },
  {
    table: 'client_secrets',
    count: nation.clients,
    sample: `client_id = 'bench-ncwd'`,
    columns: { client_id: `'nation-' || n` },
  },
]

/** Grows a database in which somebody has signed in and stays connected to a vendor; takes a minute or two. */
export async function growToNation(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    // For the filling only: it may be lost, and its foreign keys are known to be right.
    await client.query('SET synchronous_commit = off')
    await client.query('SET session_replication_role = replica')
    for (const copies of growth) {
      for (let first = 1; first <= copies.count; first += batchSize) {
        await insertCopies(client, copies, first, Math.min(first + batchSize - 1, copies.count))
      }
    }
    await client.query('VACUUM ANALYZE')
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}

async function columnsOf(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1',
    [table],
  )
  return rows.map((row) => row.name)
}

/** The copies from number `first` to number `last`. */
export async function insertCopies(
  client: Client,
  { table, sample, columns }: Copies,
  first: number,
  last: number,
): Promise<void> {
  const names = await columnsOf(client, table)
  const values = names.map((name) => columns[name] ?? `sample.${name}`)
  const insert = `
    INSERT INTO ${table} (${names.join(', ')})
    SELECT ${values.join(', ')}
      FROM (SELECT * FROM ${table} WHERE ${sample} LIMIT 1) AS sample,
           generate_series($1::int, $2::int) AS n`
  await client.query(insert, [first, last])
}
