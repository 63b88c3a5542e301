import type { CourtFact } from '../../src/accounts/account-changes.ts'
import {
  changeContent,
  changesContent,
  noChangeContent,
} from '../../src/console/changes/changes-page.ts'
import { changesPath } from '../../src/console/court/court-paths.ts'
import type { NoticeState } from '../../src/efiling/changes/notice.ts'
import type { NoticeAtCourt } from '../../src/efiling/changes/store.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import type { PortalContent } from '../../src/portal/frame.ts'
import { courtChangesContent } from '../../src/portal/maintenance/court-changes-page.ts'
import { type State, staff } from './support-states.ts'

const ncwb = {
  id: 'ncwb',
  name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
}
const ncwd = 'U.S. District Court for the Western District of North Carolina'
const mona = 'mona' as AccountId
const names = new Map([[mona, 'Mona Manager (mona-the-manager)']])

const notice = (id: string, state: NoticeState, more: Partial<NoticeAtCourt> = {}) => ({
  id,
  accountId: 'jane' as AccountId,
  courtId: 'ncwb' as CourtId,
  fact: 'address' as CourtFact,
  before: ['401 West Trade Street', 'Suite 1301', 'Charlotte, NC 28202'],
  after: ['100 Otis Street', 'Asheville, NC 28801'],
  upToChange: 3,
  reason: 'My office has moved.',
  scope: null,
  state,
  askedAt: new Date(),
  endedAt: state === 'asked' ? null : new Date(),
  decidedBy: state === 'taken-over' || state === 'declined' ? mona : null,
  decisionReason: state === 'declined' ? 'Send the order of the bar first.' : null,
  number: '7123456',
  username: 'jdoe-carolina',
  givenName: 'Jane Quincy',
  familyName: 'Doe',
  ...more,
})

/** What a person asks courts to take over, for the person and for the court. */
export const changeStates = (
  inFrame: (nonce: string, path: string, content: PortalContent) => string,
  hostile: string,
): Record<string, State> => {
  const form = { action: '/taken', csrf: 'csrf-token' }
  const hostilely = { before: [hostile], after: [hostile], reason: hostile, scope: hostile }
  const hostilePerson = { givenName: hostile, familyName: null, username: hostile }
  const own = (model: Partial<Parameters<typeof courtChangesContent>[0]> = {}): State => {
    const offer = { upToChange: 3, before: ['Jane Quincy Doe'], after: ['Jane Quincy Carolina'] }
    const phone = { upToChange: 4, before: [], after: ['(828) 555-0100'] }
    const content = courtChangesContent({
      courtNames: new Map([
        ['ncwb', ncwb.name],
        ['ncwd', ncwd],
      ]),
      hasCourts: true,
      offers: [
        { ...offer, courtId: 'ncwb' as CourtId, fact: 'name' },
        { ...offer, courtId: 'ncwd' as CourtId, fact: 'name' },
        { ...phone, courtId: 'ncwd' as CourtId, fact: 'phone' },
      ],
      notices: [],
      form,
      ...model,
    })
    return (nonce) => inFrame(nonce, paths.accountCourtChanges, content)
  }
  const ofCourt = (content: Parameters<typeof staff>[1]) => staff(changesPath('ncwb'), content)
  const one = (model: Partial<Parameters<typeof changeContent>[0]> = {}) =>
    ofCourt(() =>
      changeContent({
        court: ncwb,
        notice: notice('7', 'asked'),
        names,
        csrf: 'csrf-token',
        isOwn: false,
        ...model,
      }),
    )
  return {
    'account-court-changes': own(),
    'account-court-changes-wrong': own({
      typed: { 'tell-0': 'phone ncwd', reason: hostile, scope: hostile },
      problem: {
        heading: 'No court was asked',
        problems: [
          { path: ['tell-0'], message: 'Choose at least one court' },
          { path: ['reason'], message: 'Write why this has changed' },
          { path: ['scope'], message: 'Shorten it to 200 characters' },
        ],
      },
    }),
    'account-court-changes-asked': own({
      isAsked: true,
      notices: [
        notice('9', 'asked'),
        notice('8', 'taken-over'),
        notice('7', 'declined'),
        notice('6', 'withdrawn', { ...hostilely, courtId: 'gone' as CourtId }),
      ],
    }),
    'account-court-changes-late': own({
      offers: [],
      notices: [notice('9', 'declined', { ...hostilely, decisionReason: hostile })],
      problem: { heading: 'These courts have been asked already', text: 'Look at the list.' },
    }),
    'account-court-changes-none': own({ offers: [], hasCourts: false }),
    'court-changes': ofCourt(() =>
      changesContent({
        court: ncwb,
        waiting: {
          notices: [
            notice('9', 'asked'),
            notice('10', 'asked', { ...hostilely, ...hostilePerson }),
          ],
          next: '10',
        },
        count: 60,
        decided: {
          notices: [notice('8', 'taken-over'), notice('7', 'declined', hostilePerson)],
          next: '7',
        },
        names,
      }),
    ),
    'court-changes-none': ofCourt(() =>
      changesContent({
        court: ncwb,
        waiting: { notices: [] },
        count: 0,
        decided: { notices: [] },
        names,
      }),
    ),
    'court-change': one(),
    'court-change-hostile': one({
      notice: notice('7', 'asked', { ...hostilely, ...hostilePerson }),
    }),
    'court-change-wrong': one({
      typed: { state: 'declined', reason: hostile },
      problems: [
        { path: ['state'], message: 'Choose what your court does with it' },
        { path: ['reason'], message: 'Write why your court declines it' },
      ],
    }),
    'court-change-late': one({ notice: notice('7', 'declined'), isLate: true }),
    'court-change-withdrawn': one({ notice: notice('7', 'withdrawn'), isLate: true }),
    'court-change-own': one({
      isOwn: true,
      notice: notice('7', 'asked', { fact: 'phone', before: [], after: ['(828) 555-0100'] }),
    }),
    'court-change-none': ofCourt(() => noChangeContent(ncwb)),
  }
}
