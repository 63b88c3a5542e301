import { now } from '../../clock.ts'
import { courtLoginAddress } from '../../courts/court.ts'
import { isLive } from '../../courts/go-live.ts'
import { officeList } from '../../courts/office-list.ts'
import { findOfficesToAsk } from '../../courts/offices-to-ask.ts'
import { formatDay } from '../../days.ts'
import { notLiveNoticePage } from '../pages.ts'
import { formOf } from '../visit.ts'
import { noticeStep } from './notice-step.ts'

/** The court still runs its old system: filing goes through its own login. */
export const notLiveNotice = noticeStep({
  name: 'court-not-live',
  remembered: 'per-client',
  kept: 'that you read the notice about the court',
  isAbout: ({ courts }) => courts.length > 0 && courts.every((court) => !isLive(court, now())),
  async page(visit, facts) {
    const court = facts.courts.find((candidate) => !isLive(candidate, now()))
    const offices = court && (await findOfficesToAsk(visit.deps.db, [court.id])).get(court.id)
    return notLiveNoticePage({
      ...formOf(visit, 'court-not-live'),
      court: {
        name: court?.name ?? visit.client.name,
        loginUrl: court && courtLoginAddress(court),
        goLiveOn: court?.goLiveOn && formatDay(court.goLiveOn),
        offices: offices && officeList('clerk', offices, { hasHelpLine: false }),
      },
    })
  },
})
