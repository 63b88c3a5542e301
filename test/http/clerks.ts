import { clerkListsOf } from '../../src/courts/clerk-lists.ts'
import { officeList } from '../../src/courts/office-list.ts'
import type { Day } from '../../src/days.ts'

const officesAt = (id: string, hours: string | null, asOf: Day | null) =>
  officeList(
    `clerk-${id}`,
    {
      offices: ['Charlotte', 'Asheville'].map((name) => ({
        name,
        telephone: '(704) 350-7500',
        hours,
        timeZone: 'America/New_York',
      })),
      asOf,
    },
    { hasHelpLine: false },
  )

/** How to reach the clerks of two courts, as pages about several courts have it. */
export const clerksOfTwo = clerkListsOf([
  {
    name: 'U.S. District Court for the Western District of North Carolina',
    offices: officesAt('ncwd', 'Monday to Friday, 8:30 a.m. to 4:30 p.m.', null),
  },
  {
    name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
    offices: officesAt('ncwb', null, '2026-11-24' as Day),
  },
])
