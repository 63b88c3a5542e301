import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Outcome, ok } from '../outcome.ts'
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
  readonly isDevelopment: boolean
}

const key = z.base64().refine((value) => Buffer.from(value, 'base64').length >= 32)

const secretsSchema = z.strictObject({
  development: z.boolean().default(false),
  master: key,
  cookies: z.array(key).min(1),
  peppers: z.array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,32}$/), key })).min(1),
})

/**
 * Reads the secrets from JSON: `{ master, cookies: [], peppers: [{ id, key }] }`, every key at least
 * 32 bytes in base64.
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
      `needs master, cookies and peppers with keys of 32 bytes or more (${[...paths].join(', ')})`,
    )
  }
  const { master: masterKey, cookies, peppers } = parsed.data
  if (hasTwice(peppers.map(({ id }) => id))) return unusable('has two peppers with one id')
  if (hasTwice([masterKey, ...cookies, ...peppers.map(({ key }) => key)])) {
    return unusable('has one key in two places')
  }
  const master = Buffer.from(masterKey, 'base64')
  const [first, ...others] = peppers.map(
    (pepper): Pepper => ({ id: pepper.id, key: Buffer.from(pepper.key, 'base64') }),
  )
  return ok({
    identifiers: createSecretKey(derive(master, 'identifiers')),
    csrf: createSecretKey(derive(master, 'csrf')),
    checkpoints: createSecretKey(derive(master, 'audit-checkpoints')),
    dpopNonces: derive(master, 'dpop-nonces'),
    cookies,
    peppers: [first!, ...others],
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
    },
    null,
    2,
  )
}

function derive(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `central-sign-on ${purpose}`, 32))
}
