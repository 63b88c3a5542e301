import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'

/** What Koa's cookies ask of the keys they are signed with. */
export type CookieKeys = {
  sign(text: string): string
  verify(text: string, signature: string): boolean
  /** Which key made the signature, or -1; a cookie of an older key is signed anew by its reader. */
  index(text: string, signature: string): number
}

/**
 * HMAC-SHA-256 under the first key; all of them verify. In place of the usual Keygrip, which compares
 * by hashing both sides once more under a random key: that is most of what a cookie costs here.
 */
export function createCookieKeys(secrets: readonly string[]): CookieKeys {
  const keys = secrets.map((secret) => createSecretKey(Buffer.from(secret, 'base64')))
  const signWith = (key: (typeof keys)[number], text: string) =>
    createHmac('sha256', key).update(text).digest('base64url')

  const index = (text: string, signature: string) => {
    const presented = Buffer.from(signature)
    return keys.findIndex((key) => {
      const expected = Buffer.from(signWith(key, text))
      return expected.length === presented.length && timingSafeEqual(expected, presented)
    })
  }
  return {
    sign: (text) => signWith(keys[0]!, text),
    verify: (text, signature) => index(text, signature) !== -1,
    index,
  }
}
