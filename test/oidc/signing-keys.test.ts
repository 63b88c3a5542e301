import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { engineKeys, joinedSignature } from '../../src/oidc/signing-keys.ts'
import { createKeySet } from '../../src/signing/key-set.ts'

describe('a key that signs in place', () => {
  test('gives what others verify, whatever the length of the two integers', async () => {
    const set = await createKeySet({ isDevelopment: true })
    const [key] = engineKeys(set) as [
      { kid: string; alg: string; sign(data: Uint8Array): Uint8Array },
    ]
    expect(key).toMatchObject({ kid: set.keys[0]?.kid, alg: 'ES256' })
    const publicKey = createPublicKey({ key: set.keys[0] as never, format: 'jwk' })
    // One in 128 has an integer with a leading zero.
    for (let count = 0; count < 2000; count += 1) {
      const data = randomBytes(40)
      const signature = key.sign(data)
      expect(signature).toHaveLength(64)
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(
        true,
      )
    }
  })

  test('pads a short integer and drops the sign byte of a long one', () => {
    const short = [0x02, 0x01, 0x05]
    const long = [0x02, 0x21, 0x00, ...Array.from({ length: 32 }, () => 0xff)]
    const der = Uint8Array.from([0x30, short.length + long.length, ...short, ...long])
    const joined = joinedSignature(der)
    expect([...joined.subarray(0, 31)]).toEqual(Array.from({ length: 31 }, () => 0))
    expect(joined[31]).toBe(5)
    expect([...joined.subarray(32)]).toEqual(Array.from({ length: 32 }, () => 0xff))
  })
})
