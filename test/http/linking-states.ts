import { namesForm, oldLoginForm } from '../../src/efiling/linking/link-parts.ts'
import { linkRefusalInWords, oldLoginProblem } from '../../src/efiling/linking/link-words.ts'
import { linkAccountPath } from '../../src/efiling/linking/linking-paths.ts'
import type { PortalContent } from '../../src/portal/frame.ts'
import {
  askOldLoginContent,
  cannotLinkContent,
  confirmNamesContent,
  linkedContent,
} from '../../src/portal/linking/link-page.ts'
import { saidWrongPage, wrongLinkPage } from '../../src/portal/linking/wrong-link-page.ts'
import { cannotLinkStepPage, linkStepPage, namesStepPage } from '../../src/signin/link-pages.ts'

type State = (nonce: string) => string
type InFrame = (nonce: string, path: string, content: PortalContent) => string

const onEach = (courtName: string) => ({
  courtName,
  back: '/account/courts/ncwd',
  beside: [
    { id: 'bap9', name: courtName, url: '/account/courts/bap9/link', isLinked: false },
    { id: 'ca9', name: 'Ninth Circuit', url: '/account/courts/ca9/link', isLinked: true },
  ],
  reachUrl: '/courts/ncwd',
  offices: '<p>Charlotte, 704-350-7400</p>',
})

const court = {
  id: 'ncwd' as never,
  cmecfHost: 'ecf.ncwd.uscourts.gov',
  loginUrl: null,
  hasGoLivePlan: true,
  liveAt: new Date('2031-01-06T13:00:00Z'),
  goLiveOn: '2031-01-06' as never,
  liveBy: null,
  timeZone: 'America/New_York',
}
const person = { type: 'individual', isUpgraded: true, state: 'active', held: null } as const

/** The old filing account of a court is linked, by its holder. */
export const linkingStates = (inFrame: InFrame, hostile: string): Record<string, State> => {
  const page = (content: PortalContent): State => {
    return (nonce) => inFrame(nonce, linkAccountPath('ncwd'), content)
  }
  const form = { action: '/taken', csrf: 'csrf-token', login: hostile }
  const problem = oldLoginProblem({ reason: 'wrong' })
  const names = {
    ...form,
    proof: 'a.b.c.d',
    oldName: hostile,
    name: 'Jane Doe',
    username: 'jdoe-attorney',
    isSuspended: true,
    differ: true,
    problems: [{ path: ['onePerson'], message: 'Say that both names are yours, or do not link' }],
  }
  const linked = {
    ...onEach(hostile),
    courtUrl: '/courts/ncwd',
    loginUrl: 'https://ecf.ncwd.uscourts.gov/',
    login: 'jdoe-ecf',
    linkedOn: 'November 27, 2026, 3:45 p.m. Eastern time',
    standing: { label: 'Active', text: 'You may file here.' },
  }
  const step = (nonce: string) => ({
    ...{ nonce, action: '/taken', csrf: 'csrf-token', cancelAction: '/gone' },
    courtName: hostile,
    offices: '<p>Charlotte, 704-350-7400</p>',
  })
  const wrong = { courtName: hostile, login: hostile }
  return {
    'link-old-login': page(
      askOldLoginContent({
        ...onEach(hostile),
        form: oldLoginForm({ ...form, login: '', problems: [] }),
        closesOn: 'July 4, 2031, 8:00 a.m. Eastern time',
      }),
    ),
    'link-old-login-wrong': page(
      askOldLoginContent({
        ...onEach('Western District'),
        form: oldLoginForm({ ...form, problems: problem.problems ?? [] }),
        closesOn: undefined,
        problem,
      }),
    ),
    'link-names': page(
      confirmNamesContent({
        ...onEach('Western District'),
        form: namesForm({ ...names, isSuspended: false, differ: false, problems: [] }),
      }),
    ),
    'link-names-differ': page(
      confirmNamesContent({
        ...onEach(hostile),
        form: namesForm(names),
        problem: { heading: 'Nothing is linked yet', problems: names.problems },
      }),
    ),
    'link-not-yet': page(
      cannotLinkContent({
        ...onEach(hostile),
        refusal: linkRefusalInWords({ reason: 'not-live' }, court, person),
      }),
    ),
    'link-done': page(linkedContent({ ...linked, isJustNow: true, isContested: false })),
    'link-contested': page(linkedContent({ ...linked, isJustNow: false, isContested: true })),
    'link-step': (nonce) =>
      linkStepPage({
        ...step(nonce),
        form: oldLoginForm({ ...form, problems: problem.problems ?? [] }),
        linkUrl: '/account/courts/ncwd/link',
        closesOn: 'July 4, 2031, 8:00 a.m. Eastern time',
        problem,
      }),
    'link-step-long-ago': (nonce) =>
      linkStepPage({
        ...step(nonce),
        form: undefined,
        linkUrl: '/account/courts/ncwd/link',
        closesOn: undefined,
      }),
    'link-step-names': (nonce) => namesStepPage({ ...step(nonce), form: namesForm(names) }),
    'link-step-cannot': (nonce) =>
      cannotLinkStepPage({ ...step(nonce), heading: 'Linked already', text: hostile }),
    'wrong-link': (nonce) =>
      wrongLinkPage({ ...wrong, nonce, action: '/taken', csrf: 'csrf-token', isHolder: false }),
    'said-wrong': (nonce) => saidWrongPage({ ...wrong, nonce, courtUrl: '/courts/ncwd' }),
  }
}
