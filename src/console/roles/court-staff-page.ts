import { displayName } from '../../accounts/account.ts'
import { stateWords } from '../../accounts/state-words.ts'
import type { Court } from '../../courts/court.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { ListedStaff } from '../../staff/listed-staff-store.ts'
import { staffCourtPath } from '../court/court-paths.ts'
import type { ConsoleContent } from '../frame.ts'
import type { ActProblem } from '../support/act-page.ts'
import { addClerkPath, courtStaffPath, heldClerkPath } from './court-staff-paths.ts'
import { personIn } from './proposal-page.ts'
import { roleName } from './role-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type OfCourt = { readonly court: Pick<Court, 'id' | 'name'> }

/** Who works for a court, for the people there. */
export function courtStaffContent(
  model: OfCourt & {
    /** The account of who looks at it. */
    readerId: string
    isManager: boolean
    staff: readonly ListedStaff[]
    /** The id of the last one of these, where there are more. */
    after?: string | undefined
  },
): ConsoleContent {
  const { court, readerId, isManager, after } = model
  return {
    title: 'Who works for this court',
    body: template('court-staff', {
      ...model,
      add: addClerkPath(court.id),
      back: staffCourtPath(court.id),
      staff: model.staff.map((each) => ({
        name: displayName(each),
        number: each.number,
        username: each.username,
        role: roleName(each.role, null),
        state: stateWords({ state: each.state, held: null }).label,
        isInOrder: each.state === 'active' || each.state === 'must-change-password',
        url:
          isManager && each.role === 'clerk' && each.accountId !== readerId
            ? heldClerkPath(court.id, each.id)
            : undefined,
      })),
      more: after && `${courtStaffPath(court.id)}?after=${after}#staff-heading`,
    }),
  }
}

/** A manager makes somebody a clerk. */
export function addClerkContent(
  model: OfCourt & { csrf: string; typed: Fields; problem?: ActProblem | undefined },
): ConsoleContent {
  const { court, problem } = model
  return {
    title: `${problem ? 'Error: ' : ''}Add a clerk`,
    body: template('add-clerk', {
      ...model,
      action: addClerkPath(court.id),
      back: courtStaffPath(court.id),
      summary: problem,
      problem: (field: string) => problemOf(problem?.problems ?? [], field),
    }),
  }
}

/** One clerk, before the role is taken away. */
export function heldClerkContent(
  model: OfCourt & { held: ListedStaff; csrf: string; problem?: ActProblem | undefined },
): ConsoleContent {
  const { court, held, problem } = model
  return {
    title: `${problem ? 'Error: ' : ''}Take a role away`,
    body: template('held-role', {
      ...model,
      role: roleName(held.role, held.courtName),
      person: personIn(held),
      action: heldClerkPath(court.id, held.id),
      back: courtStaffPath(court.id),
      summary: problem,
    }),
  }
}
