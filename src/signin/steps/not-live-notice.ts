import { now } from '../../clock.ts'
import { courtLoginAddress } from '../../courts/court.ts'
import { goLiveDayText, isFilingClosed, isLive } from '../../courts/go-live.ts'
import { findGoLivePlan } from '../../courts/go-live-store.ts'
import { officeList } from '../../courts/office-list.ts'
import { findOfficesToAsk } from '../../courts/offices-to-ask.ts'
import type { CourtFacts } from '../../efiling/facts.ts'
import { notLiveNoticePage } from '../pages.ts'
import { formOf } from '../visit.ts'
import { noticeStep } from './notice-step.ts'

/** The court still runs its old system: filing goes through its own login. */
export const notLiveNotice = noticeStep({
  name: 'court-not-live',
  remembered: 'per-client',
  kept: 'that you read the notice about the court',
  // While filing is closed, the old login leads nowhere either (`filing-closed-notice.ts`).
  isAbout: ({ courts }) => courts.length > 0 && courts.every((court) => isOnOldLogin(court, now())),
  async page(visit, facts) {
    const court = facts.courts.find((candidate) => !isLive(candidate, now()))
    const offices = court && (await findOfficesToAsk(visit.deps.db, [court.id])).get(court.id)
    const plan = court && (await findGoLivePlan(visit.deps.db, court.id))
    return notLiveNoticePage({
      ...formOf(visit, 'court-not-live'),
      court: {
        name: court?.name ?? visit.client.name,
        loginUrl: court && courtLoginAddress(court),
        goLiveOn: court && goLiveDayText(court),
        isRolledBack: plan?.kind === 'roll-back',
        offices: offices && officeList('clerk', offices, { hasHelpLine: false }),
      },
    })
  },
})

function isOnOldLogin(court: CourtFacts, at: Date): boolean {
  return !isLive(court, at) && !isFilingClosed(court, at)
}
