import { paths } from '../../paths.ts'
import { staffCourtPath } from '../court/court-paths.ts'

/** Who works for a court. */
export function courtStaffPath(courtId: string): string {
  return `${staffCourtPath(courtId)}${paths.staff}`
}

/** A manager makes somebody a clerk here. */
export function addClerkPath(courtId: string): string {
  return `${courtStaffPath(courtId)}/add`
}

/** One clerk of the court, to be one no more. @param id that of the role as it is held. */
export function heldClerkPath(courtId: string, id: string): string {
  return `${courtStaffPath(courtId)}/held/${id}`
}
