import { now } from '../clock.ts'
import type { SignedInAs } from './page-shell.ts'

/** How long a session goes on, as its page tells it. */
export type TimeOnPage = {
  readonly idleMinutes: number
  /** The latest end of the session. */
  readonly endsAt: Date
}

const warningSeconds = 120

/** The script of the warning. */
export const sessionWarningScript = 'session-warning.js'

/** What the template `session-warning` needs: a page with it warns before the session ends. */
export function sessionWarningOf(
  { idleMinutes, endsAt }: TimeOnPage,
  { signOutAction, csrf }: Pick<SignedInAs, 'signOutAction' | 'csrf'>,
) {
  const idleSeconds = idleMinutes * 60
  const secondsLeft = Math.floor((endsAt.getTime() - now().getTime()) / 1000)
  return {
    signOutAction,
    csrf,
    endsInSeconds: Math.max(0, Math.min(idleSeconds, secondsLeft)),
    isEndNear: secondsLeft < idleSeconds,
    warningSeconds,
  }
}
