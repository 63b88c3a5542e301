import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { createKeySet, serializeKeySet } from '../../src/signing/key-set.ts'
import { loadKeys } from '../../src/signing/key-store.ts'
import { createSecrets } from '../../src/signing/secrets.ts'
import { nobodysMail } from '../support/mail-server.ts'
import { temporaryFolder } from '../support/server-process.ts'

let signingText: string
let developmentText: string
const secretsText = createSecrets({ isDevelopment: false })

beforeAll(async () => {
  signingText = serializeKeySet(await createKeySet({ isDevelopment: false }))
  developmentText = serializeKeySet(await createKeySet({ isDevelopment: true }))
})

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder('keys')
})
afterEach(() => folder.remove())

const write = (name: string, text: string, mode = 0o600) => {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}
const development = (settings: Record<string, string> = {}) =>
  loadConfig({ CSO_KEYS_DIR: join(folder.path, 'keys'), ...settings })
const production = (settings: Record<string, string>) =>
  loadConfig({
    CSO_ENVIRONMENT: 'production',
    CSO_ISSUER: 'https://sso.example.gov',
    DATABASE_URL: 'postgresql://db.example.gov/cso',
    ...nobodysMail,
    ...settings,
  })
const problemsOf = async (config: ReturnType<typeof loadConfig>) => {
  const outcome = await loadKeys(config).then(
    () => undefined,
    (error: unknown) => error as { name: string; problems: string[] },
  )
  expect(outcome?.name).toBe('StartupError')
  return outcome!.problems
}

describe('in development', () => {
  test('a first start creates both files, for their owner only, and a second one reads them', async () => {
    const first = await loadKeys(development())
    const directory = join(folder.path, 'keys')
    expect(readdirSync(directory).sort()).toEqual(['secrets.json', 'signing-keys.json'])
    for (const name of readdirSync(directory)) {
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
    }
    const second = await loadKeys(development())
    expect(second.signing).toEqual(first.signing)
    expect(second.secrets.cookies).toEqual(first.secrets.cookies)
    expect(second.secrets.identifiers.equals(first.secrets.identifiers)).toBe(true)
    expect(first.signing.isDevelopment && first.secrets.isDevelopment).toBe(true)
  })

  test('processes that start at once agree on one set of keys', async () => {
    const loaded = await Promise.all(Array.from({ length: 4 }, () => loadKeys(development())))
    expect(new Set(loaded.map(({ signing }) => signing.keys[0]!.kid)).size).toBe(1)
    expect(new Set(loaded.map(({ secrets }) => secrets.cookies[0])).size).toBe(1)
    expect(readdirSync(join(folder.path, 'keys'))).toHaveLength(2)
  })

  test('a file that was named is not created when it is missing', async () => {
    const missing = join(folder.path, 'elsewhere.json')
    expect(await problemsOf(development({ CSO_SIGNING_KEYS_FILE: missing }))).toEqual([
      `signing keys file ${missing}: does not exist`,
    ])
    expect(existsSync(missing)).toBe(false)
  })

  test('a corrupt file in the folder is not replaced', async () => {
    await loadKeys(development())
    const path = join(folder.path, 'keys', 'signing-keys.json')
    writeFileSync(path, '{"keys":')
    expect(await problemsOf(development())).toEqual([`signing keys file ${path}: is not JSON`])
    expect(readFileSync(path, 'utf8')).toBe('{"keys":')
  })
})

describe('in production', () => {
  test('keys come from mounted files', async () => {
    const keys = await loadKeys(
      production({
        CSO_SIGNING_KEYS_FILE: write('signing.json', signingText),
        CSO_SECRETS_FILE: write('secrets.json', secretsText, 0o640),
      }),
    )
    expect(keys.signing.keys).toHaveLength(2)
    expect(keys.secrets.peppers[0].id).toMatch(/^p-[0-9a-f]{16}$/)
  })

  test('or from variables', async () => {
    const keys = await loadKeys(
      production({ CSO_SIGNING_KEYS: signingText, CSO_SECRETS: secretsText }),
    )
    expect(JSON.parse(serializeKeySet(keys.signing))).toEqual(JSON.parse(signingText))
  })

  test.each([0o644, 0o604, 0o602, 0o601, 0o666])('a file with mode %o is refused', async (mode) => {
    const path = write('signing.json', signingText, mode)
    const config = production({ CSO_SIGNING_KEYS_FILE: path, CSO_SECRETS: secretsText })
    expect(await problemsOf(config)).toEqual([
      expect.stringMatching(/signing\.json: can be read by everyone .*chmod 600/),
    ])
  })

  test('keys and secrets made for development are refused, each in one line', async () => {
    const config = production({
      CSO_SIGNING_KEYS_FILE: write('signing.json', developmentText),
      CSO_SECRETS: createSecrets({ isDevelopment: true }),
    })
    expect(await problemsOf(config)).toEqual([
      expect.stringMatching(
        /signing\.json: was made for development and is refused in production$/,
      ),
      'the secrets in the environment: was made for development and is refused in production',
    ])
  })

  test('missing files are named together, and nothing is created', async () => {
    const config = production({
      CSO_SIGNING_KEYS_FILE: join(folder.path, 'no-signing.json'),
      CSO_SECRETS_FILE: join(folder.path, 'no-secrets.json'),
    })
    expect(await problemsOf(config)).toEqual([
      expect.stringMatching(/no-signing\.json: does not exist$/),
      expect.stringMatching(/no-secrets\.json: does not exist$/),
    ])
    expect(readdirSync(folder.path)).toEqual([])
  })

  test('a folder in place of a file is named, too', async () => {
    chmodSync(folder.path, 0o700)
    const config = production({ CSO_SIGNING_KEYS_FILE: folder.path, CSO_SECRETS: secretsText })
    expect(await problemsOf(config)).toEqual([expect.stringMatching(/cannot be read \(EISDIR\)$/)])
  })
})

describe('secrets that cannot be used', () => {
  const valid = () => JSON.parse(secretsText) as Record<string, unknown>
  const short = Buffer.alloc(31).toString('base64')

  test.each<[string, () => unknown, RegExp]>([
    ['no JSON', () => 'hunter2', /is not JSON$/],
    ['no master', () => ({ ...valid(), master: undefined }), /\(master\)$/],
    ['a short master', () => ({ ...valid(), master: short }), /\(master\)$/],
    ['no base64', () => ({ ...valid(), master: 'hunter2-'.repeat(8) }), /\(master\)$/],
    ['no cookie key', () => ({ ...valid(), cookies: [] }), /\(cookies\)$/],
    ['a short cookie key', () => ({ ...valid(), cookies: [short] }), /\(cookies\.0\)$/],
    ['no pepper', () => ({ ...valid(), peppers: [] }), /\(peppers\)$/],
    ['a pepper without name', () => ({ ...valid(), peppers: [{ key: short }] }), /peppers\.0\.id/],
    ['an unknown member', () => ({ ...valid(), hunter2: 1 }), /\(the object\)$/],
  ])('%s', async (_, build, words) => {
    const built = build()
    const text = typeof built === 'string' ? built : JSON.stringify(built)
    const problems = await problemsOf(
      production({ CSO_SIGNING_KEYS: signingText, CSO_SECRETS: text }),
    )
    expect(problems).toEqual([expect.stringMatching(words)])
    for (const value of ['hunter2', short]) expect(problems.join()).not.toContain(value)
  })
})
