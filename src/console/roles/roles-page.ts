import { displayName } from '../../accounts/account.ts'
import { stateWords } from '../../accounts/state-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import { paths } from '../../paths.ts'
import type { ListedStaff } from '../../staff/listed-staff-store.ts'
import { keptDays, type SeenProposal } from '../../staff/role-proposal-store.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { ConsoleContent } from '../frame.ts'
import { endingWords, personIn } from './proposal-page.ts'
import { heldRolePath, proposeRolePath, roleProposalPath } from './role-paths.ts'
import { roleName } from './role-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** A court that can be chosen, with its name. */
export type CourtChoice = readonly [id: string, name: string]

/** Who works here, what waits for a second registrar, and what was decided. */
export function rolesContent(model: {
  /** The account of who looks at it. */
  readerId: string
  /** A registrar; an auditor changes nothing. */
  isRegistrar: boolean
  waiting: readonly SeenProposal[]
  ended: readonly SeenProposal[]
  courts: readonly CourtChoice[]
  /** The court whose staff is listed; without one, those in a role for all courts. */
  court?: CourtChoice | undefined
  staff: readonly ListedStaff[]
  /** The id of the last one of these, where there are more. */
  after?: string | undefined
  isLater: boolean
}): ConsoleContent {
  const { readerId, isRegistrar, court, after } = model
  const more = new URLSearchParams({ ...(court && { court: court[0] }), after: after ?? '' })
  return {
    title: 'Who has which role',
    body: template('roles', {
      ...model,
      proposeRolePath,
      keptDays,
      scope: court?.[1] ?? 'Roles for all courts',
      waiting: model.waiting.map((each) => ({
        url: roleProposalPath(each.id),
        role: roleName(each.role, each.courtName),
        person: personIn(each),
        by: each.proposerName,
        isOwn: each.proposedBy === readerId,
        isFor: each.accountId === readerId,
        until: dayAndTime(each.expiresAt),
      })),
      ended: model.ended.map((each) => ({
        url: roleProposalPath(each.id),
        role: roleName(each.role, each.courtName),
        person: personIn(each),
        what: endingWords(each),
      })),
      staff: model.staff.map((each) => ({
        name: displayName(each),
        number: each.number,
        username: each.username,
        role: roleName(each.role, null),
        state: stateWords({ state: each.state, held: null }).label,
        isInOrder: each.state === 'active' || each.state === 'must-change-password',
        url: isRegistrar && each.accountId !== readerId ? heldRolePath(each.id) : undefined,
      })),
      more: after && `${paths.staffRoles}?${more}#staff-heading`,
    }),
  }
}
