import { courtPage, courtsPage, type ListedCourt } from '../../src/courts/pages.ts'
import {
  type AccountFacts,
  accountPage,
  consentPage,
  errorPage,
  expiredPage,
  legacyNoticePage,
  notLiveNoticePage,
  redactionNoticePage,
  type StandingFacts,
  signedOutPage,
  signInPage,
  signOutPage,
} from '../../src/signin/pages.ts'

/** What somebody might have called a court, an application or themselves. */
export const hostile = `<script>window.hacked=1</script>"'><img src=x onerror=window.hacked=1>`

const ncwd = 'U.S. District Court for the Western District of North Carolina'
const ncwb = 'U.S. Bankruptcy Court for the Western District of North Carolina'
const ca4 = 'U.S. Court of Appeals for the Fourth Circuit'

const form = { action: '/taken', cancelAction: '/cancelled', csrf: 'csrf-token' }
const way = { name: ncwd, url: 'https://ecf.ncwd.uscourts.gov/' }
const askedBy = { clientName: ncwd, courts: [{ name: ncwd }] }

const account: AccountFacts = {
  name: 'Jane Quincy Doe',
  username: 'jdoe-carolina',
  number: '7123456',
  typeLabel: 'Upgraded individual account',
  searchStatus: 'active',
}

const standings: StandingFacts[] = [
  {
    courtName: ncwd,
    courtId: 'ncwd',
    status: 'active',
    statusText: 'You may file in this court.',
    role: 'Attorney',
    filerId: 'jdoe-ecf',
    actions: ['file', 'receive-notices'],
    since: 'September 2, 2021',
  },
  {
    courtName: ncwb,
    courtId: 'ncwb',
    status: 'pending',
    statusText: 'Your registration waits for the clerk of this court.',
    role: 'Attorney',
    actions: [],
  },
  {
    courtName: ca4,
    courtId: 'ca4',
    status: 'suspended',
    statusText: 'The court has stopped your filing for now. Ask its clerk what to do.',
    role: 'Attorney',
    filerId: 'doe.j',
    actions: ['receive-notices'],
    since: 'March 14, 2018',
  },
  {
    courtName: 'U.S. District Court for the Eastern District of North Carolina',
    courtId: 'nced',
    status: 'lapsed',
    statusText: 'Your right to file ended on June 30, 2026.',
    role: 'Pro hac vice',
    actions: [],
  },
  {
    courtName: 'U.S. District Court for the Middle District of North Carolina',
    courtId: 'ncmd',
    status: 'revoked',
    statusText: 'The court has ended your right to file.',
    actions: [],
  },
  {
    courtName: 'U.S. Bankruptcy Court for the Middle District of North Carolina',
    courtId: 'ncmb',
    status: 'none',
    statusText: 'Your account is not linked to this court. You may look, but not file.',
    actions: [],
  },
  {
    courtName: 'U.S. Court of Federal Claims',
    courtId: 'cofc',
    status: 'not-live',
    statusText: 'This court still uses its own CM/ECF login for filing.',
    actions: [],
  },
]

const courts: ListedCourt[] = [
  ['ca4', ca4, 'appellate', '04', 'ecf.ca4.uscourts.gov'],
  [
    'bap9',
    'U.S. Bankruptcy Appellate Panel of the Ninth Circuit',
    'bap',
    '09',
    'ecf.bap9.uscourts.gov',
  ],
  ['ncwd', ncwd, 'district', '04', 'ecf.ncwd.uscourts.gov'],
  [
    'ohndad',
    'U.S. District Court for the Northern District of Ohio (asbestos database)',
    'district',
    '06',
    'ecf.ohndad.ohnd.uscourts.gov',
  ],
  ['ncwb', ncwb, 'bankruptcy', '04', 'ecf.ncwb.uscourts.gov'],
  [
    'jpml',
    'U.S. Judicial Panel on Multidistrict Litigation',
    'national',
    null,
    'ecf.jpml.uscourts.gov',
  ],
].map(([id, name, type, circuit, host]) => ({
  id: id!,
  name: name!,
  type: type!,
  typeLabel: 'District Court',
  circuit: circuit ?? null,
  host: host!,
  isLive: id !== 'ohndad',
  goLiveText: id === 'ohndad' ? 'Not known to be live' : 'Live since August 30, 2021',
}))

const court = {
  id: 'ncwd',
  name: ncwd,
  typeLabel: 'District Court',
  circuit: '04',
  states: ['NC'],
  host: 'ecf.ncwd.uscourts.gov',
  webUrl: 'http://www.ncwd.uscourts.gov',
  pacerCourtId: 'NCWDC',
  pclCourtId: 'ncwdc',
  goLiveText: 'Live since August 30, 2021',
  goLiveSource: 'https://www.ncwd.uscourts.gov/next-generation-cmecf-information-resources',
}

const logoutForm =
  '<form id="op.logoutForm" method="post" action="/taken"><input type="hidden" name="xsrf" value="x"/></form>'

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString()
}

/** Every page in every state, by name; each takes the nonce of its response. */
export const pageStates: Record<string, (nonce: string) => string> = {
  'sign-in': (nonce) => signInPage({ nonce, ...form, askedBy }),
  'sign-in-two-courts': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy: { clientName: 'Docket Filer', courts: [{ name: ncwd }, { name: ncwb }] },
    }),
  'sign-in-national': (nonce) =>
    signInPage({ nonce, ...form, askedBy: { clientName: 'PACER Case Locator', courts: [] } }),
  'sign-in-wrong-credentials': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: { kind: 'wrong-credentials' },
    }),
  'sign-in-missing-fields': (nonce) =>
    signInPage({ nonce, ...form, askedBy, problem: { kind: 'missing-fields' } }),
  'sign-in-missing-password': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: { kind: 'missing-fields' },
    }),
  'sign-in-locked': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: { kind: 'locked', retryAfterSeconds: 240 },
    }),
  'sign-in-busy': (nonce) =>
    signInPage({ nonce, ...form, askedBy, problem: { kind: 'busy', retryAfterSeconds: 2 } }),
  'sign-in-too-many': (nonce) =>
    signInPage({ nonce, ...form, askedBy, problem: { kind: 'too-many', retryAfterSeconds: 60 } }),
  'sign-in-hostile': (nonce) =>
    signInPage({
      nonce,
      ...form,
      csrf: hostile,
      action: hostile,
      askedBy: { clientName: hostile, courts: [{ name: hostile }, { name: `${hostile}2` }] },
      username: hostile,
      problem: { kind: 'wrong-credentials' },
    }),
  'redaction-notice': (nonce) => redactionNoticePage({ nonce, ...form, court: { name: ncwd } }),
  'redaction-notice-must-check': (nonce) =>
    redactionNoticePage({ nonce, ...form, court: { name: ncwd }, mustCheck: true }),
  'redaction-notice-hostile': (nonce) =>
    redactionNoticePage({ nonce, ...form, court: { name: hostile } }),
  'legacy-notice': (nonce) => legacyNoticePage({ nonce, ...form }),
  'not-live-notice': (nonce) =>
    notLiveNoticePage({
      nonce,
      ...form,
      court: {
        name: ncwd,
        loginUrl: 'https://ecf.ncwd.uscourts.gov/cgi-bin/login.pl',
        goLiveOn: 'August 30, 2027',
      },
    }),
  'not-live-notice-unknown-day': (nonce) =>
    notLiveNoticePage({ nonce, ...form, court: { name: ncwd } }),
  'not-live-notice-hostile': (nonce) =>
    notLiveNoticePage({
      nonce,
      ...form,
      court: { name: hostile, loginUrl: 'javascript:window.hacked=1', goLiveOn: hostile },
    }),
  consent: (nonce) =>
    consentPage({
      nonce,
      ...form,
      client: { name: 'Docket Filer' },
      courts: [{ name: ncwd }, { name: ncwb }],
      wants: [
        'See your name, e-mail address and PACER account number.',
        'File documents for you in these courts.',
      ],
      canStayConnected: true,
    }),
  'consent-hostile': (nonce) =>
    consentPage({
      nonce,
      ...form,
      client: { name: hostile },
      courts: [{ name: hostile }],
      wants: [hostile],
      canStayConnected: false,
    }),
  expired: (nonce) => expiredPage({ nonce, askedBy: way }),
  'expired-court-unknown': (nonce) => expiredPage({ nonce }),
  error: (nonce) =>
    errorPage({
      nonce,
      status: 503,
      heading: 'Sign-in is not available right now',
      explanation: 'You were not signed in, and nothing is lost.',
      whatToDo: ['Wait a minute, then try again.', 'Start again from the court’s page.'],
      requestId: '4f6c1c2e-7a53-4c07-9d0e-0d5b2c1f8a11',
      askedBy: way,
    }),
  'error-court-unknown': (nonce) =>
    errorPage({
      nonce,
      status: 404,
      heading: 'There is no such page',
      explanation: 'The address may be mistyped or out of date.',
      whatToDo: [],
      requestId: '4f6c1c2e-7a53-4c07-9d0e-0d5b2c1f8a11',
    }),
  'error-hostile': (nonce) =>
    errorPage({
      nonce,
      status: 400,
      heading: hostile,
      explanation: hostile,
      whatToDo: [hostile],
      requestId: hostile,
      askedBy: { name: hostile, url: 'javascript:window.hacked=1' },
    }),
  'sign-out': (nonce) =>
    signOutPage({ nonce, formHtml: logoutForm, isHinted: false, askedBy: ncwd }),
  'sign-out-hostile': (nonce) =>
    signOutPage({ nonce, formHtml: logoutForm, isHinted: false, askedBy: hostile }),
  'signed-out': (nonce) => signedOutPage({ nonce, askedBy: way }),
  'signed-out-court-unknown': (nonce) => signedOutPage({ nonce }),
  account: (nonce) =>
    accountPage({
      nonce,
      account,
      standings,
      session: { idleMinutes: 30, endsAt: inSeconds(12 * 3600) },
      signOutAction: '/taken',
      csrf: 'csrf-token',
    }),
  'account-no-court': (nonce) =>
    accountPage({
      nonce,
      account: { ...account, searchStatus: 'inactive' },
      standings: [],
      session: { idleMinutes: 15, endsAt: inSeconds(8 * 3600), isStaff: true },
      signOutAction: '/taken',
      csrf: 'csrf-token',
    }),
  'account-ending': (nonce) =>
    accountPage({
      nonce,
      account,
      standings,
      session: { idleMinutes: 30, endsAt: inSeconds(100) },
      signOutAction: '/taken',
      csrf: 'csrf-token',
    }),
  'account-ended': (nonce) =>
    accountPage({
      nonce,
      account,
      standings,
      session: { idleMinutes: 30, endsAt: inSeconds(2) },
      signOutAction: '/taken',
      csrf: 'csrf-token',
    }),
  'account-hostile': (nonce) =>
    accountPage({
      nonce,
      account: {
        ...account,
        name: hostile,
        username: hostile,
        number: hostile,
        typeLabel: hostile,
      },
      standings: [
        {
          courtName: hostile,
          courtId: 'ncwd',
          status: 'active',
          statusText: hostile,
          role: hostile,
          filerId: hostile,
          actions: [hostile],
          since: hostile,
        },
      ],
      session: { idleMinutes: 30, endsAt: inSeconds(12 * 3600) },
      signOutAction: '/taken',
      csrf: hostile,
    }),
  courts: (nonce) => courtsPage({ nonce, courts }),
  'courts-found': (nonce) =>
    courtsPage({
      nonce,
      courts: courts.filter((listed) => listed.id === 'ncwd'),
      query: 'western',
      type: 'district',
    }),
  'courts-none': (nonce) => courtsPage({ nonce, courts: [], query: hostile, type: hostile }),
  court: (nonce) => courtPage({ nonce, court }),
  'court-hostile': (nonce) =>
    courtPage({
      nonce,
      court: {
        ...court,
        name: hostile,
        states: [hostile],
        host: hostile,
        webUrl: 'javascript:window.hacked=1',
        pacerCourtId: hostile,
        pclCourtId: null,
        circuit: null,
        goLiveText: hostile,
        goLiveSource: `javascript:window.hacked=1 ${hostile}`,
      },
    }),
}

/** The sign-out page of a court that proved the session: its script answers at once. */
export function hintedSignOut(nonce: string): string {
  return signOutPage({ nonce, formHtml: logoutForm, isHinted: true, askedBy: ncwd })
}
