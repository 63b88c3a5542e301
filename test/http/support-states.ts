import { stateWords } from '../../src/accounts/state-words.ts'
import { consoleEntries } from '../../src/console/entries.ts'
import { type ConsoleContent, consolePage, homeContent } from '../../src/console/frame.ts'
import { accountContent, unknownContent } from '../../src/console/support/account-page.ts'
import {
  type ActProblem,
  actContent,
  ownAccountContent,
} from '../../src/console/support/act-page.ts'
import type { SupportAct } from '../../src/console/support/acts.ts'
import {
  addressProposalContent,
  type ProposalOnPage,
  proposeAddressContent,
} from '../../src/console/support/address-page.ts'
import {
  compareBirthDateContent,
  correctBirthDateContent,
} from '../../src/console/support/birth-date-page.ts'
import { findContent } from '../../src/console/support/find-page.ts'
import type { FoundAccount } from '../../src/console/support/store.ts'
import { supportAccountPath } from '../../src/console/support/support-paths.ts'
import type { AccountId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'

export type State = (nonce: string) => string

/** A page for staff, in its frame. */
export const staff = (path: string, content: () => ConsoleContent): State => {
  return (nonce) =>
    consolePage({
      ...content(),
      nonce,
      path,
      entries: consoleEntries,
      signedInAs: {
        name: 'Sam Support',
        username: 'sam-of-support',
        signOutAction: '/signed-out',
        csrf: 'csrf-token',
      },
      session: { idleMinutes: 15, endsAt: new Date(Date.now() + 8 * 3600_000) },
    })
}

const found = (number: string, more: Partial<FoundAccount> = {}): FoundAccount => ({
  id: number as AccountId,
  number,
  type: 'individual',
  isUpgraded: true,
  username: 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com',
  givenName: 'Jane Quincy',
  familyName: 'Doe',
  email: 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com',
  isEmailVerified: true,
  state: 'active',
  held: null,
  ...more,
})

const seen = (name: string) =>
  accountContent({
    account: {
      name,
      number: '7123456',
      state: stateWords({ state: 'in-review', held: null }),
      isInOrder: false,
      since: 'November 3, 2026, 3:45 p.m. Eastern time',
      alertedAt: 'November 4, 2026, 9:12 a.m. Eastern time',
      holds: ['In review, since November 3, 2026, 3:45 p.m. Eastern time'],
      signIn: 'Not paused; 2 wrong passwords in a row',
      email: 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com',
      isConfirmed: true,
      emailRefusedAt: 'November 4, 2026, 9:12 a.m. Eastern time',
      hasBirthDate: true,
      isOfOnePerson: true,
      facts: [
        ['Username', name],
        ['Address', '1 Long Street with a Long Name, Charlotte, NC 28202, US'],
      ],
      acts: ['answer-alert', 'unlock', 'release-review', 'hold', 'disable', 'close'],
      notes: [{ text: 'Put on hold', reason: name, at: 'November 3, 2026', by: name }],
      courts: [{ name: 'U.S. District Court for the Western District', status: 'Active' }],
      twins: [
        {
          name,
          number: '7000001',
          username: 'jdoe-carolina',
          email: 'None',
          state: 'Active',
          hasSameBirthDate: true,
        },
      ],
    },
    isOwn: false,
    events: [
      { at: 'November 4, 2026', text: `Signed in, ${name}`, by: name, network: '192.0.2.7' },
      { at: 'November 3, 2026', text: 'The account was made', by: 'The holder', network: '–' },
    ],
    olderThan: '17',
    isLater: true,
  })

const acting = (act: SupportAct, problem?: ActProblem) =>
  actContent({
    act,
    account: { name: 'Jane Quincy Doe', number: '7123456', username: 'jdoe-carolina' },
    state: 'This account is active',
    csrf: 'csrf-token',
    reason: 'The firm called',
    problem,
  })

const birthDate = (name: string) => ({
  account: { name, number: '7123456', username: 'jdoe-carolina' },
  hasBirthDate: true,
  csrf: 'csrf-token',
  typed: { birthMonth: '4', birthDay: '28', birthYear: '1986' },
})

const addressForm = (name: string) => ({
  account: { name, number: '7123456', username: 'jdoe-carolina' },
  email: 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com',
  csrf: 'csrf-token',
  typed: {},
})

const proposed = (name: string, more: Partial<ProposalOnPage> = {}): ProposalOnPage => ({
  id: 'proposal',
  toEmail: 'jane.quincy.doe.of.the.new.firm@another-long-domain-name.example.com',
  proof: 'Date of birth compared; called back at the number of the bar',
  reason: name,
  proposedBy: 'sam-of-support',
  proposedAt: 'November 27, 2026, 10:00 a.m. Eastern time',
  until: 'November 30, 2026, 10:00 a.m. Eastern time',
  isApproved: false,
  ...more,
})

/** The pages for staff. */
export const supportStates = (hostile: string): Record<string, State> => ({
  'staff-home': staff(paths.staff, () =>
    homeContent({
      posts: ['PACER Service Center, for all courts'],
      waiting: [],
      entries: consoleEntries,
    }),
  ),
  'staff-home-waiting': staff(paths.staff, () =>
    homeContent({
      posts: ['PACER Service Center, for all courts'],
      waiting: [
        { id: 'one', count: 1, sentence: '1 role waits for you', path: paths.support },
        { id: 'two', count: 12, sentence: hostile, path: paths.support },
      ],
      entries: consoleEntries,
    }),
  ),
  'staff-home-empty': staff(paths.staff, () =>
    homeContent({ posts: [hostile], waiting: [], entries: [] }),
  ),
  'support-find': staff(paths.support, () => findContent({ typed: '' })),
  'support-find-empty': staff(paths.support, () =>
    findContent({ typed: '', problem: 'Enter an account number' }),
  ),
  'support-found': staff(paths.support, () =>
    findContent({
      typed: 'Doe',
      found: [
        found('7123456'),
        found('7000001', {
          username: hostile,
          familyName: hostile,
          email: null,
          state: 'disabled',
        }),
      ],
      after: '7000001',
    }),
  ),
  'support-none-found': staff(paths.support, () => findContent({ typed: hostile, found: [] })),
  'support-act': staff(supportAccountPath('7123456'), () => acting('close')),
  'support-act-problem': staff(supportAccountPath('7123456'), () =>
    acting('release-recovery', {
      heading: 'Nothing was changed',
      problems: [{ path: ['reason'], message: 'Enter why you do this' }],
    }),
  ),
  'support-act-late': staff(supportAccountPath('7123456'), () =>
    acting('hold', { heading: 'Nothing was changed', text: 'Somebody else was faster.' }),
  ),
  'support-own-account': staff(supportAccountPath('7123456'), () => ownAccountContent('7123456')),
  'support-unknown': staff(supportAccountPath('7123456'), unknownContent),
  'support-find-waiting': staff(paths.support, () =>
    findContent({
      typed: '',
      alerts: [
        { number: '7123456', at: 'November 4, 2026, 9:12 a.m. Eastern time' },
        { number: '7000001', at: 'November 5, 2026, 9:12 a.m. Eastern time' },
      ],
      waiting: [
        { number: '7123456', by: hostile, until: 'November 30, 2026', isOwn: false },
        { number: '7000001', by: 'sam-of-support', until: 'November 30, 2026', isOwn: true },
      ],
    }),
  ),
  'support-propose-address': staff(supportAccountPath('7123456'), () =>
    proposeAddressContent(addressForm('Jane Quincy Doe')),
  ),
  'support-propose-address-problem': staff(supportAccountPath('7123456'), () =>
    proposeAddressContent({
      ...addressForm(hostile),
      typed: { email: hostile, proof: hostile, reason: hostile },
      problem: {
        heading: 'Nothing was proposed',
        problems: [
          { path: ['email'], message: 'Check the e-mail address: write it like name@example.com' },
          { path: ['proof'], message: 'Enter how the caller proved who it is' },
          { path: ['reason'], message: 'Enter why you do this' },
        ],
      },
    }),
  ),
  'support-address-proposal': staff(supportAccountPath('7123456'), () =>
    addressProposalContent({
      ...addressForm('Jane Quincy Doe'),
      proposal: proposed(hostile, { objectedAt: 'November 27, 2026, 11:00 a.m. Eastern time' }),
      isProposer: false,
    }),
  ),
  'support-address-proposal-problem': staff(supportAccountPath('7123456'), () =>
    addressProposalContent({
      ...addressForm('Jane Quincy Doe'),
      proposal: proposed('The firm has gone'),
      isProposer: false,
      problem: {
        heading: 'Nothing was decided',
        problems: [
          { path: ['decision'], message: 'Choose what you decide' },
          { path: ['reason'], message: 'Enter why you do this' },
        ],
      },
    }),
  ),
  'support-own-proposal': staff(supportAccountPath('7123456'), () =>
    addressProposalContent({
      ...addressForm('Jane Quincy Doe'),
      proposal: proposed('The firm has gone'),
      isProposer: true,
    }),
  ),
  'support-address-approved': staff(supportAccountPath('7123456'), () =>
    addressProposalContent({
      ...addressForm('Jane Quincy Doe'),
      proposal: proposed('The firm has gone', { isApproved: true }),
      isProposer: false,
      problem: { heading: 'Nothing was decided', text: 'It is not as it was.' },
    }),
  ),
  'support-compare-birth-date': staff(supportAccountPath('7123456'), () =>
    compareBirthDateContent({ ...birthDate(hostile), typed: {} }),
  ),
  'support-birth-date-other': staff(supportAccountPath('7123456'), () =>
    compareBirthDateContent({ ...birthDate('Jane Quincy Doe'), compared: 'other' }),
  ),
  'support-no-birth-date': staff(supportAccountPath('7123456'), () =>
    compareBirthDateContent({ ...birthDate('Jane Quincy Doe'), hasBirthDate: false }),
  ),
  'support-correct-birth-date': staff(supportAccountPath('7123456'), () =>
    correctBirthDateContent({ ...birthDate('Jane Quincy Doe'), typed: {} }),
  ),
  'support-correct-birth-date-problem': staff(supportAccountPath('7123456'), () =>
    correctBirthDateContent({
      ...birthDate('Jane Quincy Doe'),
      typed: { birthDay: '31', reason: hostile },
      problem: {
        heading: 'Nothing was changed',
        problems: [
          { path: ['birthMonth'], message: 'Choose the month of the birth' },
          { path: ['birthYear'], message: 'Enter the year of the birth, with four digits' },
          { path: ['reason'], message: 'Enter why you do this' },
        ],
      },
    }),
  ),
  'support-account': staff(supportAccountPath('7123456'), () => seen('Jane Quincy Doe')),
  'support-account-hostile': staff(supportAccountPath('7123456'), () => seen(hostile)),
})
