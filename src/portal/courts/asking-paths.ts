import { paths } from '../../paths.ts'

/** A court as the holder of an account meets it. */
export function accountCourtPath(courtId: string): string {
  return `${paths.accountCourts}/${courtId}`
}

/** The pages on which a request to a court is written, in their order. */
export function askPath(courtId: string, page: 'kind' | 'details' | 'documents' | 'check'): string {
  const first = `${accountCourtPath(courtId)}/request`
  return page === 'kind' ? first : `${first}/${page}`
}

export function discardDraftPath(courtId: string): string {
  return `${accountCourtPath(courtId)}/request/discard`
}

export function removeDocumentPath(courtId: string): string {
  return `${askPath(courtId, 'documents')}/remove`
}

/** A request that was sent, as its holder sees it. */
export function ownRequestPath(courtId: string, number: string): string {
  return `${accountCourtPath(courtId)}/requests/${number}`
}

export function answerRequestPath(courtId: string, number: string): string {
  return `${ownRequestPath(courtId, number)}/answer`
}

/** Where a further document is sent to. */
export function furtherDocumentPath(courtId: string, number: string): string {
  return `${ownRequestPath(courtId, number)}/documents`
}

export function withdrawRequestPath(courtId: string, number: string): string {
  return `${ownRequestPath(courtId, number)}/withdraw`
}

/** A document of one's own, of a draft or of a request. */
export function ownDocumentPath(courtId: string, id: string): string {
  return `${accountCourtPath(courtId)}/documents/${id}`
}
