/** Keeps requests from waiting for somebody who does not answer. */
export type Breaker = {
  /** Nothing is to be sent but the probe: it would only wait. */
  readonly isOpen: boolean
  /** The last one was not answered; whoever is next need not wait as long to know. */
  readonly isSuspect: boolean
  /** An answer came, whatever it says: everything may be sent again. */
  answered(): void
  /** No answer came. */
  unanswered(): void
}

/**
 * Opens after `limit` commands in a row without an answer. Then `probe` sends one every
 * `probeEveryMilliseconds`; what becomes of it is reported like any other.
 */
export function createBreaker(options: {
  readonly limit: number
  readonly probeEveryMilliseconds: number
  probe(): void
}): Breaker {
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  const isOpen = () => failures >= options.limit

  const probe = () => {
    timer = undefined
    options.probe()
  }
  return {
    get isOpen() {
      return isOpen()
    },
    get isSuspect() {
      return failures > 0
    },
    answered() {
      failures = 0
      clearTimeout(timer)
      timer = undefined
    },
    unanswered() {
      failures += 1
      if (isOpen()) timer ??= setTimeout(probe, options.probeEveryMilliseconds).unref()
    },
  }
}
