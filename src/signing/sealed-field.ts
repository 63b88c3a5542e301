import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

/** A key of AES-256-GCM with the id that stands in every value sealed with it. */
export type SealingKey = { readonly id: string; readonly key: KeyObject }

/** Where a value stands: moved to another table, column or row it does not open. */
export type SealedPlace = {
  readonly table: string
  readonly column: string
  readonly rowId: string
}

/** What must be read again and does not lie in clear in the database. */
export type Sealing = {
  /** The id of the key that seals. */
  readonly newest: string
  /** @returns `v1.KEY.DATA`: initialisation vector, text and tag in base64url. */
  seal(text: string, place: SealedPlace): string
  /** @throws Error where the value was changed, moved, or sealed with a key that is not here. */
  open(sealed: string, place: SealedPlace): string
  /** Whether it was sealed with another key than the newest. */
  isOutdated(sealed: string): boolean
  /**
   * The same for equal texts of one column, whatever the row and the key that seals, so that equal ones
   * are found; it says nothing of the text to whoever has the database alone.
   */
  mark(text: string, column: Pick<SealedPlace, 'table' | 'column'>): string
}

const form = 'v1'
const ivBytes = 12
const tagBytes = 16

/**
 * @param keys the first one seals, all of them open.
 * @param markKey stays the same when the keys change.
 */
export function createSealing(
  keys: readonly [SealingKey, ...SealingKey[]],
  markKey: KeyObject,
): Sealing {
  const [newest] = keys
  return {
    newest: newest.id,
    seal(text, place) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', newest.key, iv, { authTagLength: tagBytes })
      cipher.setAAD(boundTo(place, newest.id))
      const data = [iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return `${form}.${newest.id}.${Buffer.concat(data).toString('base64url')}`
    },
    open(sealed, place) {
      const where = `${place.table}.${place.column} of ${place.rowId}`
      const [foundForm, keyId = '', text = '', ...rest] = sealed.split('.')
      if (foundForm !== form || rest.length > 0) throw new Error(`${where} is not sealed as v1`)
      const key = keys.find(({ id }) => id === keyId)?.key
      if (!key)
        throw new Error(`${where} is sealed with a key that is not among the secrets: ${keyId}`)
      const data = Buffer.from(text, 'base64url')
      if (data.length < ivBytes + tagBytes) throw new Error(`${where} is cut off`)
      const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(boundTo(place, keyId))
      decipher.setAuthTag(data.subarray(-tagBytes))
      try {
        const opened = decipher.update(data.subarray(ivBytes, -tagBytes))
        return Buffer.concat([opened, decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new Error(`${where} was changed, or moved here from another place`, { cause })
      }
    },
    isOutdated: (sealed) => !sealed.startsWith(`${form}.${newest.id}.`),
    mark(text, { table, column }) {
      const hmac = createHmac('sha256', markKey).update(JSON.stringify([table, column, text]))
      return hmac.digest('base64url')
    },
  }
}

/** The additional authenticated data: no two places have the same. */
function boundTo({ table, column, rowId }: SealedPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([form, keyId, table, column, rowId]))
}
