/** The present moment. Everything that compares or stores times reads it here. */
export function now(): Date {
  return new Date()
}

/** Seconds since 1970-01-01T00:00:00Z, the NumericDate of RFC 7519. */
export function epochSeconds(at: Date = now()): number {
  return Math.floor(at.getTime() / 1000)
}

/** The moment `seconds` from now. */
export function secondsFromNow(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000)
}
