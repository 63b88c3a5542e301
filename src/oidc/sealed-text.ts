import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

const prefix = 'sealed.'
const ivBytes = 12
const tagBytes = 16

/**
 * Keeps a secret that has to be known again, where a keyed hash does not do: AES-256-GCM under a key
 * of its own, bound to the place it is stored at. Source: NIST SP 800-38D.
 */
export function createSeal(key: KeyObject, purpose: string) {
  const own = createHmac('sha256', key).update(`seal ${purpose}`).digest()

  return {
    seal(text: string, place: string): string {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', own, iv).setAAD(Buffer.from(place))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return prefix + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    /** The text again; what was stored in clear, by the release before, is given as it is. */
    open(stored: string, place: string): string {
      if (!stored.startsWith(prefix)) return stored
      const bytes = Buffer.from(stored.slice(prefix.length), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', own, bytes.subarray(0, ivBytes))
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
      const text = decipher.update(bytes.subarray(ivBytes + tagBytes))
      return Buffer.concat([text, decipher.final()]).toString('utf8')
    },
  }
}
