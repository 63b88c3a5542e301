/**
 * People who last accepted rules of use that hold no more. Each is asked once: every operation of a round
 * needs one of its own.
 */
import { Client } from 'pg'
import { type Copies, insertCopies } from './scale.ts'

const newcomers: readonly Copies[] = [
  {
    table: 'accounts',
    sample: `username like 'bench-reader-%'`,
    columns: {
      id: `md5('newcomer-' || n)::uuid`,
      number: '(1200000 + n)::text',
      username: `'bench-newcomer-' || n`,
      username_canonical: `'bench-newcomer-' || n`,
      email: `'bench-newcomer-' || n || '@example.com'`,
      email_canonical: `'bench-newcomer-' || n || '@example.com'`,
      rules_version: `'2000-01-01'`,
    },
  },
  ...['ncwd', 'ncwb'].map((court) => ({
    table: 'rights',
    sample: `court_id = '${court}' and filer_id like 'bench-reader-%'`,
    columns: {
      account_id: `md5('newcomer-' || n)::uuid`,
      filer_id: `'bench-newcomer-' || n || '-${court}'`,
    },
  })),
  ...['ncwd', 'ncwb'].map((court) => ({
    table: 'right_decisions',
    sample: `court_id = '${court}' and filer_id like 'bench-reader-%'`,
    columns: {
      account_id: `md5('newcomer-' || n)::uuid`,
      filer_id: `'bench-newcomer-' || n || '-${court}'`,
      ordinal: '1',
      version: '1',
    },
  })),
]

/** @returns a function that makes so many more and gives their usernames. */
export function newcomersOf(databaseUrl: string): (count: number) => Promise<string[]> {
  let made = 0
  return async (count) => {
    const first = made + 1
    made += count
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    try {
      for (const copies of newcomers) await insertCopies(client, copies, first, made)
    } finally {
      await client.end()
    }
    return Array.from({ length: count }, (_, n) => `bench-newcomer-${first + n}`)
  }
}
