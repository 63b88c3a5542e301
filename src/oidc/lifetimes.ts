/** How long things live, in seconds. Sources beside each value. */
export const lifetimes = {
  /** FAPI 2.0 section 5.3.2.1. */
  authorizationCode: 60,
  /** RFC 9126 section 2.2; single use. */
  pushedRequest: 60,
  accessToken: 300,
  idToken: 300,
  interaction: 15 * 60,
  sessionIdle: 30 * 60,
  sessionAbsolute: 12 * 3600,
  refreshIdle: 3600,
  refreshAbsolute: 12 * 3600,
  /** Longer than the last refresh token that can be issued at the end of a session. */
  grant: 25 * 3600,
  /** RFC 9449 section 11.1: a DPoP proof is accepted for 60 s around its time. */
  dpopProof: 60,
} as const

/**
 * The time left to a session: 30 minutes without use, 12 hours in all, whichever ends first. At
 * least one second, since the engine takes no zero; the row is expired by then all the same.
 */
export function sessionSeconds(startedAt: number, nowSeconds: number): number {
  const absolute = startedAt + lifetimes.sessionAbsolute - nowSeconds
  return Math.max(1, Math.min(lifetimes.sessionIdle, absolute))
}

/** The time left to a refresh token: an hour without use, 12 hours since the first of its family. */
export function refreshSeconds(firstIssuedAt: number, nowSeconds: number): number {
  const absolute = firstIssuedAt + lifetimes.refreshAbsolute - nowSeconds
  return Math.max(1, Math.min(lifetimes.refreshIdle, absolute))
}
