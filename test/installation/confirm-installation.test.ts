import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPasswords } from '../../src/accounts/password.ts'
import { findPeppersInUse, insertAccount } from '../../src/accounts/store.ts'
import { canonicalUsername } from '../../src/accounts/username.ts'
import { byOperator } from '../../src/audit/by.ts'
import { StartupError } from '../../src/errors.ts'
import { newAccountId } from '../../src/ids.ts'
import { acceptSecrets } from '../../src/installation/accept-secrets.ts'
import { confirmInstallation } from '../../src/installation/confirm-installation.ts'
import { createSecrets, parseSecrets, type Secrets } from '../../src/signing/secrets.ts'
import type { Database } from '../../src/storage/db.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { kinds } from '../storage/databases.ts'
import { listAudited } from '../support/audited.ts'

const issuer = 'https://sso.example.gov'

type SecretsJson = {
  master: string
  cookies: string[]
  peppers: { id: string; key: string }[]
}

const fresh = () => JSON.parse(createSecrets({ isDevelopment: false })) as SecretsJson

function read(json: SecretsJson): Secrets {
  const parsed = parseSecrets(JSON.stringify(json))
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}

const signing = { keys: [], isDevelopment: false }
const keysOf = (json: SecretsJson) => ({ signing, secrets: read(json) })

async function problemsOf(confirming: Promise<void>): Promise<readonly string[]> {
  const error = await confirming.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error === undefined) return []
  expect(error).toBeInstanceOf(StartupError)
  return (error as StartupError).problems
}

describe.each(kinds)('what a start compares, on the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  let own: SecretsJson
  const start = (json: SecretsJson, at = issuer) =>
    problemsOf(confirmInstallation(db, at, keysOf(json)))
  const accept = (json: SecretsJson, at = issuer) =>
    acceptSecrets(
      db,
      { issuer: at, keys: keysOf(json) },
      (ids) => findPeppersInUse(db, ids),
      byOperator('test'),
    )

  beforeEach(async () => {
    ;({ db, close } = await open())
    own = fresh()
    expect(await start(own)).toEqual([])
  })
  afterEach(() => close())

  test('the same secrets and issuer start again', async () => {
    expect(await start(own)).toEqual([])
  })

  test('another installation’s secrets are refused, each difference in a line', async () => {
    expect(await start(fresh())).toEqual([
      'secrets: master is not the one that this database was used with',
      'secrets: no key of cookies is one that this database was used with',
      `secrets: the pepper ${own.peppers[0]!.id} is missing`,
      expect.stringContaining('npm run cli -- keys accept'),
    ])
    expect(await start(own)).toEqual([])
  })

  test('a pepper with the same id and another key is refused', async () => {
    const [pepper] = fresh().peppers
    const changed = { ...own, peppers: [{ ...pepper!, id: own.peppers[0]!.id }] }
    expect(await start(changed)).toContain(
      `secrets: the pepper ${own.peppers[0]!.id} has another key`,
    )
  })

  test('a further cookie key and the next pepper are a rotation', async () => {
    const next = fresh()
    const rotating = {
      ...own,
      cookies: [...next.cookies, ...own.cookies],
      peppers: [...next.peppers, ...own.peppers],
    }
    expect(await start(rotating)).toEqual([])
    // The other process still has the old file, and the old cookie key goes in the end.
    expect(await start(own)).toContain(`secrets: the pepper ${next.peppers[0]!.id} is missing`)
    expect(await start({ ...rotating, cookies: next.cookies })).toEqual([])
  })

  test('another issuer is refused, and a development server may change its port', async () => {
    expect(await start(own, 'https://sso.example.org')).toContain(
      `CSO_ISSUER: this database belongs to ${issuer}`,
    )
    expect((await accept(own, 'http://localhost:3000')).ok).toBe(true)
    expect(await start(own, 'http://localhost:4000')).toEqual([])
    expect(await start(own, issuer)).toEqual([])
    expect(await start(own, 'http://localhost:4000')).not.toEqual([])
  })

  test('secrets that were replaced on purpose are accepted once, with an audit row', async () => {
    const replaced = { ...fresh(), peppers: own.peppers }
    expect(await start(replaced)).not.toEqual([])
    expect((await accept(replaced)).ok).toBe(true)
    expect(await start(replaced)).toEqual([])
    expect(await start(own)).not.toEqual([])
    expect(await listAudited(db, 'secrets.accepted')).toHaveLength(1)
  })

  test('a pepper that a stored password needs cannot be given up', async () => {
    const passwords = createPasswords({
      peppers: read(own).peppers,
      concurrency: 1,
      queue: 4,
      isStubbed: false,
    })
    const passwordHash = await passwords.hash('correct horse battery staple')
    await passwords.close()
    const account = {
      id: newAccountId(),
      number: '7123456',
      type: 'individual',
      userType: 'attorney',
      isUpgraded: true,
      username: 'jdoe-attorney',
      usernameCanonical: canonicalUsername('jdoe-attorney')!,
      givenName: null,
      familyName: null,
      email: null,
      emailCanonical: null,
      isEmailVerified: false,
      searchStatus: 'active',
      clientCode: null,
      billedTo: 'self',
      disabledAt: null,
      passwordHash,
    } as const
    await inTransaction(db, (tx) => insertAccount(tx, account))
    const without = { ...own, peppers: fresh().peppers }
    expect(await accept(without)).toEqual({
      ok: false,
      reason: 'peppers-in-use',
      peppers: [own.peppers[0]!.id],
    })
    expect(await start(own)).toEqual([])
  })

  test('of twenty that start at once with different secrets one begins the installation', async () => {
    await db.prisma.installationMark.deleteMany({})
    const results = await Promise.all(Array.from({ length: 20 }, () => start(fresh())))
    expect(results.filter((problems) => problems.length === 0)).toHaveLength(1)
  })
})

test.each([
  [
    'two peppers with one id',
    (json: SecretsJson) => json.peppers.push({ ...fresh().peppers[0]!, id: json.peppers[0]!.id }),
    'has two peppers with one id',
  ],
  [
    'one key under two ids',
    (json: SecretsJson) => json.peppers.push({ id: 'other', key: json.peppers[0]!.key }),
    'has one key in two places',
  ],
  [
    'the master as a cookie key',
    (json: SecretsJson) => json.cookies.push(json.master),
    'has one key in two places',
  ],
])('secrets with %s are refused', (_, spoil, problem) => {
  const json = fresh()
  spoil(json)
  expect(parseSecrets(JSON.stringify(json))).toEqual({ ok: false, reason: 'unusable', problem })
})

test('two installations never name their peppers alike', () => {
  expect(fresh().peppers[0]!.id).not.toBe(fresh().peppers[0]!.id)
})
