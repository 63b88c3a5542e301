import { now } from '../clock.ts'
import type { SignInRefusal, WrongCredentials } from './authenticate.ts'
import type { SignInProblem } from './sign-in-problem.ts'
import { firstDelaySeconds, freeFailures } from './store.ts'

/** How a refused sign-in is answered: the status, and what the page says. */
export function refusalAnswer(refusal: SignInRefusal): {
  readonly status: number
  readonly problem: SignInProblem
} {
  switch (refusal.reason) {
    case 'wrong-credentials':
      return { status: 422, problem: wrongCredentials(refusal) }
    case 'locked': {
      const { until, retryAfterSeconds } = refusal
      return { status: 429, problem: { kind: 'locked', until, retryAfterSeconds } }
    }
    case 'too-many': {
      const { retryAfterSeconds } = refusal
      return { status: 429, problem: { kind: 'too-many', retryAfterSeconds } }
    }
    // No time after which to come again.
    case 'password-disabled':
      return { status: 403, problem: { kind: 'password-disabled' } }
    case 'account-barred':
      return { status: 403, problem: { kind: 'account-barred', state: refusal.state } }
  }
}

function wrongCredentials(refusal: WrongCredentials): SignInProblem {
  const { failures, pausedUntil: until } = refusal
  if (until) {
    const seconds = Math.ceil((until.getTime() - now().getTime()) / 1000)
    return { kind: 'paused-now', until, retryAfterSeconds: Math.max(1, seconds) }
  }
  return failures === freeFailures
    ? { kind: 'last-free-try', pauseSeconds: firstDelaySeconds }
    : { kind: 'wrong-credentials' }
}
