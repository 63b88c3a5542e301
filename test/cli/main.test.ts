import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileCache, findNode } from '../../scripts/run.mjs'
import { cloneDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/server-process.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const root = dirname(dirname(dirname(main)))

let database: Awaited<ReturnType<typeof cloneDatabase>>
let folder: ReturnType<typeof temporaryFolder>

beforeAll(async () => {
  database = await cloneDatabase()
  folder = temporaryFolder('cli')
})
afterAll(async () => {
  await database.drop()
  folder.remove()
})

function run(args: readonly string[], input: string | Buffer) {
  const env = {
    DATABASE_URL: database.url,
    CSO_KEYS_DIR: folder.path,
    NODE_COMPILE_CACHE: compileCache(root),
  }
  return spawnSync(findNode(root), [main, ...args], { cwd: root, env, input, encoding: 'utf8' })
}

test('apply reads standard input where the file is a dash, and names it so', () => {
  const account = `
  - number: "7123456"
    user_type: attorney
    username: jdoe-attorney
    standings: [{ court: ncwd, status: active, role: attorney, filer_id: jdoe-ecf }]`
  const applied = run(['apply', '-'], `accounts:${account}\n`)
  expect(applied.stderr).toBe('')
  expect(applied.stdout).toMatch(/^created {3}account 7123456\n/)
  expect(applied.stdout).toMatch(/\n-: 1 created, 0 changed, 0 unchanged\n$/)
  expect(applied.status).toBe(0)
  const refused = run(['apply', '-'], 'acounts: []\n')
  expect(refused.stderr).toBe('-:1:1: acounts: is not known here (did you mean "accounts"?)\n')
  expect(refused.status).toBe(1)
})

test('a command registers nothing for the server, whose address it need not know', async () => {
  const db = new Client({ connectionString: database.url })
  await db.connect()
  const portal = () => db.query("SELECT * FROM clients WHERE kind = 'portal'")
  const before = (await portal()).rows
  expect(run(['migrate'], '')).toMatchObject({ status: 0, stderr: '' })
  expect(run(['apply', '-'], 'accounts: []\n')).toMatchObject({ status: 0, stderr: '' })
  expect((await portal()).rows).toEqual(before)
  await db.end()
})

test('apply says in words which file it cannot read, and takes nothing that is not UTF-8', () => {
  const missing = join(folder.path, 'missing.yaml')
  expect(run(['apply', missing], '').stderr).toBe(`${missing}: there is no such file\n`)
  expect(run(['apply', folder.path], '').stderr).toBe(`${folder.path}: is a folder, not a file\n`)
  const latin = Buffer.from('accounts: [{ number: "7123456", given_name: José }]\n', 'latin1')
  const refused = run(['apply', '-'], latin)
  expect(refused.stderr).toBe('-: is not in UTF-8; save it in that encoding, and apply it then\n')
  expect(refused.status).toBe(1)
  // As Windows saves it.
  expect(run(['apply', '-'], '\ufeffaccounts: []\n')).toMatchObject({ status: 0, stderr: '' })
})

test('keys create says of each file whether it was written or was there already', () => {
  const directory = join(folder.path, 'installation')
  const keys = join(directory, 'signing-keys.json')
  const secrets = join(directory, 'secrets.json')
  const create = () => run(['keys', 'create', '--directory', directory], '').stdout
  expect(create()).toBe(`wrote ${keys}\nwrote ${secrets}\n`)
  const before = readFileSync(keys, 'utf8')
  rmSync(secrets)
  expect(create()).toBe(`kept ${keys}, which was there already\nwrote ${secrets}\n`)
  expect(readFileSync(keys, 'utf8')).toBe(before)
})
