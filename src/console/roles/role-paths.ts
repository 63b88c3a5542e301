import { paths } from '../../paths.ts'

/** A registrar proposes a role here. */
export const proposeRolePath = `${paths.staffRoles}/propose`

/** A proposed role: seen, and decided by a second registrar. */
export function roleProposalPath(id: string): string {
  return `${paths.staffRoles}/proposals/${id}`
}

/** One role of one person, to be taken away. @param id that of the role as it is held. */
export function heldRolePath(id: string): string {
  return `${paths.staffRoles}/held/${id}`
}
