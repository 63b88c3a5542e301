/** How long things live, in seconds. Sources beside each value. */
export const lifetimes = {
  /** FAPI 2.0 section 5.3.2.1. */
  authorizationCode: 60,
  /** RFC 9126 section 2.2; single use. */
  pushedRequest: 60,
  accessToken: 300,
  idToken: 300,
  /** Without an answer; each one gives as much again, up to an hour in all. */
  interaction: 15 * 60,
  interactionAbsolute: 60 * 60,
  sessionIdle: 30 * 60,
  sessionAbsolute: 12 * 3600,
  staffSessionIdle: 15 * 60,
  staffSessionAbsolute: 8 * 3600,
  refreshIdle: 3600,
  refreshAbsolute: 12 * 3600,
  /** Longer than the last refresh token that can be issued at the end of a session. */
  grant: 25 * 3600,
  /** RFC 9449 section 11.1: a DPoP proof is accepted for 60 s around its time. */
  dpopProof: 60,
} as const

export type SessionTime = {
  /** How long it lasts without use. */
  readonly idleSeconds: number
  /** Its last moment, however often it is used; epoch seconds. */
  readonly endsAt: number
  /**
   * How long it lasts if it is used no more. At least one second, since the engine takes no zero; it
   * is over by then all the same.
   */
  readonly secondsLeft: number
  readonly isOver: boolean
}

/**
 * What is left to a session that began at `startedAt`, in epoch seconds: 30 minutes without use, 12
 * hours in all; 15 minutes and 8 hours for court staff. Whether somebody is staff is a fact of the
 * moment, not of the sign-in.
 */
export function sessionTime(startedAt: number, nowSeconds: number, isStaff: boolean): SessionTime {
  const idleSeconds = isStaff ? lifetimes.staffSessionIdle : lifetimes.sessionIdle
  const endsAt = startedAt + (isStaff ? lifetimes.staffSessionAbsolute : lifetimes.sessionAbsolute)
  const left = endsAt - nowSeconds
  return {
    idleSeconds,
    endsAt,
    secondsLeft: Math.max(1, Math.min(idleSeconds, left)),
    isOver: left <= 0,
  }
}

/**
 * The time left to a refresh token that is issued or used now: an hour without use, 12 hours since its
 * issue. One of court staff ends with the longest session that its sign-in could have.
 * @param token when it was issued, and the sign-in it comes from; epoch seconds.
 */
export function refreshSeconds(
  token: { issuedAt: number; signedInAt: number },
  nowSeconds: number,
  isStaff: boolean,
): number {
  const endsAt = Math.min(
    token.issuedAt + lifetimes.refreshAbsolute,
    isStaff ? sessionTime(token.signedInAt, nowSeconds, true).endsAt : Number.POSITIVE_INFINITY,
  )
  return Math.max(1, Math.min(lifetimes.refreshIdle, endsAt - nowSeconds))
}
