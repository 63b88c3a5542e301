import { createHash, randomUUID } from 'node:crypto'
import { epochSeconds } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { isVerifierOf } from '../../courts/sync-verifier.ts'
import { listVerifiers } from '../../courts/verifier-store.ts'
import type { KeySet } from '../../signing/key-set.ts'
import { signStatement } from '../../signing/sign-statement.ts'
import type { Queryable } from '../../storage/db.ts'

/** Sends a body to a court, and gives its answer, or fails: within the rules for calls to the outside. */
export type PostToCourt = (
  url: string,
  request: {
    readonly body: string
    readonly headers: Readonly<Record<string, string>>
    readonly timeoutMilliseconds: number
    readonly maximumBytes: number
  },
) => Promise<string>

export type AskCourtDeps = {
  readonly issuer: string
  readonly signing: KeySet
  readonly post: PostToCourt
}

/** So long a court has for its answer, which is one small object. */
const timeoutMilliseconds = 3000
const maximumBytes = 16 * 1024
const lifeSeconds = 60

/**
 * Asks the court's own verifier whether an old login and its password belong together. The request is signed with
 * our key: the signature names the address, holds for a minute, and has the digest of the body in it, so that nobody
 * else can ask, and a court can refuse one that comes twice (`jti`).
 * @returns undefined where the court has no verifier; `silent` where it did not answer as it should.
 */
export async function askCourt(
  db: Queryable,
  { issuer, signing, post }: AskCourtDeps,
  court: Pick<Court, 'id' | 'cmecfHost'>,
  typed: { readonly login: string; readonly password: string },
): Promise<'verified' | 'not-verified' | 'silent' | undefined> {
  const url = (await listVerifiers(db, [court.id])).get(court.id)
  if (url === undefined || !isVerifierOf(court, url)) return undefined
  const body = JSON.stringify({ court: court.id, login: typed.login, password: typed.password })
  const issuedAt = epochSeconds()
  const signature = await signStatement(signing, 'old-login+jwt', {
    iss: issuer,
    aud: url,
    jti: randomUUID(),
    iat: issuedAt,
    exp: issuedAt + lifeSeconds,
    sha256: createHash('sha256').update(body).digest('base64url'),
  })
  try {
    const answer = await post(url, {
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${signature}` },
      timeoutMilliseconds,
      maximumBytes,
    })
    const { verified } = JSON.parse(answer) as { verified?: unknown }
    if (typeof verified !== 'boolean') return 'silent'
    return verified ? 'verified' : 'not-verified'
  } catch {
    return 'silent'
  }
}
