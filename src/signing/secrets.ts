import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Outcome, ok } from '../outcome.ts'
import { createSealing, type Sealing, type SealingKey } from './sealed-field.ts'
import { type Unusable, unusable } from './unusable.ts'

/** A key of the HMAC laid over password hashes, with the id that is stored beside each hash. */
export type Pepper = { readonly id: string; readonly key: Buffer }

export type Secrets = {
  /** Keys the stored form of session, code and token identifiers. */
  readonly identifiers: KeyObject
  readonly csrf: KeyObject
  /** Seals the checkpoints of the audit: whoever can only write to the database makes none. */
  readonly checkpoints: KeyObject
  readonly dpopNonces: Buffer
  /** Signs cookies; the first one signs, all of them verify. */
  readonly cookies: readonly string[]
  /** The first one hashes new passwords; the others verify older ones. */
  readonly peppers: readonly [Pepper, ...Pepper[]]
  /** The first one seals fields of the database; all of them open. */
  readonly sealingKeys: readonly [SealingKey, ...SealingKey[]]
  readonly sealing: Sealing
  readonly isDevelopment: boolean
}

const key = z.base64().refine((value) => Buffer.from(value, 'base64').length >= 32)

const sealingKey = z.base64().refine((value) => Buffer.from(value, 'base64').length === 32)
const keyId = z.string().regex(/^[a-z0-9-]{1,32}$/)

/**
 * The id of the sealing key that is derived from the master. It opens always, so that an installation
 * from before there were such keys starts with the secrets that it has, and can change to one of its own.
 */
export const masterSealingKey = 'master'

const secretsSchema = z.strictObject({
  development: z.boolean().default(false),
  master: key,
  cookies: z.array(key).min(1),
  peppers: z.array(z.strictObject({ id: keyId, key })).min(1),
  // AES-256 takes 32 bytes, no more.
  sealing: z
    .array(z.strictObject({ id: keyId.refine((id) => id !== masterSealingKey), key: sealingKey }))
    .default([]),
})

/**
 * Reads the secrets from JSON: `{ master, cookies: [], peppers: [{ id, key }], sealing: [{ id, key }] }`,
 * every key at least 32 bytes in base64, one of `sealing` exactly 32. Without `sealing`, a key that is
 * derived from the master seals.
 * @returns the secrets, or in plain words what is wrong; the words never repeat a value.
 */
export function parseSecrets(text: string): Outcome<Secrets, Unusable> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return unusable('is not JSON')
  }
  const parsed = secretsSchema.safeParse(json)
  if (!parsed.success) {
    const paths = new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'the object'))
    return unusable(
      `needs master, cookies and peppers with keys of 32 bytes or more, and in sealing, if it is there, ids and keys of 32 bytes (${[...paths].join(', ')})`,
    )
  }
  const { master: masterKey, cookies, peppers, sealing } = parsed.data
  if (hasTwice(peppers.map(({ id }) => id))) return unusable('has two peppers with one id')
  if (hasTwice(sealing.map(({ id }) => id))) return unusable('has two sealing keys with one id')
  if (hasTwice([masterKey, ...cookies, ...[...peppers, ...sealing].map(({ key }) => key)])) {
    return unusable('has one key in two places')
  }
  const master = Buffer.from(masterKey, 'base64')
  const [first, ...others] = peppers.map(
    (pepper): Pepper => ({ id: pepper.id, key: Buffer.from(pepper.key, 'base64') }),
  )
  const [newest, ...older] = [
    ...sealing.map(({ id, key }) => ({ id, key: createSecretKey(Buffer.from(key, 'base64')) })),
    { id: masterSealingKey, key: createSecretKey(derive(master, 'sealing')) },
  ]
  const sealingKeys = [newest!, ...older] as const
  return ok({
    identifiers: createSecretKey(derive(master, 'identifiers')),
    csrf: createSecretKey(derive(master, 'csrf')),
    checkpoints: createSecretKey(derive(master, 'audit-checkpoints')),
    dpopNonces: derive(master, 'dpop-nonces'),
    cookies,
    peppers: [first!, ...others],
    sealingKeys,
    sealing: createSealing(sealingKeys, createSecretKey(derive(master, 'sealed-marks'))),
    isDevelopment: parsed.data.development,
  })
}

function hasTwice(values: readonly string[]): boolean {
  return new Set(values).size < values.length
}

/**
 * Fresh secrets as the JSON that `parseSecrets` reads. The pepper's id is random, too: under the same
 * id in every installation, another installation's pepper would be taken for ours, and every right
 * password for a wrong one.
 */
export function createSecrets(options: { isDevelopment: boolean }): string {
  const random = () => randomBytes(32).toString('base64')
  return JSON.stringify(
    {
      development: options.isDevelopment,
      master: random(),
      cookies: [random()],
      peppers: [{ id: `p-${randomBytes(8).toString('hex')}`, key: random() }],
      sealing: [{ id: `s-${randomBytes(8).toString('hex')}`, key: random() }],
    },
    null,
    2,
  )
}

function derive(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `central-sign-on ${purpose}`, 32))
}
