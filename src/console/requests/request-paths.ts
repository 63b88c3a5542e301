import { staffCourtPath } from '../court/court-paths.ts'

/** A court's queue. */
export function courtRequestsPath(courtId: string): string {
  return `${staffCourtPath(courtId)}/requests`
}

/** One request, by its number. */
export function courtRequestPath(courtId: string, number: string): string {
  return `${courtRequestsPath(courtId)}/${number}`
}

/** What a clerk does with a request: a form of its own for each act. */
export function requestActPath(courtId: string, number: string, act: string): string {
  return `${courtRequestPath(courtId, number)}/${act}`
}

/** A document that was sent with a request. */
export function requestDocumentPath(courtId: string, number: string, document: string): string {
  return `${courtRequestPath(courtId, number)}/documents/${document}`
}
