import { randomBytes } from 'node:crypto'
import { test as base, describe, expect } from 'vitest'
import { createPasswords } from '../../../src/accounts/password.ts'
import {
  areStoredAlready,
  checkOldPassword,
  type OldHash,
  readOldHash,
  wrapOldHashes,
} from '../../../src/efiling/imported/old-password.ts'

const older = { id: 'p-old', key: randomBytes(32) }
const newer = { id: 'p-new', key: randomBytes(32) }

const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to find what is needed.
  .extend('passwords', { scope: 'file' }, ({}, { onCleanup }) => {
    const options = { concurrency: 1, queue: 32, isStubbed: false }
    const passwords = createPasswords({ ...options, peppers: [older] })
    onCleanup(() => passwords.close())
    return passwords
  })

const letters = 'abcdefghijklmnopqrstuvwxyz'
const sha512 =
  '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1'

/** From jBCrypt's tests, Drepper's specification of SHA-crypt, and the tests of the argon2 reference code. */
const vectors = [
  ['bcrypt 2a', '$2a$08$HqWuK6/Ng6sg9gQzbLrgb.Tl.ZHfXLhvt/SgVyWhQqgqcZ7ZuUtye', ''],
  ['bcrypt 2b', '$2b$08$Ro0CUfOqk6cXEKf3dyaM7OhSCvnwM9s4wIX9JeLapehKK5YdLxKcm', 'abc'],
  ['bcrypt 2y', '$2y$10$fVH8e28OQRj9tqiDXs1e1uxpsjN0c7II7YPKXua2NAKYvM6iQk7dq', letters],
  ['SHA-512-crypt', sha512, 'Hello world!'],
  [
    'SHA-512-crypt with rounds',
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
    'Hello world!',
  ],
  [
    'argon2id',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    'password',
  ],
  [
    'argon2i',
    '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
    'password',
  ],
  [
    'argon2i of the version before',
    '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
    'password',
  ],
] as const

function taken(text: string): OldHash {
  const read = readOldHash(text)
  if (!read.ok) throw new Error(`${text}: ${read.reason}`)
  return read.value
}

describe('an old password', () => {
  test.for(vectors)(
    'of %s is known again, and no other',
    async ([, text, password], { passwords }) => {
      const hash = taken(text)
      const [stored] = await wrapOldHashes(passwords, [hash])
      expect(stored!.hash).not.toContain(hash.hash)
      expect(stored!.settings).not.toContain(hash.hash)
      expect(await checkOldPassword(passwords, stored, password)).toBe(true)
      expect(await checkOldPassword(passwords, stored, `${password}.`)).toBe(false)
    },
  )

  test('is not known where there is none, or where it is longer than any', async ({
    passwords,
  }) => {
    const [stored] = await wrapOldHashes(passwords, [taken(sha512)])
    expect(await checkOldPassword(passwords, undefined, 'Hello world!')).toBe(false)
    expect(await checkOldPassword(passwords, undefined, 'Hello world!', '$6$saltstring$')).toBe(
      false,
    )
    expect(await checkOldPassword(passwords, stored, 'x'.repeat(1025))).toBe(false)
  })

  test('lies under the pepper that was the first one then', async ({
    passwords,
    onTestFinished,
  }) => {
    const hash = taken(sha512)
    const [stored, other] = await wrapOldHashes(passwords, [hash, hash])
    expect(stored!.hash).not.toBe(other!.hash)
    const options = { concurrency: 1, queue: 32, isStubbed: false }
    const after = createPasswords({ ...options, peppers: [newer, older] })
    const without = createPasswords({ ...options, peppers: [newer] })
    onTestFinished(async () => {
      await after.close()
      await without.close()
    })
    expect(await checkOldPassword(after, stored, 'Hello world!')).toBe(true)
    const changed = { settings: hash.settings, hash: hash.hash.replace('svn8', 'svn9') }
    const salted = { ...hash, settings: '$6$saltstrinG$' }
    const pairs = [hash, changed, salted].map((each) => ({ hash: each, stored: stored! }))
    expect(await areStoredAlready(after, pairs)).toEqual([true, false, false])
    await expect(checkOldPassword(without, stored, 'Hello world!')).rejects.toThrow('a pepper')
  })
})

const salt = 'c29tZXNhbHQ'
const tag = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

test.for([
  ['MD5-crypt', '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/', 'not-a-hash'],
  ['DES', 'abJnggxhB/yWI', 'not-a-hash'],
  ['SHA-256-crypt', '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8', 'not-a-hash'],
  ['a plain password', 'swordfish', 'not-a-hash'],
  ['unsalted SHA-1', '5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8', 'not-a-hash'],
  ['unsalted SHA-512', 'a'.repeat(128), 'not-a-hash'],
  ['SHA-512-crypt without a salt', sha512.replace('saltstring', ''), 'not-a-hash'],
  ['SHA-512-crypt that is cut off', sha512.slice(0, -1), 'not-a-hash'],
  ['few rounds', sha512.replace('$6$', '$6$rounds=4999$'), 'too-weak'],
  ['many rounds', sha512.replace('$6$', '$6$rounds=100001$'), 'too-costly'],
  ['rounds with a nought in front', sha512.replace('$6$', '$6$rounds=05000$'), 'not-a-hash'],
  ['bcrypt 2', vectors[0][1].replace('$2a$', '$2$'), 'not-a-hash'],
  ['bcrypt 2x', vectors[0][1].replace('$2a$', '$2x$'), 'not-a-hash'],
  ['a low bcrypt cost', vectors[0][1].replace('$08$', '$07$'), 'too-weak'],
  ['a high bcrypt cost', vectors[0][1].replace('$08$', '$13$'), 'too-costly'],
  ['a blank around', ` ${sha512}`, 'not-a-hash'],
  ['argon2d', `$argon2d$v=19$m=65536,t=2,p=1$${salt}$${tag}`, 'not-a-hash'],
  ['little argon2 memory', `$argon2id$v=19$m=2048,t=2,p=1$${salt}$${tag}`, 'too-weak'],
  ['much argon2 memory', `$argon2id$v=19$m=262144,t=1,p=1$${salt}$${tag}`, 'too-costly'],
  ['many argon2 passes', `$argon2id$v=19$m=65536,t=5,p=1$${salt}$${tag}`, 'too-costly'],
  ['argon2 with a key', `$argon2id$v=19$m=65536,t=2,p=1,keyid=AA$${salt}$${tag}`, 'not-a-hash'],
  ['argon2 in another order', `$argon2id$v=19$t=2,m=65536,p=1$${salt}$${tag}`, 'not-a-hash'],
  [
    'a second spelling',
    `$argon2id$v=19$m=65536,t=2,p=1$${salt}$${tag.slice(0, -1)}d`,
    'not-a-hash',
  ],
] as const)('%s is not taken', ([, text, reason]) => {
  expect(readOldHash(text)).toMatchObject({ ok: false, reason })
})
