import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { epochSeconds } from '../clock.ts'
import { getClient } from './engine.ts'

/** How far an assertion may reach, in seconds. */
type Reach = {
  /** From its issue to its end. */
  readonly life: number
  /** How far ahead of ours the clock of its maker may be. */
  readonly ahead: number
}

/** FAPI 2.0 Security Profile section 5.3.2.1 takes clocks ten seconds ahead, and refuses sixty. */
const fapiReach: Reach = { life: 60, ahead: 10 }
/** What libraries make unless they are told otherwise, on servers whose clocks are set by hand. */
const usualReach: Reach = { life: 300, ahead: 60 }

/**
 * The engine's tolerance for the clocks of others: the widest there is. Who may have less is held to it
 * in `assertClientAssertion`; the ends of our own tokens are looked at without any.
 */
export const clockTolerance = usualReach.ahead

/**
 * What the engine leaves open in a client assertion. The issuer is the only audience, alone in a list
 * or without one; the end is near; nothing in the header names a key. Its `jti` is remembered until
 * its end, however far that is.
 * Source: FAPI 2.0 section 5.3.2.1 (audience), RFC 7523 section 3, RFC 8725 section 3.10.
 */
export async function assertClientAssertion(
  ctx: KoaContextWithOIDC,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
): Promise<void> {
  refuseSecondMechanism(ctx)
  const now = epochSeconds()
  const { profile } = getClient(ctx.oidc)
  const { life, ahead } = profile === 'fapi2' ? fapiReach : usualReach
  const refuse = (detail: string) => {
    throw new errors.InvalidClientAuth(detail)
  }
  // FAPI 2.0 wants a string; for everybody else a list of one is the same.
  const { aud } = claims
  const audience = profile !== 'fapi2' && Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  if (audience !== ctx.oidc.issuer) refuse('the audience must be the issuer identifier alone')
  const { iat, exp } = claims
  if (Number(exp) > now + life + ahead) refuse(`exp is more than ${life} seconds ahead`)
  if (Number(exp) <= now - 10) refuse('exp is over')
  for (const name of ['iat', 'nbf']) {
    if (claims[name] !== undefined && !(Number(claims[name]) <= now + ahead)) {
      refuse(`${name} is ahead`)
    }
  }
  if (iat !== undefined && Number(exp) - Number(iat) > life + 10) {
    refuse(`it lives longer than ${life} seconds`)
  }
  if (iat !== undefined && Number(iat) < now - life - 10) refuse('iat is too old')
  for (const name of ['jku', 'jwk', 'x5u', 'crit']) {
    if (header[name] !== undefined) refuse(`the header member ${name} is not accepted`)
  }
}

/**
 * A client proves itself in one way per request. The engine counts the ways that it knows, and a secret
 * in the body is none of those here. Source: RFC 6749 section 2.3.
 */
export function refuseSecondMechanism(ctx: KoaContextWithOIDC | undefined): void {
  const { client, body } = ctx?.oidc ?? {}
  if (client?.clientAuthMethod === 'client_secret_post' || !body?.['client_secret']) return
  throw new errors.InvalidRequest('client authentication must only be provided using one mechanism')
}
