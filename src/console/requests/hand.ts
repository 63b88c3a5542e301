import { assignRequest } from '../../efiling/requests/assign-request.ts'
import type { FilingRequest } from '../../efiling/requests/request.ts'
import { isAccountId } from '../../ids.ts'
import { refused } from '../../outcome.ts'
import { listStaffOf } from '../../staff/listed-staff-store.ts'
import type { Database } from '../../storage/db.ts'
import type { CourtVisit } from '../court-gate.ts'
import type { ConsoleContent } from '../frame.ts'
import type { ActForm } from './forms.ts'
import { handContent } from './request-page.ts'
import { nameOf } from './request-words.ts'
import type { TakenAct } from './taken-act.ts'

/** More than work in the office of any court. */
const mostColleagues = 500

/** Everybody who works for the court of a request and can sign in, but who has it already. */
async function listColleagues(db: Database, { courtId, assignedTo }: FilingRequest) {
  const staff = await listStaffOf(db, courtId, { after: '0', limit: mostColleagues })
  const byAccount = new Map(staff.map((each) => [each.accountId, each]))
  return [...byAccount.values()]
    .filter(({ state }) => state === 'active' || state === 'must-change-password')
    .filter(({ accountId }) => accountId !== assignedTo)
    .toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), 'en'))
}

/** The form to hand a request on by. */
export async function showHanding(
  db: Database,
  request: FilingRequest,
  model: Omit<Parameters<typeof handContent>[0], 'from' | 'colleagues'>,
): Promise<ConsoleContent> {
  const colleagues = await listColleagues(db, request)
  return handContent({
    ...model,
    from: request.assignedTo ?? '',
    colleagues: colleagues.map((each) => [each.number, `${nameOf(each)}, ${each.number}`]),
  })
}

/** Hands a request to the colleague with that number. */
export async function takeHanding(
  db: Database,
  { court, account, by }: CourtVisit,
  request: FilingRequest,
  { version, to, from }: ActForm<'hand'>,
): Promise<TakenAct> {
  const colleague = (await listColleagues(db, request)).find(({ number }) => number === to)
  if (!colleague) return wrong('Choose a colleague from the list')
  const done = await assignRequest(
    db,
    {
      courtId: court.id,
      number: request.number,
      version,
      staffId: account.id,
      from: isAccountId(from) ? from : null,
      to: colleague.accountId,
    },
    by,
  )
  return !done.ok && done.reason === 'not-colleague'
    ? wrong('Choose somebody else: this colleague may be who asks, or does not work here any more')
    : done
}

function wrong(message: string): TakenAct {
  const problems = [{ path: ['to'], message }]
  return refused('has-problems', { problem: { heading: 'Nothing was changed', problems } })
}
