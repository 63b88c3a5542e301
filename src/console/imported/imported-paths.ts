import { staffCourtPath } from '../court/court-paths.ts'

/** The accounts of a court's old system, as it exported them. */
export function importedPath(courtId: string): string {
  return `${staffCourtPath(courtId)}/accounts`
}

/** One of them, by its id. */
export function importedAccountPath(courtId: string, id: string): string {
  return `${importedPath(courtId)}/${id}`
}

/** Where a file of them is sent to (`src/upload-path.ts` knows it, too). */
export function importPath(courtId: string): string {
  return `${importedPath(courtId)}/import`
}

/** All of them as a file. */
export function exportPath(courtId: string): string {
  return `${importedPath(courtId)}/export`
}
