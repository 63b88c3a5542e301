/**
 * A fault in something this process depends on (PostgreSQL, Redis, the password queue): nothing was
 * decided, nothing is lost, the caller may try again. Answered as 503 with `Retry-After`.
 */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly retryAfterSeconds: number

  constructor(message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause })
    this.retryAfterSeconds = options.retryAfterSeconds ?? 2
  }
}

/** The exit code of a process that cannot start as configured (EX_CONFIG of sysexits.h). */
export const configurationError = 78

/** The process cannot start as configured; `problems` are shown to the operator, one per line. */
export class StartupError extends Error {
  override readonly name = 'StartupError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** A value that the types promise cannot occur; reaching it is a defect. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`)
}
