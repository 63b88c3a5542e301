import { formatDay } from '../../days.ts'
import type { RightRefusal } from '../../efiling/decide-right.ts'
import type { Approval } from '../../efiling/requests/approve-request.ts'
import type { RightState } from '../../efiling/right.ts'
import { findFilerAt } from '../../efiling/right-store.ts'
import type { CourtId } from '../../ids.ts'
import type { Database } from '../../storage/db.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { RequestProblem } from './request-page.ts'

const heading = 'Nothing was decided'

const stateWords: Readonly<Record<RightState, string>> = {
  none: 'nothing',
  pending: 'nothing yet',
  active: 'a right in force',
  suspended: 'a right that is suspended: reinstate or revoke it first',
  revoked: 'a right that was revoked',
  lapsed: 'a right that has lapsed',
  'given-up': 'a right that was given up',
}

/** Why the right was not decided so, at its field where it has one. */
export async function rightProblem(
  db: Database,
  courtId: CourtId,
  refusal: RightRefusal,
  { endsOn, filerId }: Pick<Approval, 'endsOn' | 'filerId'>,
): Promise<RequestProblem> {
  const at = (field: string, message: string) => ({
    heading,
    problems: [{ path: [field], message }],
  })
  switch (refusal.reason) {
    case 'day-past':
      return at(
        refusal.day === endsOn ? 'endsOn' : 'admittedUntil',
        `Enter a day that is not over yet: ${formatDay(refusal.day)} is past at this court`,
      )
    case 'filer-taken': {
      const number = filerId === null ? undefined : await findFilerAt(db, courtId, filerId)
      const whose = number ? `account number ${number}` : 'another account'
      return at(
        'as',
        `Choose another CM/ECF account: that one belongs to ${whose} here, and can be taken away on the page of that person`,
      )
    }
    case 'is-linked':
      return at(
        'as',
        'Leave the CM/ECF account as it is: it was linked, and is changed by undoing or correcting that link',
      )
    case 'ends-admission':
      return at(
        'admitted',
        'Choose “Admitted”: this person is. The admission is ended on the page of the person, with a reason',
      )
    case 'not-from-here':
      return { heading, text: `This person has ${stateWords[refusal.state]} at this court.` }
    case 'no-rights':
      return {
        heading,
        text: 'A legacy, shared, firm or closed account has no right to file anywhere. Deny the request, or ask the filer to upgrade the account.',
      }
    case 'waits-for-later':
      return {
        heading,
        text: `Something is decided about this person already that holds from ${dayAndTime(refusal.holdsFrom)} on. It has to be withdrawn first.`,
      }
    case 'nothing-changes':
      return {
        heading,
        text: 'This person has all of that at this court already. Grant something else, or deny the request.',
      }
    case 'not-own':
    case 'not-yours':
      return { heading, text: 'Somebody else of this court has to decide this.' }
    default:
      return { heading, text: `This cannot be decided so now (${refusal.reason}).` }
  }
}
