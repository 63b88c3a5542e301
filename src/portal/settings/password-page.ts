import { passwordHint, passwordRules } from '../../accounts/password-policy.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Problem } from '../../problem.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What is wrong, for the summary and for the fields. */
export type PasswordPageProblem = {
  readonly heading: string
  readonly text: string
  /** Who can help; the telephone number follows. */
  readonly help?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

/** Three passwords and whether to sign out elsewhere; or, when it was changed just now, that it was. */
export function passwordContent(model: {
  action: string
  csrf: string
  /** Which password is the present one, as `password-routes.ts` marks it. */
  was: string
  /** For password managers: whose password it is. */
  username: string
  endsOthers: boolean
  /** The account needs a new one: every other page under `/account` leads here until then. */
  isDue?: boolean | undefined
  lastChangeAt?: Date | undefined
  /** It was changed just now. */
  isDone?: { readonly isSignedInElsewhere: boolean } | undefined
  problem?: PasswordPageProblem | undefined
}): PortalContent {
  const { isDone, lastChangeAt, problem } = model
  const problems = problem?.problems ?? []
  const at = lastChangeAt && dayAndTime(lastChangeAt)
  return {
    title: `${problem ? 'Error: ' : ''}Change password`,
    script: 'show-passwords.js',
    body: template('change-password', {
      ...model,
      changedAt: isDone && at,
      isSignedInElsewhere: isDone?.isSignedInElsewhere ?? false,
      lastChange: at,
      hint: passwordHint,
      rules: passwordRules,
      problems: {
        current: problemOf(problems, 'current'),
        password: problemOf(problems, 'password'),
        again: problemOf(problems, 'again'),
      },
    }),
  }
}
