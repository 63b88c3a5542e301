import { createHash, scryptSync, timingSafeEqual } from 'node:crypto'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import type { Middleware } from 'koa'

/** The old system of the district court: who filed there, whose password it never gave away. */
const oldSystem: ReadonlyMap<string, Buffer> = new Map([
  ['voldfiler', hashed('voldfiler', 'old court password 8')],
])
const longestBody = 16 * 1024

/**
 * Answers Central Sign-On whether an old login and its password belong together, for courts that export no
 * hashes: see "Checking old logins" in docs/integrate.md. Whoever else asks learns nothing.
 * @param audience the address at which it is reached, as it was registered.
 */
export function answerOldLogins(about: {
  readonly issuer: string
  readonly audience: string
}): Middleware {
  const { issuer, audience } = about
  const keys = createRemoteJWKSet(new URL('/oidc/jwks', issuer))
  const seen = new Map<string, number>()

  /** Each signature counts once, for as long as it lives. */
  const isNew = ({ jti, exp }: JWTPayload): boolean => {
    const at = Date.now() / 1000
    for (const [id, until] of seen) if (until < at) seen.delete(id)
    if (!jti || !exp || exp > at + 90 || seen.has(jti)) return false
    seen.set(jti, exp)
    return true
  }

  return async (ctx) => {
    const body = await readBody(ctx.req)
    const [scheme, token] = (ctx.get('authorization') || '').split(' ')
    ctx.status = 401
    if (body === undefined || scheme !== 'Bearer' || !token) return
    const verified = await jwtVerify(token, keys, {
      issuer,
      audience,
      typ: 'old-login+jwt',
      algorithms: ['ES256'],
    }).catch((error: unknown) => {
      console.error(`ncwd: an old login was asked for and not answered: ${error}`)
      return undefined
    })
    const digest = createHash('sha256').update(body).digest('base64url')
    if (!verified || verified.payload['sha256'] !== digest || !isNew(verified.payload)) return
    const { court, login, password } = JSON.parse(body) as Record<string, unknown>
    ctx.status = 200
    ctx.body = { verified: court === 'ncwd' && isKnown(String(login), String(password)) }
  }
}

function isKnown(login: string, password: string): boolean {
  const kept = oldSystem.get(login.toLowerCase()) ?? hashed('', '')
  return timingSafeEqual(kept, hashed(login.toLowerCase(), password))
}

function hashed(login: string, password: string): Buffer {
  return scryptSync(password, `old system ${login}`, 32)
}

async function readBody(request: AsyncIterable<Buffer>): Promise<string | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > longestBody) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}
