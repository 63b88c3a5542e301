import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sealBirthDate } from '../../src/accounts/birth-date.ts'
import { createPasswords } from '../../src/accounts/password.ts'
import { findPeppersInUse } from '../../src/accounts/pepper-store.ts'
import { resealAccounts } from '../../src/accounts/reseal-accounts.ts'
import { findSealingKeysInUse } from '../../src/accounts/sealed-store.ts'
import { insertAccount } from '../../src/accounts/store.ts'
import { canonicalUsername } from '../../src/accounts/username.ts'
import { byOperator } from '../../src/audit/by.ts'
import { parseDay } from '../../src/days.ts'
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
  sealing: { id: string; key: string }[]
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
      {
        peppers: (ids) => findPeppersInUse(db, ids),
        sealingKeys: (ids) => findSealingKeysInUse(db, ids),
      },
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
      `secrets: the sealing key ${own.sealing[0]!.id} is missing`,
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

  test('a key that a field is sealed with cannot be given up, and one that was replaced can', async () => {
    const { sealing } = read(own)
    const id = newAccountId()
    await db.prisma.account.create({
      data: {
        id,
        number: '7123457',
        type: 'individual',
        userType: 'attorney',
        isUpgraded: true,
        username: 'sealed-person',
        usernameCanonical: 'sealed-person',
        searchStatus: 'active',
        ...sealBirthDate(sealing, id, parseDay('1955-03-08')!),
      },
    })
    const next = { ...own, sealing: [...fresh().sealing, ...own.sealing] }
    const without = { ...own, sealing: next.sealing.slice(0, 1) }
    const [old] = own.sealing
    const needed = { ok: false, reason: 'sealing-keys-in-use', sealingKeys: [old!.id] }
    expect(await start(without)).toContain(`secrets: the sealing key ${old!.id} is missing`)
    expect(await accept(without)).toEqual(needed)
    // The same id with another key opens nothing either.
    const changed = { ...own, sealing: [{ ...fresh().sealing[0]!, id: old!.id }] }
    expect(await start(changed)).toContain(`secrets: the sealing key ${old!.id} has another key`)
    expect(await accept(changed)).toEqual(needed)

    expect(await start(next)).toEqual([])
    await resealAccounts({ db, sealing: read(next).sealing }, byOperator('test'))
    expect(await start(without)).not.toEqual([])
    expect((await accept(without)).ok).toBe(true)
    expect(await start(without)).toEqual([])
  })

  test('a file from before there were sealing keys starts, and a key is added later', async () => {
    const { sealing: _, ...before } = fresh()
    await db.prisma.installationMark.deleteMany({})
    expect(await start(before as SecretsJson)).toEqual([])
    expect(await start({ ...before, sealing: own.sealing })).toEqual([])
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
