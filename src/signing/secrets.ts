import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Outcome, ok, refused } from '../outcome.ts'

/** A key of the HMAC laid over password hashes, with the id that is stored beside each hash. */
export type Pepper = { readonly id: string; readonly key: Buffer }

export type Secrets = {
  /** Keys the stored form of session, code and token identifiers. */
  readonly identifiers: KeyObject
  readonly csrf: KeyObject
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
export function parseSecrets(text: string): Outcome<Secrets, string> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refused('is not JSON')
  }
  const parsed = secretsSchema.safeParse(json)
  if (!parsed.success) {
    const paths = new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'the object'))
    return refused(
      `needs master, cookies and peppers with keys of 32 bytes or more (${[...paths].join(', ')})`,
    )
  }
  const master = Buffer.from(parsed.data.master, 'base64')
  const [first, ...others] = parsed.data.peppers.map(
    (pepper): Pepper => ({ id: pepper.id, key: Buffer.from(pepper.key, 'base64') }),
  )
  return ok({
    identifiers: createSecretKey(derive(master, 'identifiers')),
    csrf: createSecretKey(derive(master, 'csrf')),
    dpopNonces: derive(master, 'dpop-nonces'),
    cookies: parsed.data.cookies,
    peppers: [first!, ...others],
    isDevelopment: parsed.data.development,
  })
}

/** Fresh secrets as the JSON that `parseSecrets` reads. */
export function createSecrets(options: { isDevelopment: boolean }): string {
  const random = () => randomBytes(32).toString('base64')
  return JSON.stringify(
    {
      development: options.isDevelopment,
      master: random(),
      cookies: [random()],
      peppers: [{ id: 'pepper-1', key: random() }],
    },
    null,
    2,
  )
}

function derive(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `central-sign-on ${purpose}`, 32))
}
