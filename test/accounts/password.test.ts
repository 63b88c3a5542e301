import { createHmac, randomBytes } from 'node:crypto'
import { hash as referenceHash } from 'argon2'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createPasswords,
  maximumPasswordBytes,
  type PasswordOptions,
  type Passwords,
} from '../../src/accounts/password.ts'
import type { Pepper } from '../../src/signing/secrets.ts'

const pepper: Pepper = { id: 'pepper-1', key: randomBytes(32) }
const nextPepper: Pepper = { id: 'pepper-2', key: randomBytes(32) }
const secret = 'correct horse battery staple'

const opened: Passwords[] = []
const create = (options: Partial<PasswordOptions> = {}): Passwords => {
  const passwords = createPasswords({
    peppers: [pepper],
    concurrency: 2,
    queue: 50,
    isStubbed: false,
    ...options,
  })
  opened.push(passwords)
  return passwords
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((passwords) => passwords.close()))
})

/** What is stored for a password, made by the reference implementation of argon2. */
async function referenceStored(
  password: string,
  cost: { m?: number; t?: number; p?: number } = {},
  under = pepper,
): Promise<string> {
  const { m = 19_456, t = 2, p = 1 } = cost
  const salt = randomBytes(16)
  const raw = await referenceHash(password, {
    type: 2,
    memoryCost: m,
    timeCost: t,
    parallelism: p,
    hashLength: 32,
    salt,
    raw: true,
  })
  const tag = createHmac('sha256', under.key).update(raw).digest()
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `hmac-sha256:${under.id}$argon2id$v=19$m=${m},t=${t},p=${p}$${base64(salt)}$${base64(tag)}`
}

describe('what is stored for a password', () => {
  test('is argon2id with 19 MiB and two passes under the pepper, as the reference computes it', async () => {
    const stored = await create().hash(secret)
    const [, head = '', salt = '', tag = ''] =
      /^(hmac-sha256:pepper-1\$argon2id\$v=19\$m=19456,t=2,p=1)\$([^$]+)\$([^$]+)$/.exec(stored) ??
      []
    expect(head).not.toBe('')
    const saltBytes = Buffer.from(salt, 'base64')
    expect(saltBytes).toHaveLength(16)
    const raw = await referenceHash(secret, {
      type: 2,
      memoryCost: 19_456,
      timeCost: 2,
      parallelism: 1,
      hashLength: 32,
      salt: saltBytes,
      raw: true,
    })
    const expected = createHmac('sha256', pepper.key).update(raw).digest()
    expect(Buffer.from(tag, 'base64').equals(expected)).toBe(true)
  })

  test('differs each time', async () => {
    const passwords = create()
    const [one, two] = await Promise.all([passwords.hash(secret), passwords.hash(secret)])
    expect(one).not.toBe(two)
  })

  test('by the reference implementation verifies here', async () => {
    const stored = await referenceStored(secret)
    expect(await create().verify(secret, stored)).toBe('match')
    expect(await create().verify(`${secret} `, stored)).toBe('mismatch')
  })

  test('is of no use without the pepper', async () => {
    const stored = await create().hash(secret)
    const stolen = create({ peppers: [{ id: 'pepper-1', key: randomBytes(32) }] })
    expect(await stolen.verify(secret, stored)).toBe('mismatch')
  })
})

describe('verifying', () => {
  test('takes composed and decomposed letters for the same, and no other difference', async () => {
    const passwords = create()
    const stored = await passwords.hash('caf\u00E9 au lait, s\u2019il vous pla\u00EEt')
    const decomposed = 'cafe\u0301 au lait, s\u2019il vous plai\u0302t'
    expect(await passwords.verify(decomposed, stored)).toBe('match')
    expect(await passwords.verify(decomposed.toUpperCase(), stored)).toBe('mismatch')
    expect(await passwords.verify(decomposed.slice(0, -1), stored)).toBe('mismatch')
  })

  test('an account without a password, or no account, is a mismatch', async () => {
    expect(await create().verify(secret, undefined)).toBe('mismatch')
  })

  test.each([
    ['more passes', { t: 3 }],
    ['fewer passes', { t: 1 }],
    ['less memory', { m: 8192 }],
    ['more lanes', { p: 2 }],
  ])('a password stored with %s is outdated', async (_, cost) => {
    const stored = await referenceStored(secret, cost)
    expect(await create().verify(secret, stored)).toBe('match-but-outdated')
    expect(await create().verify('something else', stored)).toBe('mismatch')
  })

  test('a password under the previous pepper is outdated, and a fresh hash is not', async () => {
    const stored = await create().hash(secret)
    const rotated = create({ peppers: [nextPepper, pepper] })
    expect(await rotated.verify(secret, stored)).toBe('match-but-outdated')
    const fresh = await rotated.hash(secret)
    expect(fresh).toMatch(/^hmac-sha256:pepper-2\$/)
    expect(await rotated.verify(secret, fresh)).toBe('match')
  })

  test('a pepper that is no longer there is a fault that names it, not a wrong password', async () => {
    const stored = await create().hash(secret)
    const passwords = create({ peppers: [nextPepper] })
    await expect(passwords.verify(secret, stored)).rejects.toThrow('pepper-1')
  })

  test.each(['', 'plain text', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$dGFn', '{SSHA}x'])(
    'a stored string of another form is a fault: %j',
    async (stored) => {
      await expect(create().verify(secret, stored)).rejects.toThrow('not in the expected form')
    },
  )
})

describe('the cap on a password', () => {
  test('counts bytes: 1,024 are taken whole, one more is not', async () => {
    const passwords = create()
    const longest = '😀'.repeat(maximumPasswordBytes / 4)
    const stored = await passwords.hash(longest)
    expect(await passwords.verify(longest, stored)).toBe('match')
    expect(await passwords.verify(`${longest.slice(0, -2)}🙃`, stored)).toBe('mismatch')
    await expect(passwords.hash(`${longest}x`)).rejects.toThrow(RangeError)
    expect(await passwords.verify(`${longest}x`, stored)).toBe('mismatch')
  })

  test('comes before everything that takes time', async () => {
    const passwords = create()
    const stored = await passwords.hash(secret)
    const startedAt = performance.now()
    for (let count = 0; count < 20; count += 1) {
      expect(await passwords.verify('e\u0301\u0316'.repeat(65_536), stored)).toBe('mismatch')
    }
    expect(performance.now() - startedAt).toBeLessThan(100)
  })
})

describe('how many run at once', () => {
  // A verification with many passes goes first. One with a single pass can only finish before it if
  // both were running at the same time.
  const finishingOrder = async (concurrency: number, slow: number) => {
    const passwords = create({ concurrency })
    const slowStored = await referenceStored(secret, { t: 20 })
    const quickStored = await referenceStored(secret, { t: 1, m: 1024 })
    const order: string[] = []
    const run = async (name: string, stored: string) => {
      await passwords.verify(secret, stored)
      order.push(name)
    }
    await Promise.all([
      ...Array.from({ length: slow }, () => run('slow', slowStored)),
      run('quick', quickStored),
    ])
    return order
  }

  test('is one where one is allowed', async () => {
    expect(await finishingOrder(1, 1)).toEqual(['slow', 'quick'])
    expect(await finishingOrder(1, 2)).toEqual(['slow', 'slow', 'quick'])
  })

  test('is two where two are allowed, and a third waits', async () => {
    expect(await finishingOrder(2, 1)).toEqual(['quick', 'slow'])
    expect((await finishingOrder(2, 2))[0]).toBe('slow')
  })

  test('beyond the queue the next is refused at once, the others are served', async () => {
    const passwords = create({ concurrency: 1, queue: 2 })
    const stored = await passwords.hash(secret)
    const startedAt = performance.now()
    const refusedAfter: number[] = []
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        passwords.verify(secret, stored).catch((error: unknown) => {
          refusedAfter.push(performance.now() - startedAt)
          throw error
        }),
      ),
    )
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ])
    for (const result of results.slice(3)) {
      expect(result).toMatchObject({
        reason: { name: 'UnavailableError', retryAfterSeconds: expect.any(Number) },
      })
    }
    expect(Math.max(...refusedAfter)).toBeLessThan(performance.now() - startedAt)
    expect(await passwords.verify(secret, stored)).toBe('match')
  })

  test('a fault gives its place free', async () => {
    const passwords = create({ concurrency: 1, queue: 1 })
    // argon2 refuses less memory than eight blocks per lane.
    const impossible = (await referenceStored(secret)).replace('m=19456', 'm=1')
    for (let count = 0; count < 3; count += 1) {
      await expect(passwords.verify(secret, impossible)).rejects.toThrow()
    }
    expect(await passwords.verify(secret, await passwords.hash(secret))).toBe('match')
  })
})
