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
  /** The same for bytes, as they are. */
  sealBytes(bytes: Uint8Array, place: SealedPlace): Buffer
  /** @throws as `open` does. */
  openBytes(sealed: Uint8Array, place: SealedPlace): Buffer
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
/** The id of a key has 32 characters at most. */
const longestStart = form.length + 34

/**
 * @param keys the first one seals, all of them open.
 * @param markKey stays the same when the keys change.
 */
export function createSealing(
  keys: readonly [SealingKey, ...SealingKey[]],
  markKey: KeyObject,
): Sealing {
  const [newest] = keys
  const keyOf = (sealed: string, place: SealedPlace) => {
    const [foundForm, keyId = '', rest = '', ...more] = sealed.split('.')
    if (foundForm !== form || more.length > 0)
      throw new Error(`${inWords(place)} is not sealed as v1`)
    const key = keys.find(({ id }) => id === keyId)
    if (!key) {
      throw new Error(
        `${inWords(place)} is sealed with a key that is not among the secrets: ${keyId}`,
      )
    }
    return { key, rest }
  }
  return {
    newest: newest.id,
    seal: (text, place) =>
      `${startOf(newest)}${encrypt(newest, Buffer.from(text), place).toString('base64url')}`,
    open(sealed, place) {
      const { key, rest } = keyOf(sealed, place)
      return decrypt(key, Buffer.from(rest, 'base64url'), place).toString('utf8')
    },
    sealBytes: (bytes, place) =>
      Buffer.concat([Buffer.from(startOf(newest)), encrypt(newest, bytes, place)]),
    openBytes(sealed, place) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      const start = bytes.subarray(0, longestStart).toString('latin1')
      const end = start.indexOf('.', form.length + 1) + 1
      const { key } = keyOf(start.slice(0, end), place)
      return decrypt(key, bytes.subarray(end), place)
    },
    isOutdated: (sealed) => !sealed.startsWith(`${form}.${newest.id}.`),
    mark(text, { table, column }) {
      const hmac = createHmac('sha256', markKey).update(JSON.stringify([table, column, text]))
      return hmac.digest('base64url')
    },
  }
}

/** What every sealed value begins with. */
function startOf({ id }: SealingKey): string {
  return `${form}.${id}.`
}

/** @returns initialisation vector, text and tag. */
function encrypt({ id, key }: SealingKey, plain: Uint8Array, place: SealedPlace): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  cipher.setAAD(boundTo(place, id))
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt({ id, key }: SealingKey, data: Buffer, place: SealedPlace): Buffer {
  if (data.length < ivBytes + tagBytes) throw new Error(`${inWords(place)} is cut off`)
  const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(boundTo(place, id))
  decipher.setAuthTag(data.subarray(-tagBytes))
  try {
    const opened = decipher.update(data.subarray(ivBytes, -tagBytes))
    return Buffer.concat([opened, decipher.final()])
  } catch (cause) {
    throw new Error(`${inWords(place)} was changed, or moved here from another place`, { cause })
  }
}

function inWords({ table, column, rowId }: SealedPlace): string {
  return `${table}.${column} of ${rowId}`
}

/** The additional authenticated data: no two places have the same. */
function boundTo({ table, column, rowId }: SealedPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([form, keyId, table, column, rowId]))
}
