import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  createKeySet,
  type KeySet,
  parseKeySet,
  publicKeySet,
  type SigningKey,
  serializeKeySet,
} from '../../src/signing/key-set.ts'

let set: KeySet
let es256: SigningKey
let rs256: SigningKey

beforeAll(async () => {
  set = await createKeySet({ isDevelopment: false })
  es256 = set.keys.find((key) => key.alg === 'ES256')!
  rs256 = set.keys.find((key) => key.alg === 'RS256')!
})

const without = (key: object, ...members: string[]) =>
  Object.fromEntries(Object.entries(key).filter(([name]) => !members.includes(name)))
const weakRsa = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
const p384 = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' })
const members = (alg: string) => ({ kid: 'key-under-test', alg, use: 'sig' })

describe('a new key set', () => {
  test('has one key of each algorithm, of full strength, named by its thumbprint', async () => {
    expect(set.keys.map((key) => key.alg)).toEqual(['ES256', 'RS256'])
    expect(es256).toMatchObject({ kty: 'EC', crv: 'P-256', use: 'sig' })
    expect(Buffer.from(rs256['n'] as string, 'base64url')).toHaveLength(3072 / 8)
    for (const key of set.keys) expect(key.kid).toBe(await calculateJwkThumbprint(key))
  })

  test('is read as it was written, and says so when it is for development', async () => {
    expect(parseKeySet(serializeKeySet(set))).toEqual({ ok: true, value: set })
    const development = await createKeySet({ isDevelopment: true })
    const parsed = parseKeySet(serializeKeySet(development))
    expect(parsed).toMatchObject({ ok: true, value: { isDevelopment: true } })
    expect(development.keys.every((key) => key.kid.startsWith('dev-'))).toBe(true)
  })

  test('shows courts the public members only', () => {
    const shown = publicKeySet(set)
    expect(shown.keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ])
    for (const [index, key] of shown.keys.entries()) {
      expect(key.kid).toBe(set.keys[index]!.kid)
      expect(createPublicKey({ key: key as never, format: 'jwk' }).type).toBe('public')
    }
  })
})

describe('a key set that cannot be used', () => {
  type Row = [what: string, build: () => unknown, words: RegExp]
  test.each<Row>([
    ['is not JSON', () => 'not json', /^is not JSON$/],
    ['is empty text', () => '', /^is not JSON$/],
    ['is an array', () => [], /is not a private JSON Web Key Set/],
    ['is null', () => null, /is not a private JSON Web Key Set/],
    ['has no keys', () => ({ keys: [] }), /is not a private JSON Web Key Set/],
    ['lacks an ES256 key', () => ({ keys: [rs256] }), /^has no ES256 key$/],
    ['lacks an RS256 key', () => ({ keys: [es256] }), /^has no RS256 key$/],
    [
      'has a key without kid',
      () => ({ keys: [without(es256, 'kid'), rs256] }),
      /with kid, alg and use/,
    ],
    [
      'has a key without alg',
      () => ({ keys: [without(es256, 'alg'), rs256] }),
      /with kid, alg and use/,
    ],
    [
      'has a key without use',
      () => ({ keys: [without(es256, 'use'), rs256] }),
      /with kid, alg and use/,
    ],
    ['has a public key', () => ({ keys: [without(es256, 'd'), rs256] }), /is not a private/],
    [
      'has a key for encryption',
      () => ({ keys: [{ ...es256, use: 'enc' }, rs256] }),
      /with kid, alg and use/,
    ],
    [
      'has a shared secret',
      () => ({ keys: [{ kty: 'oct', k: 'AAAA', ...members('HS256') }, es256, rs256] }),
      /is not a private/,
    ],
    [
      'has an algorithm of its own',
      () => ({ keys: [{ ...es256, alg: 'none' }, rs256] }),
      /with kid, alg and use/,
    ],
    [
      'has two keys of one name',
      () => ({ keys: [es256, { ...rs256, kid: es256.kid }] }),
      /appears twice$/,
    ],
    ['has a corrupt key', () => ({ keys: [{ ...es256, x: 'AAAA' }, rs256] }), /is corrupt$/],
    [
      'has a corrupt RSA key',
      () => ({ keys: [es256, { ...rs256, n: '%%%' }] }),
      /is corrupt$|fewer than 3072/,
    ],
    [
      'has an RSA key of 2048 bits',
      () => ({ keys: [es256, { ...weakRsa(), ...members('RS256') }] }),
      /fewer than 3072 bits$/,
    ],
    [
      'has a curve other than P-256',
      () => ({ keys: [{ ...p384(), ...members('ES256') }, rs256] }),
      /is not on P-256$/,
    ],
    [
      'names RS256 for a curve',
      () => ({ keys: [es256, { ...es256, ...members('RS256') }] }),
      /is not an RSA key$/,
    ],
    [
      'names ES256 for RSA',
      () => ({ keys: [{ ...rs256, ...members('ES256') }, rs256] }),
      /is not on P-256$/,
    ],
  ])('%s', (_, build, words) => {
    const built = build()
    const text = typeof built === 'string' ? built : JSON.stringify(built)
    const parsed = parseKeySet(text)
    expect(parsed).toEqual({
      ok: false,
      reason: 'unusable',
      problem: expect.stringMatching(words),
    })
    for (const secret of [es256['d'], rs256['d'], rs256['p'], 'AAAA', 'not json']) {
      expect(JSON.stringify(parsed)).not.toContain(secret)
    }
  })
})
