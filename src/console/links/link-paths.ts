import { staffCourtPath } from '../court/court-paths.ts'
import { courtRequestPath } from '../requests/request-paths.ts'

/** Which accounts of a court's old system are whose. */
export function courtLinksPath(courtId: string): string {
  return `${staffCourtPath(courtId)}/links`
}

/** One link, by its id. */
export function courtLinkPath(courtId: string, link: string): string {
  return `${courtLinksPath(courtId)}/${link}`
}

/** What a clerk does with a link by one press: `settle` or `undo`. */
export function linkActPath(courtId: string, link: string, act: string): string {
  return `${courtLinkPath(courtId, link)}/${act}`
}

/** Undoes a link and makes another one. @param found who or what was found for it, as a query. */
export function correctLinkPath(courtId: string, link: string, found: FoundQuery = {}): string {
  return `${courtLinkPath(courtId, link)}/correct${queryOf(found)}`
}

/** Where the right person, or the right account of the old system, is looked for. */
export function findForLinkPath(courtId: string, link: string, what: 'person' | 'account'): string {
  return `${correctLinkPath(courtId, link)}/${what}`
}

/** Links an account of the old system to somebody. */
export function joinAccountPath(courtId: string, imported: string, found: FoundQuery = {}): string {
  return `${courtLinksPath(courtId)}/accounts/${imported}${queryOf(found)}`
}

/** Where the person is looked for to whom an account of the old system is linked. */
export function findForAccountPath(courtId: string, imported: string): string {
  return `${joinAccountPath(courtId, imported)}/person`
}

/** Links whoever asks to an account of the old system, which ends the request. */
export function linkRequestPath(courtId: string, number: string, imported: string): string {
  return `${courtRequestPath(courtId, number)}/link/${imported}`
}

/** A person by account number, with the mark of who was found by name; or an account of the old system. */
type FoundQuery = {
  readonly number?: string
  readonly found?: string
  readonly account?: string
}

function queryOf(found: FoundQuery): string {
  const query = new URLSearchParams({ ...found }).toString()
  return query && `?${query}`
}
