import { now } from '../../clock.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { isFilingClosed, isLive } from '../../courts/go-live.ts'
import { findGoLivePlan } from '../../courts/go-live-store.ts'
import { officeList } from '../../courts/office-list.ts'
import { findOfficesToAsk } from '../../courts/offices-to-ask.ts'
import type { CourtFacts, PersonFacts } from '../../efiling/facts.ts'
import { filingClosedPage } from '../pages.ts'
import { formOf } from '../visit.ts'
import { noticeStep } from './notice-step.ts'

/** The court changes over, and nobody files there: until when, and what to do in an emergency. */
export const filingClosedNotice = noticeStep({
  name: 'filing-closed',
  remembered: 'per-client',
  kept: 'that you read the notice about the court',
  isAbout: ({ courts }) => courts.length > 0 && courts.every((court) => isClosedFor(court)),
  async page(visit, facts) {
    const court = closedCourt(facts)
    const [offices, plan] = court
      ? await Promise.all([
          findOfficesToAsk(visit.deps.db, [court.id]).then((found) => found.get(court.id)),
          findGoLivePlan(visit.deps.db, court.id),
        ])
      : []
    return filingClosedPage({
      ...formOf(visit, 'filing-closed'),
      court: {
        name: court?.name ?? visit.client.name,
        until: court?.filingClosedUntil ? momentAtCourt(court.filingClosedUntil, court) : undefined,
        emergencyWay: plan?.emergencyWay ?? undefined,
        offices: offices && officeList('clerk', offices, { hasHelpLine: false }),
      },
    })
  },
})

/** Before the go-live it is so for everybody; after it for whoever was granted filing. */
function isClosedFor(court: CourtFacts): boolean {
  const at = now()
  if (!isFilingClosed(court, at)) return false
  const { right } = court
  return !isLive(court, at) || (right?.state === 'active' && right.actions.includes('file'))
}

function closedCourt({ courts }: PersonFacts): CourtFacts | undefined {
  return courts.find((court) => isClosedFor(court))
}
