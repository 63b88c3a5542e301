/**
 * The levels of assurance a token can state, weakest first. A level is named here once there is an
 * authenticator that reaches it: discovery lists exactly these.
 * Source: OpenID Connect Core 1.0 section 5.5.1.1; NIST SP 800-63B-4.
 */
export const assuranceLevels = ['urn:uscourts:cso:acr:pwd'] as const
export type AssuranceLevel = (typeof assuranceLevels)[number]

/** Reached with a password; `amr` in the words of RFC 8176. */
export const passwordLevel: AssuranceLevel = 'urn:uscourts:cso:acr:pwd'
export const passwordMethods = ['pwd'] as const

export type AssuranceRequest = {
  /** `acr_values` or the voluntary `acr` claim, in order of preference. */
  readonly voluntary: readonly string[]
  /** Values of the essential `acr` claim; one of them must be met. */
  readonly essential: readonly string[] | undefined
  /** The level below which the asking court lets nobody in, as registered. */
  readonly clientMinimum: string | undefined
}

/**
 * Whether a session is good enough for a request. An unknown voluntary value is ignored; an essential
 * value or a court's minimum that nobody can reach is refused before anybody types a password.
 */
export function decideAssurance(
  request: AssuranceRequest,
  session: string | undefined,
): 'met' | 'step-up' | 'unmet' {
  const rank = (level: string | undefined) =>
    (assuranceLevels as readonly (string | undefined)[]).indexOf(level)
  const current = rank(session)

  if (request.clientMinimum !== undefined) {
    const minimum = rank(request.clientMinimum)
    if (minimum === -1) return 'unmet'
    if (current < minimum) return 'step-up'
  }
  if (request.essential !== undefined) {
    const reachable = request.essential.map(rank).filter((level) => level !== -1)
    if (reachable.length === 0) return 'unmet'
    if (!reachable.some((level) => current >= level)) return 'step-up'
  }
  const wanted = request.voluntary.map(rank).filter((level) => level !== -1)
  if (wanted.length > 0 && !wanted.some((level) => current >= level)) return 'step-up'
  return 'met'
}
