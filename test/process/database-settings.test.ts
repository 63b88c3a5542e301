import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { runSignOn } from '../support/sign-on-process.ts'

const configurationError = 78

let folder: ReturnType<typeof temporaryFolder>
let postgres: PostgresServer

beforeAll(async () => {
  folder = temporaryFolder('database-settings')
  const hba = join(folder.path, 'pg_hba.conf')
  writeFileSync(
    hba,
    'host all postgres 127.0.0.1/32 trust\nhost all outsider 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 scram-sha-256\n',
    { mode: 0o644 },
  )
  // PostgreSQL runs as another account and reads it.
  chmodSync(folder.path, 0o755)
  postgres = await startPostgres({ hba_file: hba })
  const client = new Client({ connectionString: postgres.url() })
  await client.connect()
  await client.query("CREATE ROLE server LOGIN PASSWORD 'right'")
  await client.query('CREATE ROLE outsider LOGIN')
  await client.end()
})
afterAll(async () => {
  await postgres.stop()
  folder.remove()
})

const databaseAs = async (user: string, name?: string) => {
  const url = new URL(await postgres.createDatabase())
  const [username = '', password = ''] = user.split(':')
  url.username = username
  url.password = password
  if (name) url.pathname = `/${name}`
  return url.href
}

describe('a database that the settings do not open is told in one line, with exit code 78', () => {
  test.each([
    ['a wrong password', 'server:hunter2', undefined, 'does not take this user with this password'],
    ['an unknown user', 'nobody-here:hunter2', undefined, 'does not take this user'],
    ['a user who may not come from here', 'outsider', undefined, 'does not let this user in'],
    [
      'a database that is not there',
      'server:right',
      'hunter2',
      'there is no database of that name',
    ],
    [
      'an empty one, with a role that may not make tables',
      'server:right',
      undefined,
      'may not change the schema',
    ],
  ])('%s', async (_, user, name, words) => {
    const settings = {
      DATABASE_URL: await databaseAs(user, name),
      CSO_KEYS_DIR: join(folder.path, 'keys'),
      CSO_PORT: '0',
    }
    for (const command of [undefined, ['src/cli/main.ts', 'migrate']]) {
      const { code, stdout, stderr } = await runSignOn(settings, command)
      const lines = stderr.split('\n').filter(Boolean)
      expect(lines).toEqual([expect.stringContaining(`cannot start: DATABASE_URL: `)])
      expect(lines[0]).toContain(words)
      expect(stdout + stderr).not.toContain('hunter2')
      expect(code).toBe(configurationError)
    }
  })
})
