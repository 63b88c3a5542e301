import { staffCourtPath } from '../court/court-paths.ts'

/** Who has something at a court. */
export function peoplePath(courtId: string): string {
  return `${staffCourtPath(courtId)}/people`
}

/**
 * One person, by the number of the account.
 * @param found the mark of who was found by number and name (`found-mark.ts`).
 */
export function personPath(courtId: string, number: string, found = ''): string {
  const query = found ? `?${new URLSearchParams({ found })}` : ''
  return `${peoplePath(courtId)}/${number}${query}`
}

/** What a clerk decides about a person: a form of its own for each kind. */
export function personActPath(courtId: string, number: string, act: string, found = ''): string {
  const query = found ? `?${new URLSearchParams({ found })}` : ''
  return `${personPath(courtId, number)}/${act}${query}`
}
