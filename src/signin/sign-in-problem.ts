import type { BarringState } from '../accounts/account-state.ts'
import { stateWords } from '../accounts/state-words.ts'
import type { Problem } from '../problem.ts'
import { inWords, timeOfDay } from '../time-in-words.ts'

/** Why the person is asked again. Says nothing about whether the username exists. */
export type SignInProblem =
  | { kind: 'wrong-credentials' }
  /** The next wrong password pauses the name for so many seconds. */
  | { kind: 'last-free-try'; pauseSeconds: number }
  /** This wrong password began a pause. */
  | { kind: 'paused-now'; until: Date; retryAfterSeconds: number }
  | { kind: 'locked'; until: Date; retryAfterSeconds: number }
  | { kind: 'password-disabled' }
  | { kind: 'account-barred'; state: BarringState }
  | { kind: 'missing-fields'; problems: readonly Problem[] }
  | { kind: 'busy'; retryAfterSeconds: number }
  | { kind: 'too-many'; retryAfterSeconds: number }
  /** The password was proved here before, and the sign-ins of the account have ended since. */
  | { kind: 'ended' }

export type DescribedProblem = {
  heading: string
  text: string
  /** Who can help; the telephone number follows. */
  help?: string
  /** What the link to the way back is called, where that is what helps. */
  recover?: string
  /** What is to be filled in, by field. */
  problems?: readonly Problem[]
  /** The summary itself describes both fields: either may be the wrong one. */
  isAboutBoth?: boolean
}

const noMatch = 'The username and password do not match.'
const checkBoth =
  'Check both and type the password again; capital and small letters make a difference in the password.'
const forgotten = {
  recover: 'Forgot your username or password?',
  help: 'The PACER Service Center can help, too',
}
/** It works during a pause, and ends it. */
const forgottenPassword = {
  recover: 'If you do not know the password: choose a new one by e-mail, without waiting',
  help: 'The PACER Service Center can help, too',
}

export function describeProblem(problem: SignInProblem): DescribedProblem {
  switch (problem.kind) {
    case 'wrong-credentials':
      return {
        heading: 'We could not sign you in',
        text: `${noMatch} ${checkBoth}`,
        ...forgotten,
        isAboutBoth: true,
      }
    case 'last-free-try':
      return {
        heading: 'We could not sign you in',
        text: `${noMatch} ${checkBoth} One more wrong password, and sign-in with this username is paused for ${inWords(problem.pauseSeconds)}.`,
        ...forgotten,
        isAboutBoth: true,
      }
    case 'paused-now':
      return {
        heading: 'Sign-in is paused for this username',
        text: `${noMatch} There were too many wrong passwords in a row. ${tryAgainAt(problem)}`,
        ...forgottenPassword,
      }
    case 'locked':
      return {
        heading: 'Sign-in is paused for this username',
        text: `Your password was not checked. There were too many wrong passwords in a row. ${tryAgainAt(problem)}`,
        ...forgottenPassword,
      }
    case 'password-disabled':
      return {
        heading: 'This password is no longer accepted',
        text: 'There were 100 wrong passwords in a row for this username. For your safety its password is not accepted any more, not even the right one. Waiting does not change that.',
        recover: 'Choose a new password by e-mail: then you can sign in again',
        help: 'Or call the PACER Service Center. They make sure that it is you, and let you sign in again',
      }
    case 'account-barred': {
      const { headline, meaning, help } = stateWords({ state: problem.state, held: null })
      return {
        heading: headline,
        text: `${meaning} Your username and password are right: trying again does not change that.`,
        ...(help !== undefined && { help }),
      }
    }
    case 'missing-fields':
      return {
        heading: 'Something is missing',
        text: 'Fill in what is listed here, then choose Sign in.',
        problems: problem.problems,
      }
    case 'busy':
      return {
        heading: 'Sign-in is very busy',
        text: `Your password was not checked and nothing is lost. Wait ${inWords(problem.retryAfterSeconds)}, then type your password again.`,
        help: 'If it stays so, tell the PACER Service Center',
      }
    case 'too-many':
      return {
        heading: 'Too many tries from your network',
        text: `Your password was not checked. Wait ${inWords(problem.retryAfterSeconds)}, then try again.`,
        help: 'If this happens often in your office, tell the PACER Service Center',
      }
    case 'ended':
      return {
        heading: 'Please sign in again',
        text: 'After you typed your password here, the account was given a new password or was signed out everywhere, perhaps by you in another window; or this service was updated. What you have sent since then was not taken. Sign in with the present password to go on.',
        recover: 'If your password does not work any more: choose a new one by e-mail',
        help: 'If it was not you who did this, tell the PACER Service Center',
      }
  }
}

/** Both how long and until when: a page may be read some time after it was made. */
function tryAgainAt({ until, retryAfterSeconds }: { until: Date; retryAfterSeconds: number }) {
  const isShort = retryAfterSeconds < 90
  // A minute that is named has to be one in which it works.
  const named = isShort ? until : new Date(Math.ceil(until.getTime() / 60_000) * 60_000)
  return `Wait ${inWords(retryAfterSeconds)}, until ${timeOfDay(named, { hasSeconds: isShort })}, then try again.`
}
