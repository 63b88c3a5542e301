import { loadTemplates } from '../../http/page-shell.ts'
import { paths } from '../../paths.ts'
import type { ListedStaff } from '../../staff/listed-staff-store.ts'
import type { ConsoleContent } from '../frame.ts'
import type { ActProblem } from '../support/act-page.ts'
import { personIn } from './proposal-page.ts'
import { heldRolePath } from './role-paths.ts'
import { roleName } from './role-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** One role of one person, before it is taken away. */
export function heldRoleContent(model: {
  held: ListedStaff
  csrf: string
  problem?: ActProblem | undefined
}): ConsoleContent {
  const { held, problem } = model
  const { courtId } = held
  return {
    title: `${problem ? 'Error: ' : ''}Take a role away`,
    body: template('held-role', {
      ...model,
      role: roleName(held.role, held.courtName),
      person: personIn(held),
      action: heldRolePath(held.id),
      back: courtId ? `${paths.staffRoles}?court=${courtId}` : paths.staffRoles,
      summary: problem,
    }),
  }
}
