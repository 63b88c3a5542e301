import type { FilingRequest } from '../../efiling/requests/request.ts'
import type { Outcome } from '../../outcome.ts'
import type { CourtVisit } from '../court-gate.ts'
import type { RequestProblem } from './request-page.ts'

/** What became of an act; words of its own where the form itself has to be corrected. */
export type TakenAct = Outcome<
  unknown,
  { readonly reason: string; readonly problem?: RequestProblem | undefined }
>

/** What was typed, with the request that it is about and who acts. */
export function seenBy<Typed extends object>(
  { court, account }: CourtVisit,
  { number }: FilingRequest,
  typed: Typed,
) {
  return { ...typed, courtId: court.id, number, staffId: account.id }
}
