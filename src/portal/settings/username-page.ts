import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** The present username, and the form for another one. */
export function usernameContent(model: {
  action: string
  csrf: string
  /** The present one. */
  username: string
  /** The address that is told, and that may itself be the username. */
  confirmedEmail?: string | undefined
  /** It was changed just now. */
  changedAt?: Date | undefined
  typed?: string | undefined
  problem?: FormTrouble | undefined
}): PortalContent {
  const { changedAt, problem } = model
  return {
    title: `${problem ? 'Error: ' : ''}Change username`,
    body: template('change-username', {
      ...model,
      changedAt: changedAt && dayAndTime(changedAt),
      fieldProblem: problemOf(problem?.problems ?? [], 'username'),
    }),
  }
}

/** A legacy account: its username changes with the upgrade, where it can be upgraded. */
export function legacyUsernameContent(model: {
  username: string
  canUpgrade: boolean
}): PortalContent {
  return { title: 'Change username', body: template('legacy-username', model) }
}
