import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import { paths } from '../../paths.ts'
import { proposableRoles, staffRoleLabels } from '../../staff/role.ts'
import { proposalDays } from '../../staff/role-proposal-store.ts'
import type { ConsoleContent } from '../frame.ts'
import type { ActProblem } from '../support/act-page.ts'
import { proposeRolePath } from './role-paths.ts'
import type { CourtChoice } from './roles-page.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What somebody with the role does. */
const meanings: Readonly<Record<(typeof proposableRoles)[number], string>> = {
  registrar: 'Gives and takes roles, together with a second registrar.',
  'security-officer': 'Looks after the security of this service.',
  support: 'Helps the holders of accounts.',
  auditor: 'Sees who has which role and what was decided, and changes nothing.',
  'court-manager': 'Looks after one court, and makes its clerks.',
}

/** A registrar proposes a role, as the first of two. */
export function proposeRoleContent(model: {
  courts: readonly CourtChoice[]
  csrf: string
  typed: Fields
  problem?: ActProblem | undefined
}): ConsoleContent {
  const { problem } = model
  return {
    title: `${problem ? 'Error: ' : ''}Propose a role`,
    body: template('propose-role', {
      ...model,
      proposalDays,
      action: proposeRolePath,
      back: paths.staffRoles,
      summary: problem,
      problem: (field: string) => problemOf(problem?.problems ?? [], field),
      roles: proposableRoles.map((value) => ({
        value,
        label: staffRoleLabels[value],
        text: meanings[value],
      })),
    }),
  }
}
