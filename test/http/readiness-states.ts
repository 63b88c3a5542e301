import {
  readinessContent,
  readinessGroupContent,
} from '../../src/console/readiness/readiness-page.ts'
import { readinessPath } from '../../src/console/readiness/readiness-paths.ts'
import type { ReadinessRow } from '../../src/console/readiness/store.ts'
import { staff } from './support-states.ts'

const ncwd = {
  id: 'ncwd',
  name: 'U.S. District Court for the Western District of North Carolina',
  timeZone: 'America/New_York',
}
const ofReadiness = (content: Parameters<typeof staff>[1]) => staff(readinessPath('ncwd'), content)

const at = new Date('2026-12-05T13:00:00Z')
const liveAt = new Date('2026-12-01T13:00:00Z')
const shares = [0, 640, 1730, 2210, 2450].map((linked, index) => ({
  at: new Date(liveAt.getTime() + index * 24 * 3600_000),
  imported: 5000,
  linked,
}))

const row = (words: string): ReadinessRow => ({
  id: words,
  login: words,
  loginCanonical: words,
  name: words,
  email: words,
  barNumber: words,
  status: 'suspended',
  linking: 'tried',
  notices: 'told',
  linkedAt: null,
  triedAt: liveAt,
  toldAt: liveAt,
})

const overview = {
  court: ncwd,
  at,
  goLiveText: 'Live since December 1, 2026, 8:00 a.m. Eastern time',
  toldMoment: 'December 1, 2026, 8:00 a.m. Eastern time',
  readiness: {
    imported: 5000,
    linking: { linked: 2450, tried: 17, 'never-linked': 2400, closed: 133 },
    notices: {
      told: 4700,
      'not-told': 9,
      'without-address': 120,
      refused: 50,
      'closed-untold': 121,
    },
  },
  shares,
}

/** How far the go-live of a court is. */
export const readinessStates = (
  words: string,
): Readonly<Record<string, (nonce: string) => string>> => ({
  readiness: ofReadiness(() => readinessContent(overview)),
  'readiness-nothing': ofReadiness(() =>
    readinessContent({ ...overview, readiness: { ...overview.readiness, imported: 0 } }),
  ),
  'readiness-list': ofReadiness(() =>
    readinessGroupContent({
      court: ncwd,
      group: 'tried',
      rows: [{ ...row('jdoe'), name: 'Jane Quincy Doe', email: 'jane@example.com' }, row(words)],
      isLater: true,
      after: 'jdoe',
    }),
  ),
})
