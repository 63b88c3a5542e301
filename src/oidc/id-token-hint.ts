import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors } from 'jose'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type KeySet, publicKeySet, signingAlgorithms } from '../signing/key-set.ts'

/** Whom an ID token was issued for, and about whom. */
export type Hint = { readonly clientId: string; readonly accountId: string }
export type HintProblem = 'hint-unreadable' | 'hint-not-ours'

export type ReadHint = (hint: string) => Promise<Outcome<Hint, HintProblem>>

/**
 * Reads an ID token that comes back as a hint. It must be ours and for one client; it may have
 * expired, as ID tokens have minutes after the sign-in, and it may be as long as it likes.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html section 4
 */
export function createHintReader(issuer: string, keys: KeySet): ReadHint {
  const keySet = createLocalJWKSet(publicKeySet(keys))
  return async (hint) => {
    let payload: Uint8Array
    try {
      // Other things are signed with the same keys, and say in `typ` what they are.
      const { typ = 'JWT' } = decodeProtectedHeader(hint)
      if (typ.toUpperCase() !== 'JWT') return refused('hint-not-ours')
      ;({ payload } = await compactVerify(hint, keySet, { algorithms: [...signingAlgorithms] }))
    } catch (error) {
      const isUnreadable = error instanceof errors.JWSInvalid || error instanceof TypeError
      return refused(isUnreadable ? 'hint-unreadable' : 'hint-not-ours')
    }
    const { iss, aud, sub } = claimsIn(payload)
    if (iss !== issuer || typeof aud !== 'string' || typeof sub !== 'string') {
      return refused('hint-not-ours')
    }
    return ok({ clientId: aud, accountId: sub })
  }
}

function claimsIn(payload: Uint8Array): Record<string, unknown> {
  try {
    return (JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown> | null) ?? {}
  } catch {
    return {}
  }
}
