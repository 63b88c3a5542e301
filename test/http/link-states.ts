import { likeOwnWords } from '../../src/console/like-own.ts'
import {
  type FindForm,
  findContent,
  joinContent,
  unknownLinkContent,
} from '../../src/console/links/join-page.ts'
import { linkActContent, linkContent, linksContent } from '../../src/console/links/link-page.ts'
import { courtLinksPath } from '../../src/console/links/link-paths.ts'
import type { PairOnPage } from '../../src/console/links/pair.ts'
import type { LinkProblem } from '../../src/console/links/refusal-words.ts'
import type { ListedLink } from '../../src/console/links/store.ts'
import type { Link } from '../../src/efiling/linking/link.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { staff } from './support-states.ts'

const court = {
  id: 'ncwb' as CourtId,
  name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
  timeZone: 'America/New_York',
}
const path = courtLinksPath('ncwb')
const back = { url: path, label: 'All links of this court' }
const at = new Date('2026-11-26T15:00:00Z')

const listed = (name: string, more: Partial<ListedLink> = {}): ListedLink => ({
  id: '41',
  way: 'password',
  linkedAt: at,
  contestedAt: null,
  contestedBy: null,
  settledAt: null,
  endedAt: null,
  login: 'jdoe-of-the-old-system@a-rather-long-domain-name.example.com',
  oldName: name,
  number: '7123456',
  username: 'jdoe',
  givenName: 'Jane Quincy',
  familyName: name,
  ...more,
})

const list = (links: readonly ListedLink[], contested: readonly ListedLink[], query = '') =>
  linksContent({
    court,
    query,
    contested,
    contestedCount: contested.length,
    links,
    isLater: false,
    before: links.length > 1 ? '40' : undefined,
  })

const pair = (name: string, namesDiffer = false): PairOnPage => ({
  login: 'jdoe-old',
  oldName: name,
  name,
  number: '7123456',
  namesDiffer,
  likeOwn: namesDiffer && likeOwnWords,
  oldFacts: [
    ['CM/ECF account', 'jdoe-old'],
    ['Name', name],
    ['E-mail', 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com'],
    ['May', 'File documents; Receive notices'],
  ],
  facts: [
    ['Name', name],
    ['Account number', '7123456'],
    ['At this court now', 'Nothing'],
  ],
})

const link = (more: Partial<Link> = {}): Link => ({
  id: '41',
  courtId: court.id,
  importedId: '5d9b0f3e-0000-4000-8000-000000000001',
  accountId: '5d9b0f3e-0000-4000-8000-000000000002' as AccountId,
  way: 'clerk',
  namesDiffer: true,
  reason: 'Seen at the counter',
  linkedAt: at,
  linkedBy: 'clerk' as AccountId,
  contestedAt: at,
  contestedBy: 'old-address',
  settledAt: null,
  settledBy: null,
  settleReason: null,
  endedAt: null,
  endedBy: null,
  endReason: null,
  ...more,
})

const shown = (name: string, more: Partial<Link> = {}) =>
  linkContent({
    court,
    link: link(more),
    pair: pair(name),
    names: new Map([['clerk', name]]),
    isOwn: false,
    isContested: !more.settledAt && !more.endedAt,
    isFree: Boolean(more.endedAt),
  })

const missing = (...fields: readonly (readonly [string, string])[]): LinkProblem => ({
  heading: 'Nothing was linked',
  problems: fields.map(([field, message]) => ({ path: [field], message })),
})

const find = (more: Partial<FindForm> = {}): FindForm => ({
  csrf: 'csrf-token',
  action: path,
  typed: {},
  ...more,
})

/** The pages on which the clerk of a court decides whose account of the old system is whose. */
export const linkStates = (hostile: string): Record<string, (nonce: string) => string> => ({
  'links-none': staff(path, () => list([], [])),
  'links-disputed-hostile': staff(path, () =>
    list(
      [listed(hostile), listed('Doe', { endedAt: at })],
      [listed(hostile, { contestedAt: at, contestedBy: 'old-address' })],
    ),
  ),
  'link-disputed': staff(path, () => shown('Jane Quincy Doe')),
  'link-undone-hostile': staff(path, () =>
    shown(hostile, {
      settledAt: at,
      settledBy: 'clerk' as AccountId,
      settleReason: hostile,
      endedAt: at,
      endedBy: 'clerk' as AccountId,
      endReason: hostile,
    }),
  ),
  'link-undo-problem': staff(path, () =>
    linkActContent({
      court,
      linkId: '41',
      act: 'undo',
      pair: pair(hostile),
      csrf: 'csrf-token',
      typed: { reason: hostile },
      problem: missing(['reason', 'Enter why']),
    }),
  ),
  'link-settle': staff(path, () =>
    linkActContent({
      court,
      linkId: '41',
      act: 'settle',
      pair: pair('Jane Quincy Doe'),
      effects: ['The right that was stopped comes back at once.', hostile],
      csrf: 'csrf-token',
      typed: {},
    }),
  ),
  'link-join': staff(path, () =>
    joinContent({
      court,
      title: 'Link an account of the old system',
      meaning: ['This person has, from then on, what the old system says of the account.'],
      button: 'Link the two',
      action: path,
      back,
      pair: pair('Jane Quincy Doe'),
      csrf: 'csrf-token',
      hidden: { number: '7123456' },
      typed: {},
    }),
  ),
  'link-join-problem': staff(path, () =>
    joinContent({
      court,
      title: 'Correct the link',
      meaning: [hostile],
      button: 'Undo the one and link the other',
      action: path,
      back,
      pair: pair(hostile, true),
      csrf: 'csrf-token',
      hidden: { number: '7123456' },
      typed: { reason: hostile },
      problem: missing(['onePerson', 'The two names are different'], ['reason', 'Enter why']),
    }),
  ),
  'link-find': staff(path, () =>
    findContent({
      court,
      title: 'Correct the link',
      meaning: 'jdoe-old is linked to Jane Quincy Doe.',
      back,
      person: find(),
      account: find({
        typed: { login: hostile },
        problem: missing(['login', 'Your court has imported no account of this login']),
      }),
    }),
  ),
  'link-unknown': staff(path, () => unknownLinkContent(court, back)),
})
