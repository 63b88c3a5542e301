import { staffCourtPath } from '../court/court-paths.ts'

/** How far the go-live of a court is. */
export function readinessPath(courtId: string): string {
  return `${staffCourtPath(courtId)}/readiness`
}

/** In the place of a group: everything that is imported. */
export const everything = 'all'

/** The imported accounts of one group. */
export function readinessGroupPath(courtId: string, group: string): string {
  return `${readinessPath(courtId)}/${group}`
}

/** The same as a file. */
export function readinessExportPath(courtId: string, group: string): string {
  return `${readinessGroupPath(courtId, group)}/export`
}
