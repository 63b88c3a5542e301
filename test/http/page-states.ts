import {
  passwordHint,
  passwordProblemWords,
  passwordRules,
} from '../../src/accounts/password-policy.ts'
import {
  accountFormPage,
  checkMailPage,
  confirmPage,
  donePage,
  registerPage,
} from '../../src/accounts/registration/pages.ts'
import { rulesOfUsePage } from '../../src/accounts/rules-of-use/pages.ts'
import { stateWords } from '../../src/accounts/state-words.ts'
import type { GoLiveSection } from '../../src/courts/go-live-section.ts'
import { officeList } from '../../src/courts/office-list.ts'
import { courtPage, courtsPage, type ListedCourt } from '../../src/courts/pages.ts'
import { accountLimits, statusWords } from '../../src/efiling/standing-words.ts'
import { errorPage } from '../../src/http/error-page.ts'
import type { TimeOnPage } from '../../src/http/session-warning.ts'
import { layOut } from '../../src/mail/layout.ts'
import { mailboxPage } from '../../src/mail/pages.ts'
import { paths } from '../../src/paths.ts'

import {
  type AccountOnPage,
  accountContent,
  notSignedInPage,
  type StandingOnPage,
} from '../../src/portal/account-page.ts'
import { portalTabs } from '../../src/portal/entries.ts'
import { type PortalContent, portalPage } from '../../src/portal/frame.ts'
import { nextSteps } from '../../src/portal/next-steps.ts'
import { activityContent } from '../../src/portal/settings/activity-page.ts'
import { applicationsContent } from '../../src/portal/settings/applications-page.ts'
import { passwordContent } from '../../src/portal/settings/password-page.ts'
import { type LiveSessionOnPage, sessionsContent } from '../../src/portal/settings/sessions-page.ts'
import { tabContent } from '../../src/portal/tab-page.ts'
import { usageContent } from '../../src/portal/usage/usage-page.ts'
import {
  type Again,
  changePasswordStepPage,
  consentPage,
  deniedPage,
  expiredPage,
  filingClosedPage,
  notLiveNoticePage,
  redactionNoticePage,
  rulesOfUseStepPage,
  selectAccountPage,
  signedOutPage,
  signInPage,
  signOutPage,
  stillSignedInPage,
  turnedAwayPage,
} from '../../src/signin/pages.ts'
import { legacyNoticePage, sharedNoticePage } from '../../src/signin/upgrade-pages.ts'
import { accessibilityPage, privacyPage } from '../../src/site/pages.ts'
import { accountInOrder as facts } from '../support/account-facts.ts'
import { askingStates } from './asking-states.ts'
import { changeStates } from './change-states.ts'
import { clerksOfTwo } from './clerks.ts'
import { courtStates } from './court-states.ts'
import { goLiveStates } from './go-live-states.ts'
import { importedStates } from './imported-states.ts'
import { leavingStates, searchAgainSteps } from './leaving-states.ts'
import { linkStates } from './link-states.ts'
import { linkingStates } from './linking-states.ts'
import { ownRightStates } from './own-right-states.ts'
import { peopleStates } from './people-states.ts'
import { personStates } from './person-states.ts'
import { queueStates } from './queue-states.ts'
import { readinessStates } from './readiness-states.ts'
import { emailStates, recoveryStates } from './recovery-states.ts'
import { roleStates } from './role-states.ts'
import { supportStates } from './support-states.ts'
import { upgradeStates } from './upgrade-states.ts'

/** What somebody might have called a court, an application or themselves. */
export const hostile = `<script>window.hacked=1</script>"'><img src=x onerror=window.hacked=1>`

const ncwd = 'U.S. District Court for the Western District of North Carolina'
const ncwb = 'U.S. Bankruptcy Court for the Western District of North Carolina'
const ca4 = 'U.S. Court of Appeals for the Fourth Circuit'

const missingFields = [
  { path: ['username'], message: 'Enter your username' },
  { path: ['password'], message: 'Enter your password' },
]
const form = {
  action: '/taken',
  cancelAction: '/cancelled',
  csrf: 'csrf-token',
  registerAddress: '/register?client=ncwd-cmecf',
}
const checking = { againCsrf: 'again-token', next: 'next-token' }
const email = 'jane.quincy.doe@example.com'
const typedByJane = {
  givenName: 'Jane Quincy',
  familyName: 'Doe',
  birthMonth: '4',
  birthDay: '28',
  birthYear: '1986',
  country: 'US',
  addressLine1: '401 West Trade Street',
  city: 'Charlotte',
  state: 'NC',
  postalCode: '28202',
  phone: '(704) 350-7400',
  kind: 'attorney',
  barState1: 'NC',
  barNumber1: '12345',
  username: 'jdoe-carolina',
  rules: '2026-11-02',
}
/** Every field of the form of a registration with a problem. */
const accountFormProblems = [
  ['givenName', 'Enter your first name'],
  ['familyName', 'Enter your last name'],
  ['birthMonth', 'Choose the month of your birth'],
  ['birthDay', 'Enter the day of your birth'],
  ['birthYear', 'Enter the year of your birth, with four digits'],
  ['country', 'Choose your country from the list'],
  ['addressLine1', 'Enter your street address or P.O. box'],
  ['city', 'Enter your city'],
  ['state', 'Choose your state or territory from the list'],
  ['postalCode', 'Enter your ZIP Code, with five digits or nine'],
  ['phone', 'Enter your telephone number'],
  ['kind', 'Choose what you need the account for'],
  ['barState1', 'Choose the state of this bar number'],
  ['barNumber1', 'Enter the bar number, or choose no state beside it'],
  ['username', 'Choose another username: this one is taken'],
  ['password', 'Choose a longer password: at least 15 characters.'],
  ['rules', 'Accept the rules of use: without that there is no account'],
].map(([field = '', message = '']) => ({ path: [field], message }))
const way = { name: ncwd, place: 'the court', url: 'https://ecf.ncwd.uscourts.gov/' }
const askedBy = { clientName: ncwd, courts: [{ name: ncwd }] }
const everyCourt = Array.from({ length: 210 }, (_, index) => ({
  name: `U.S. Court number ${index}`,
}))

const jane = (isWhoUsedIt: boolean) => ({
  name: 'Jane Quincy Doe',
  username: 'jdoe-carolina',
  isWhoUsedIt,
})
const again = (because: Again['because']) => ({
  again: { ...jane(true), because, isSamePerson: because !== 'other-person' },
  username: because === 'other-person' ? undefined : 'jdoe-carolina',
})

const account: AccountOnPage = {
  name: 'Jane Quincy Doe',
  username: 'jdoe-carolina',
  number: '7123456',
  typeLabel: 'Upgraded individual account',
  searchStatus: 'active',
  email: { address: 'jane.quincy.doe@example.com', isConfirmed: true },
}

const standing = (
  courtId: string,
  courtName: string,
  status: StandingOnPage['status'],
  more: Partial<StandingOnPage> = {},
): StandingOnPage => ({
  courtId,
  courtName,
  status,
  ...statusWords[status],
  actions: [],
  changes: [],
  entrance: { url: `https://ecf.${courtId}.uscourts.gov/`, isOldLogin: status === 'not-live' },
  ...more,
})

const officesOfCa4 = officeList('clerk-ca4', {
  offices: [
    {
      name: 'Richmond',
      telephone: '(804) 555-0100',
      hours: 'Monday to Friday, 8:30 a.m. to 5 p.m.',
      timeZone: 'America/New_York',
    },
  ],
  asOf: null,
})

const standings: StandingOnPage[] = [
  standing('ncwd', ncwd, 'active', {
    role: 'Attorney',
    filerId: 'jdoe-ecf',
    actions: ['File documents', 'Receive notices of electronic filing'],
    firstDay: 'September 2, 2021',
    lastDay: 'June 30, 2027',
    decisionsUrl: '/account/courts/ncwd/decisions',
    changes: [{ label: 'Active', on: 'September 1, 2021' }],
  }),
  standing('ncwb', ncwb, 'pending', { role: 'Attorney' }),
  standing('ca4', ca4, 'suspended', {
    role: 'Attorney',
    offices: officesOfCa4,
    filerId: 'doe.j',
    actions: ['Receive notices of electronic filing'],
    firstDay: 'March 14, 2018',
    changes: [
      { label: 'Suspended', on: 'November 3, 2026' },
      { label: 'Active', on: 'March 10, 2018' },
    ],
  }),
  standing('nced', 'U.S. District Court for the Eastern District of North Carolina', 'lapsed', {
    role: 'Pro hac vice',
    firstDay: 'July 1, 2025',
    lastDay: 'June 30, 2026',
    isPast: true,
  }),
  standing('ncmd', 'U.S. District Court for the Middle District of North Carolina', 'revoked'),
  standing('ncmb', 'U.S. Bankruptcy Court for the Middle District of North Carolina', 'none'),
  standing('cofc', 'U.S. Court of Federal Claims', 'not-live'),
]

const session = (seconds: number) => ({
  idleMinutes: 30,
  signedInAt: new Date(Date.now() - 60_000),
  previousSignInAt: new Date(Date.now() - 86_400_000),
  endsAt: new Date(Date.now() + seconds * 1000),
})

const signedInAs = {
  name: account.name,
  username: account.username,
  signOutAction: '/taken',
  csrf: 'csrf-token',
}

/** A page of one's own account, in its frame. */
const inFrame = (
  nonce: string,
  path: string,
  content: PortalContent,
  time: TimeOnPage = session(12 * 3600),
  who: typeof signedInAs = signedInAs,
): string => portalPage({ ...content, nonce, path, signedInAs: who, session: time })

const ofAccount = (seconds: number) =>
  accountContent({
    account,
    steps: [],
    pressCsrf: 'press-token',
    staffPosts: [],
    standings,
    session: session(seconds),
  })

const liveSessions: LiveSessionOnPage[] = [
  {
    uid: 'mark-1',
    isCurrent: true,
    browser: 'Firefox on Windows',
    network: '203.0.113',
    signedInAt: new Date(Date.now() - 60_000),
    names: [],
  },
  {
    uid: 'mark-2',
    isCurrent: false,
    browser: 'Safari on an iPhone',
    network: '2001:db8:12',
    signedInAt: new Date(Date.now() - 3_600_000),
    names: [ncwd, ncwb],
  },
  {
    uid: 'mark-3',
    isCurrent: false,
    browser: 'An unknown browser',
    signedInAt: new Date(Date.now() - 7_200_000),
    names: [ca4],
  },
]

const ofSessions = (sessions: readonly LiveSessionOnPage[]) =>
  sessionsContent({
    sessions,
    end: { action: '/taken', csrf: 'csrf-token' },
    endOthers: { action: '/taken', csrf: 'csrf-token' },
  })

const choosing = {
  askedBy,
  username: 'jdoe-carolina',
  hint: passwordHint,
  rules: passwordRules,
}

const changing = {
  action: '/taken',
  csrf: 'csrf-token',
  was: 'mark',
  username: 'jdoe-carolina',
}

const withdraw = { action: '/withdrawn', csrf: 'withdraw-token' }

const docketFiler = {
  clientId: 'docket-filer',
  name: 'Docket Filer',
  courtNames: [ncwd, ncwb],
  wants: ['Know that it is you who signed in', 'See your name and username'],
  allowedAt: new Date(Date.now() - 3_600_000),
}

const courts: ListedCourt[] = [
  ['ca4', ca4, 'appellate', '04', 'Richmond, VA'],
  [
    'bap9',
    'U.S. Bankruptcy Appellate Panel of the Ninth Circuit',
    'bap',
    '09',
    'San Francisco, CA',
  ],
  ['ncwd', ncwd, 'district', '04', 'Charlotte, NC'],
  [
    'ohndad',
    'U.S. District Court for the Northern District of Ohio (asbestos database)',
    'district',
    '06',
    'Cleveland, OH',
  ],
  ['ncwb', ncwb, 'bankruptcy', '04', 'Charlotte, NC'],
  ['jpml', 'U.S. Judicial Panel on Multidistrict Litigation', 'national', null, 'Washington, DC'],
].map(([id, name, type, circuit, seat]) => ({
  id: id!,
  name: name!,
  type: type!,
  typeLabel: 'District Court',
  circuit: circuit ?? null,
  seat: seat!,
  isLive: id !== 'ohndad',
  goLiveText: id === 'ohndad' ? 'Not live yet' : 'Live since August 30, 2021',
}))

const court = {
  id: 'ncwd',
  name: ncwd,
  typeLabel: 'District Court',
  circuit: '04',
  states: ['NC'],
  host: 'ecf.ncwd.uscourts.gov',
  webUrl: 'http://www.ncwd.uscourts.gov',
  seat: 'Charlotte, NC',
  clerkOffices: [
    { address: '401 W. Trade St., Rm 1301, Charlotte, NC 28202', phone: '(866) 851-1605' },
    { address: '309 US Courthouse Bldg., 100 Otis St., Asheville, NC 28801' },
    { phone: '(828) 771-7200' },
  ],
  clerkOfficesAsOf: 'January 10, 2023',
  goLiveText: 'Live since August 30, 2021',
}

const signOut = {
  action: '/taken',
  stayAddress: '/stay',
  fields: { client_id: 'ncwd-cmecf', csrf: 'csrf-token' },
  hasProblem: false,
}

const keptMail = (subject: string, to: string) => ({
  messageId: '<1@localhost>',
  to,
  sentAt: new Date('2026-11-24T19:45:10Z'),
  ...layOut(
    {
      subject,
      paragraphs: [`Somebody, perhaps you, asked for a new password for ${to}.`],
      code: '042137',
      button: 'Choose a new password',
      withoutLink: 'Without the link: open http://localhost:3000/recover and ask again.',
    },
    {
      main: { url: `http://localhost:3000/recover/${'A1b-_'.repeat(9)}`, lifeMinutes: 30 },
      notMe: {
        url: `http://localhost:3000/account/not-me/${'A1b-_'.repeat(9)}`,
        lifeMinutes: 20160,
      },
    },
  ),
})

const goLiveComing: GoLiveSection = {
  countdown: {
    secondsLeft: 5 * 24 * 3600 + 4 * 3600 + 90,
    text: '5 days and 4 hours',
    moment: 'December 1, 2026, 8:00 a.m. Eastern time',
  },
  steps: 'before',
  linkUntil: 'March 1, 2027, 12:00 a.m. Eastern time',
  isLinkingClosed: false,
  closed: [
    {
      what: 'filing',
      from: 'November 28, 2026, 12:00 p.m. Eastern time',
      until: 'December 1, 2026, 8:00 a.m. Eastern time',
      isNow: true,
    },
    {
      what: 'requests',
      from: 'November 21, 2026, 12:00 p.m. Eastern time',
      until: 'December 1, 2026, 8:00 a.m. Eastern time',
      isNow: false,
    },
  ],
  emergencyWay: `Call the clerk in Charlotte, and bring the paper. ${hostile}`,
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
  'sign-in-vendor': (nonce) =>
    signInPage({
      nonce,
      ...form,
      cancelLabel: 'Cancel and go back to Docket Filer',
      askedBy: { clientName: 'Docket Filer', courts: everyCourt, isVendor: true },
    }),
  'sign-in-many-courts': (nonce) =>
    signInPage({ nonce, ...form, askedBy: { clientName: 'National filing', courts: everyCourt } }),
  'sign-in-national': (nonce) =>
    signInPage({
      nonce,
      ...form,
      cancelLabel: 'Cancel and go back to PACER Case Locator',
      askedBy: { clientName: 'PACER Case Locator', courts: [] },
    }),
  'sign-in-while-others-wait': (nonce) =>
    signInPage({ nonce, ...form, askedBy, waitsAt: '/waits' }),
  'sign-in-long-ago': (nonce) => signInPage({ nonce, ...form, askedBy, ...again('long-ago') }),
  'sign-in-asked-by-court': (nonce) =>
    signInPage({ nonce, ...form, askedBy, ...again('asked-by-court') }),
  'sign-in-other-person': (nonce) =>
    signInPage({ nonce, ...form, askedBy, ...again('other-person') }),
  'select-account': (nonce) =>
    selectAccountPage({
      nonce,
      ...form,
      askedBy,
      person: { name: 'Jane Quincy Doe', username: 'jdoe-carolina' },
    }),
  'select-account-hostile': (nonce) =>
    selectAccountPage({ nonce, ...form, askedBy, person: { name: hostile, username: hostile } }),
  'sign-in-wrong-credentials': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: { kind: 'wrong-credentials' },
    }),
  'sign-in-missing-fields': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      problem: { kind: 'missing-fields', problems: missingFields },
    }),
  'sign-in-missing-password': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: { kind: 'missing-fields', problems: missingFields.slice(1) },
    }),
  'sign-in-locked': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: { kind: 'locked', until: new Date('2026-11-24T19:45:10Z'), retryAfterSeconds: 240 },
    }),
  'sign-in-last-free-try': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: { kind: 'last-free-try', pauseSeconds: 30 },
    }),
  'sign-in-paused-now': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: {
        kind: 'paused-now',
        until: new Date('2026-11-24T19:45:10Z'),
        retryAfterSeconds: 30,
      },
    }),
  'sign-in-password-disabled': (nonce) =>
    signInPage({
      nonce,
      ...form,
      askedBy,
      username: 'jdoe-carolina',
      problem: { kind: 'password-disabled' },
    }),
  ...Object.fromEntries(
    (['closed', 'disabled', 'unconfirmed'] as const).map((state) => [
      `sign-in-account-${state}`,
      (nonce: string) =>
        signInPage({
          nonce,
          ...form,
          askedBy,
          username: 'jdoe-carolina',
          problem: { kind: 'account-barred', state },
        }),
    ]),
  ),
  'sign-in-busy': (nonce) =>
    signInPage({ nonce, ...form, askedBy, problem: { kind: 'busy', retryAfterSeconds: 2 } }),
  'sign-in-ended': (nonce) => signInPage({ nonce, ...form, askedBy, problem: { kind: 'ended' } }),
  'sign-in-too-many': (nonce) =>
    signInPage({ nonce, ...form, askedBy, problem: { kind: 'too-many', retryAfterSeconds: 60 } }),
  'turned-away-busy': () => turnedAwayPage({ reason: 'busy', seconds: 5 }),
  'turned-away-too-many': () => turnedAwayPage({ reason: 'too-many', seconds: 60 }),
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
    redactionNoticePage({
      nonce,
      ...form,
      court: { name: ncwd, url: '/courts/ncwd' },
      clerks: clerksOfTwo,
      mustCheck: true,
    }),
  'redaction-notice-hostile': (nonce) =>
    redactionNoticePage({ nonce, ...form, court: { name: hostile } }),
  register: (nonce) => registerPage({ nonce, ...form, client: 'ncwd-cmecf', wayBack: way }),
  'register-problem': (nonce) =>
    registerPage({
      nonce,
      ...form,
      email: 'jane@',
      problems: [
        { path: ['email'], message: 'Check your e-mail address: write it like name@example.com' },
      ],
    }),
  'register-hostile': (nonce) =>
    registerPage({
      nonce,
      ...form,
      email: hostile,
      client: hostile,
      wayBack: { name: hostile, place: hostile, url: 'https://ncwd.example.com/' },
      problems: [{ path: ['email'], message: hostile }],
    }),
  'register-check': (nonce) => checkMailPage({ nonce, ...form, ...checking, email }),
  'register-check-sent-again': (nonce) =>
    checkMailPage({ nonce, ...form, ...checking, email, isSentAgain: true }),
  'register-check-wrong-code': (nonce) =>
    checkMailPage({
      nonce,
      ...form,
      ...checking,
      email: `${'long'.repeat(15)}@${'mail-'.repeat(9)}server.example.com`,
      typedCode: '123456',
      summary: {
        heading: 'This is not the code',
        problems: [
          {
            path: ['code'],
            message: 'Compare it with the newest message. You can try 4 times more',
          },
        ],
      },
    }),
  'register-check-hostile': (nonce) =>
    checkMailPage({
      nonce,
      ...form,
      againCsrf: hostile,
      next: hostile,
      email: hostile,
      typedCode: hostile,
    }),
  'register-confirm': (nonce) => confirmPage({ nonce, ...form, ...checking, email }),
  'register-confirm-hostile': (nonce) =>
    confirmPage({ nonce, ...form, ...checking, email: hostile }),
  'register-form': (nonce) => accountFormPage({ nonce, ...form, email, typed: {} }),
  'register-form-problems': (nonce) =>
    accountFormPage({
      nonce,
      ...form,
      email,
      typed: { ...typedByJane, postalCode: '123', barState1: 'NC', barNumber1: '' },
      summary: {
        heading: 'Your account is not created yet',
        text: 'Everything else is kept. Type your password again: for your safety it is not.',
        problems: accountFormProblems,
      },
    }),
  'register-form-more-bars': (nonce) =>
    accountFormPage({ nonce, ...form, email, typed: typedByJane, isOneMoreBar: true }),
  'register-form-like-another': (nonce) =>
    accountFormPage({ nonce, ...form, email, typed: typedByJane, isLikeAnother: true }),
  'register-form-busy': (nonce) =>
    accountFormPage({
      nonce,
      ...form,
      email: undefined,
      typed: typedByJane,
      summary: {
        heading: 'Central Sign-On is not available for a moment',
        text: 'What you typed is kept, but for your password.',
        help: 'If it happens again, call the PACER Service Center',
      },
    }),
  'register-form-hostile': (nonce) =>
    accountFormPage({
      nonce,
      ...form,
      email: hostile,
      typed: { givenName: hostile, city: hostile, barNumber1: hostile, username: hostile },
    }),
  'register-done': (nonce) =>
    donePage({
      nonce,
      name: 'Jane Doe',
      username: 'jdoe-carolina',
      number: '7123456',
      wayBack: way,
    }),
  'register-done-in-review': (nonce) =>
    donePage({
      nonce,
      name: 'Jane Doe',
      username: 'jdoe-carolina',
      number: '7123456',
      review: stateWords({ state: 'in-review', held: null }),
    }),
  'register-done-hostile': (nonce) =>
    donePage({
      nonce,
      name: hostile,
      username: hostile,
      number: hostile,
      wayBack: { name: hostile, place: hostile, url: 'javascript:window.hacked=1' },
    }),
  'rules-of-use': (nonce) => rulesOfUsePage({ nonce }),
  'rules-of-use-step': (nonce) =>
    rulesOfUseStepPage({
      nonce,
      ...form,
      askedBy,
      version: '2026-11-02',
      versionText: 'November 2, 2026',
    }),
  'rules-of-use-step-must-check': (nonce) =>
    rulesOfUseStepPage({
      nonce,
      ...form,
      askedBy,
      version: '2026-11-02',
      versionText: 'November 2, 2026',
      mustCheck: true,
    }),
  'rules-of-use-step-hostile': (nonce) =>
    rulesOfUseStepPage({
      nonce,
      ...form,
      askedBy: { clientName: hostile, courts: [{ name: hostile }] },
      version: hostile,
      versionText: hostile,
    }),
  'legacy-notice': (nonce) =>
    legacyNoticePage({ nonce, ...form, askedBy, canUpgrade: true, asksEmail: true }),
  'legacy-notice-signed-in-earlier': (nonce) =>
    legacyNoticePage({ nonce, ...form, askedBy, canUpgrade: false, asksEmail: false }),
  'shared-notice': (nonce) =>
    sharedNoticePage({
      nonce,
      ...form,
      askedBy,
      registerAddress: '/register?client=ncwd',
      isFirm: false,
    }),
  'firm-notice': (nonce) =>
    sharedNoticePage({
      nonce,
      ...form,
      askedBy,
      registerAddress: '/register?client=ncwd',
      isFirm: true,
    }),
  ...upgradeStates(hostile),
  'not-live-notice': (nonce) =>
    notLiveNoticePage({
      nonce,
      ...form,
      court: {
        name: ncwd,
        loginUrl: 'https://ecf.ncwd.uscourts.gov/cgi-bin/login.pl',
        goLiveOn: 'August 30, 2027',
        offices: officesOfCa4,
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
  'not-live-notice-rolled-back': (nonce) =>
    notLiveNoticePage({ nonce, ...form, court: { name: ncwd, isRolledBack: true } }),
  'filing-closed': (nonce) =>
    filingClosedPage({
      nonce,
      ...form,
      court: {
        name: ncwd,
        until: 'December 1, 2026, 8:00 a.m. Eastern time',
        emergencyWay: `Come to the counter in Charlotte.\n${hostile}`,
        offices: officesOfCa4,
      },
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
  'consent-every-court': (nonce) =>
    consentPage({
      nonce,
      ...form,
      client: { name: 'Docket Filer' },
      courts: everyCourt,
      wants: ['Know that it is you who signed in'],
      canStayConnected: false,
    }),
  denied: (nonce) =>
    deniedPage({
      nonce,
      client: { name: 'Docket Filer' },
      signedInAs: undefined,
      goOnTo: '/cancelled',
    }),
  'denied-signed-in': (nonce) =>
    deniedPage({
      nonce,
      client: { name: 'Docket Filer' },
      signedInAs: { name: 'Jane Doe', username: 'jdoe-attorney' },
      goOnTo: '/cancelled',
    }),
  'denied-hostile': (nonce) =>
    deniedPage({
      nonce,
      client: { name: hostile },
      signedInAs: { name: hostile, username: hostile },
      goOnTo: hostile,
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
  expired: (nonce) => expiredPage({ nonce, cause: 'expired', askedBy: way }),
  'expired-kept': (nonce) =>
    expiredPage({
      nonce,
      cause: 'expired',
      askedBy: way,
      kept: {
        things: ['your username and password', 'your confirmation that you redact what you file'],
        time: '15 minutes',
      },
    }),
  'expired-used': (nonce) => expiredPage({ nonce, cause: 'used', askedBy: way }),
  'expired-other-browser': (nonce) => expiredPage({ nonce, cause: 'other-browser', askedBy: way }),
  'expired-no-cookie': (nonce) => expiredPage({ nonce, cause: 'no-cookie', askedBy: way }),
  'expired-signed-in': (nonce) =>
    expiredPage({ nonce, cause: 'expired', askedBy: way, signedInAs: jane(false) }),
  'expired-used-by-who-is-signed-in': (nonce) =>
    expiredPage({ nonce, cause: 'used', askedBy: way, signedInAs: jane(true) }),
  'expired-used-by-somebody-else': (nonce) =>
    expiredPage({ nonce, cause: 'used', askedBy: way, signedInAs: jane(false) }),
  'expired-other-browser-signed-in': (nonce) =>
    expiredPage({ nonce, cause: 'other-browser', askedBy: way, signedInAs: jane(false) }),
  'expired-hostile': (nonce) =>
    expiredPage({
      nonce,
      cause: 'used',
      askedBy: { name: hostile, place: hostile, url: 'javascript:window.hacked=1' },
      signedInAs: { name: hostile, username: hostile, isWhoUsedIt: false },
    }),
  'expired-court-unknown': (nonce) => expiredPage({ nonce, cause: 'expired' }),
  error: (nonce) =>
    errorPage({
      nonce,
      status: 503,
      heading: 'Central Sign-On is not available for a moment',
      explanation:
        'Your request could not be finished. Nothing is lost, and it is safe to try again.',
      whatToDo: ['Wait a few seconds, then try again.'],
      reference: '4f6c1c2e',
      action: { id: 'try-again', url: '/again?client=ncwd', label: 'Try again' },
      askedBy: way,
    }),
  'error-sign-out': (nonce) =>
    errorPage({
      nonce,
      status: 503,
      heading: 'You may still be signed in',
      explanation: 'Central Sign-On could not sign you out, or could not find out whether it did.',
      whatToDo: ['Wait a few seconds, then try again.'],
      reference: '4f6c1c2e',
      action: { id: 'try-again', url: '/again', label: 'Try again' },
    }),
  'error-court-unknown': (nonce) =>
    errorPage({
      nonce,
      status: 404,
      heading: 'There is no such page',
      explanation: 'The address may be mistyped or out of date.',
      whatToDo: [],
      reference: '4f6c1c2e',
    }),
  'error-hostile': (nonce) =>
    errorPage({
      nonce,
      status: 400,
      heading: hostile,
      explanation: hostile,
      whatToDo: [hostile],
      reference: hostile,
      action: { id: 'try-again', url: hostile, label: hostile },
      askedBy: { name: hostile, place: hostile, url: 'javascript:window.hacked=1' },
    }),
  'sign-out': (nonce) => signOutPage({ nonce, ...signOut, askedBy: way }),
  'sign-out-after-a-mistake': (nonce) => signOutPage({ nonce, ...signOut, hasProblem: true }),
  'sign-out-hostile': (nonce) =>
    signOutPage({
      nonce,
      ...signOut,
      action: hostile,
      stayAddress: hostile,
      fields: { state: hostile },
      askedBy: { name: hostile, place: hostile },
    }),
  'still-signed-in': (nonce) =>
    stillSignedInPage({ nonce, signOutAddress: '/sign-out', askedBy: way }),
  'still-signed-in-court-unknown': (nonce) =>
    stillSignedInPage({ nonce, signOutAddress: '/sign-out' }),
  'signed-out': (nonce) => signedOutPage({ nonce, askedBy: way }),
  'signed-out-court-unknown': (nonce) => signedOutPage({ nonce }),
  account: (nonce) =>
    inFrame(
      nonce,
      paths.account,
      accountContent({
        account,
        steps: nextSteps(
          facts,
          standings.map(({ courtId: id, courtName: name, status }) => ({ id, name, status })),
        ),
        pressCsrf: 'press-token',
        staffPosts: [],
        standings,
        session: session(12 * 3600),
      }),
    ),
  'account-nothing-next': (nonce) =>
    inFrame(
      nonce,
      paths.account,
      accountContent({
        account,
        steps: nextSteps(facts, [{ id: 'ncwd', name: ncwd, status: 'active' }]),
        pressCsrf: 'press-token',
        staffPosts: [],
        standings: standings.slice(0, 1),
        session: session(12 * 3600),
      }),
    ),
  'account-no-court': (nonce) =>
    inFrame(
      nonce,
      paths.account,
      accountContent({
        account: {
          ...account,
          searchStatus: 'inactive',
          email: { address: 'jane@example.com', isConfirmed: false },
        },
        steps: nextSteps({ ...facts, searchStatus: 'inactive', isEmailVerified: false }, []),
        pressCsrf: 'press-token',
        staffPosts: [
          { role: 'Clerk’s office', courtName: ncwd },
          { role: 'Auditor, for all courts' },
        ],
        standings: [],
        session: {
          ...session(8 * 3600),
          idleMinutes: 15,
          previousSignInAt: undefined,
          isStaff: true,
        },
      }),
    ),
  'account-legacy': (nonce) =>
    inFrame(
      nonce,
      paths.account,
      accountContent({
        account: {
          ...account,
          typeLabel: 'Legacy individual account',
          email: undefined,
          cannotFileText: accountLimits.legacy,
        },
        steps: nextSteps({ ...facts, isUpgraded: false, email: null }, []),
        pressCsrf: 'press-token',
        staffPosts: [],
        standings: [],
        session: session(12 * 3600),
      }),
    ),
  'account-ending': (nonce) => inFrame(nonce, paths.account, ofAccount(100), session(100)),
  'account-ended': (nonce) => inFrame(nonce, paths.account, ofAccount(2), session(2)),
  'account-hostile': (nonce) =>
    inFrame(
      nonce,
      paths.account,
      accountContent({
        account: {
          ...account,
          name: hostile,
          username: hostile,
          number: hostile,
          typeLabel: hostile,
          email: { address: hostile, isConfirmed: true },
        },
        steps: [
          {
            id: 'hostile',
            heading: hostile,
            text: hostile,
            action: { url: '/hostile', label: hostile },
          },
        ],
        pressCsrf: 'press-token',
        staffPosts: [{ role: hostile, courtName: hostile }],
        standings: [
          standing('ncwd', hostile, 'active', {
            label: hostile,
            text: hostile,
            role: hostile,
            filerId: hostile,
            actions: [hostile],
            firstDay: hostile,
            lastDay: hostile,
            changes: [
              { label: hostile, on: hostile },
              { label: hostile, on: hostile },
            ],
            entrance: { url: 'javascript:window.hacked=1', isOldLogin: false },
          }),
        ],
        session: session(12 * 3600),
      }),
      session(12 * 3600),
      { name: hostile, username: hostile, signOutAction: '/taken', csrf: hostile },
    ),
  ...Object.fromEntries(
    portalTabs
      .filter(({ id }) => id === 'settings' || id === 'maintenance')
      .map(({ id, path, title }): [string, (nonce: string) => string] => [
        `account-${id}`,
        (nonce) => inFrame(nonce, path, tabContent(title, id)),
      ]),
  ),
  'change-password-step': (nonce) =>
    changePasswordStepPage({ nonce, ...form, ...choosing, asksForPresent: false }),
  'change-password-step-problem': (nonce) =>
    changePasswordStepPage({
      nonce,
      ...form,
      ...choosing,
      asksForPresent: true,
      problem: {
        heading: 'Your password was not changed',
        text: 'Correct what is listed here, and type the passwords again.',
        problems: [
          { path: ['current'], message: 'Enter your present password' },
          { path: ['password'], message: passwordProblemWords['of-repeats'] },
          { path: ['again'], message: 'Enter the new password once more' },
        ],
      },
    }),
  'change-password-step-hostile': (nonce) =>
    changePasswordStepPage({
      nonce,
      ...form,
      ...choosing,
      askedBy: { clientName: hostile, courts: [{ name: hostile }] },
      username: hostile,
      asksForPresent: true,
    }),
  'account-password': (nonce) =>
    inFrame(nonce, paths.changePassword, passwordContent({ ...changing, endsOthers: true })),
  'account-password-due': (nonce) =>
    inFrame(
      nonce,
      paths.changePassword,
      passwordContent({ ...changing, endsOthers: true, isDue: true }),
    ),
  'account-password-problem': (nonce) =>
    inFrame(
      nonce,
      paths.changePassword,
      passwordContent({
        ...changing,
        endsOthers: false,
        lastChangeAt: new Date('2026-03-04T20:45:00Z'),
        problem: {
          heading: 'Your password was not changed',
          text: 'Correct what is listed here, and type all three passwords again.',
          problems: [
            { path: ['current'], message: 'Enter your present password' },
            { path: ['password'], message: passwordProblemWords['of-own-words'] },
          ],
        },
      }),
    ),
  'account-password-paused': (nonce) =>
    inFrame(
      nonce,
      paths.changePassword,
      passwordContent({
        ...changing,
        endsOthers: true,
        problem: {
          heading: 'Your password was not changed',
          text: 'Your password was not checked. Wait 30 seconds, then try again.',
          help: 'If you do not know the password, the PACER Service Center can help',
        },
      }),
    ),
  'account-password-changed': (nonce) =>
    inFrame(
      nonce,
      paths.changePassword,
      passwordContent({
        ...changing,
        endsOthers: true,
        lastChangeAt: new Date(),
        isDone: { isSignedInElsewhere: false },
      }),
    ),
  'account-password-hostile': (nonce) =>
    inFrame(
      nonce,
      paths.changePassword,
      passwordContent({
        action: hostile,
        csrf: hostile,
        was: hostile,
        username: hostile,
        endsOthers: true,
        problem: {
          heading: hostile,
          text: hostile,
          help: hostile,
          problems: [{ path: ['password'], message: hostile }],
        },
      }),
    ),
  'account-sessions': (nonce) => inFrame(nonce, paths.accountSessions, ofSessions(liveSessions)),
  'account-sessions-one': (nonce) =>
    inFrame(nonce, paths.accountSessions, ofSessions(liveSessions.slice(0, 1))),
  'account-sessions-hostile': (nonce) =>
    inFrame(
      nonce,
      paths.accountSessions,
      ofSessions(
        liveSessions.map((live) => ({
          ...live,
          uid: hostile,
          browser: hostile,
          network: hostile,
          names: [hostile],
        })),
      ),
    ),
  'account-activity': (nonce) =>
    inFrame(
      nonce,
      paths.accountActivity,
      activityContent({
        events: [
          { text: `Signed in at ${ncwd}`, at: new Date(), network: '203.0.113' },
          { text: 'A wrong password was typed', at: new Date(), network: '2001:db8:12' },
          { text: 'The account was made, by the PACER Service Center', at: new Date() },
        ],
        isLater: true,
        olderThan: '17',
      }),
    ),
  'account-activity-none': (nonce) =>
    inFrame(nonce, paths.accountActivity, activityContent({ events: [], isLater: true })),
  'account-activity-hostile': (nonce) =>
    inFrame(
      nonce,
      paths.accountActivity,
      activityContent({
        events: [{ text: hostile, at: new Date(), network: hostile }],
        isLater: false,
      }),
    ),
  'account-applications': (nonce) =>
    inFrame(
      nonce,
      paths.accountApplications,
      applicationsContent({
        vendors: [
          docketFiler,
          { ...docketFiler, clientId: 'filing-software', name: 'Filing Software' },
        ],
        withdraw,
      }),
    ),
  'account-applications-none': (nonce) =>
    inFrame(
      nonce,
      paths.accountApplications,
      applicationsContent({ vendors: [], withdrawnFrom: 'Docket Filer', withdraw }),
    ),
  'account-applications-hostile': (nonce) =>
    inFrame(
      nonce,
      paths.accountApplications,
      applicationsContent({
        vendors: [
          { ...docketFiler, name: hostile, courtNames: [hostile, hostile], wants: [hostile] },
        ],
        withdrawnFrom: hostile,
        withdraw: { action: hostile, csrf: hostile },
      }),
    ),
  'account-usage': (nonce) =>
    inFrame(
      nonce,
      paths.accountUsage,
      usageContent({
        days: 90,
        uses: [
          { name: ncwd, courtNames: [], times: 12, lastAt: new Date(Date.now() - 60_000) },
          {
            name: 'Docket Filer',
            courtNames: [ncwd, ncwb],
            times: 1,
            lastAt: new Date(Date.now() - 86_400_000),
          },
        ],
      }),
    ),
  'account-usage-none': (nonce) =>
    inFrame(nonce, paths.accountUsage, usageContent({ days: 90, uses: [] })),
  'account-usage-hostile': (nonce) =>
    inFrame(
      nonce,
      paths.accountUsage,
      usageContent({
        days: 90,
        uses: [{ name: hostile, courtNames: [hostile, hostile], times: 1, lastAt: new Date() }],
      }),
    ),
  'account-search-again': (nonce) =>
    inFrame(
      nonce,
      paths.account,
      accountContent({
        account: { ...account, searchStatus: 'inactive' },
        steps: searchAgainSteps,
        pressCsrf: 'press-token',
        staffPosts: [],
        standings,
        session: session(12 * 3600),
      }),
    ),
  ...askingStates((nonce, path, content) => inFrame(nonce, path, content), hostile),
  ...leavingStates((nonce, path, content) => inFrame(nonce, path, content), hostile),
  ...recoveryStates(hostile),
  ...supportStates(hostile),
  ...importedStates(hostile),
  ...peopleStates(hostile),
  ...queueStates(hostile),
  ...readinessStates(hostile),
  ...linkStates(hostile),
  ...roleStates(hostile),
  ...courtStates(hostile),
  ...goLiveStates(hostile),
  ...changeStates((nonce, path, content) => inFrame(nonce, path, content), hostile),
  ...linkingStates((nonce, path, content) => inFrame(nonce, path, content), hostile),
  ...ownRightStates((nonce, path, content) => inFrame(nonce, path, content), hostile),
  ...personStates((nonce, path, content, time) => inFrame(nonce, path, content, time), hostile),
  ...emailStates((nonce, path, content) => inFrame(nonce, path, content), hostile),
  'not-signed-in': (nonce) => notSignedInPage({ nonce, signInAddress: '/account' }),
  courts: (nonce) => courtsPage({ nonce, courts }),
  'courts-found': (nonce) =>
    courtsPage({
      nonce,
      courts: courts.filter((listed) => listed.id === 'ncwd'),
      query: 'western',
      type: 'district',
    }),
  'courts-none': (nonce) => courtsPage({ nonce, courts: [], query: hostile, type: hostile }),
  mailbox: (nonce) =>
    mailboxPage({
      nonce,
      mails: [
        keptMail('Choose a new password', 'jane.quincy.doe@example.com'),
        keptMail('Your e-mail address was changed', 'jane@old-firm.example.com'),
      ],
    }),
  'mailbox-empty': (nonce) => mailboxPage({ nonce, mails: [] }),
  'mailbox-hostile': (nonce) => mailboxPage({ nonce, mails: [keptMail(hostile, hostile)] }),
  privacy: (nonce) => privacyPage({ nonce }),
  accessibility: (nonce) => accessibilityPage({ nonce }),
  court: (nonce) => courtPage({ nonce, court }),
  'court-offices': (nonce) =>
    courtPage({
      nonce,
      court: {
        ...court,
        offices: [
          {
            name: 'Charlotte',
            telephone: '(704) 555-0100 ext. 12',
            hours: 'Monday to Friday, 8:30 a.m. to 4:30 p.m.',
            timeZone: 'America/New_York',
          },
          { name: hostile, telephone: null, hours: hostile, timeZone: 'America/Chicago' },
        ],
      },
    }),
  'court-goes-live': (nonce) =>
    courtPage({
      nonce,
      court: { ...court, goLiveText: 'Goes live on December 1, 2026, 8:00 a.m. Eastern time' },
      goLive: goLiveComing,
    }),
  'court-went-live': (nonce) =>
    courtPage({
      nonce,
      court,
      goLive: { ...goLiveComing, countdown: undefined, steps: 'after', linkUntil: hostile },
    }),
  'court-linking-closed': (nonce) =>
    courtPage({
      nonce,
      court,
      goLive: {
        ...goLiveComing,
        countdown: undefined,
        steps: 'after',
        isLinkingClosed: true,
        closed: [],
      },
    }),
  'court-no-clerk': (nonce) =>
    courtPage({ nonce, court: { ...court, webUrl: null, seat: null, clerkOffices: [] } }),
  'court-hostile': (nonce) =>
    courtPage({
      nonce,
      court: {
        ...court,
        name: hostile,
        states: [hostile],
        host: hostile,
        webUrl: 'javascript:window.hacked=1',
        seat: hostile,
        clerkOffices: [{ address: hostile, phone: hostile }],
        clerkOfficesAsOf: hostile,
        circuit: null,
        goLiveText: hostile,
      },
    }),
}
