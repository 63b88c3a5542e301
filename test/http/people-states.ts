import type { PersonAct } from '../../src/console/people/acts.ts'
import { peopleContent } from '../../src/console/people/list-page.ts'
import { peoplePath, personActPath, personPath } from '../../src/console/people/people-paths.ts'
import {
  decideContent,
  personContent,
  unknownPersonContent,
} from '../../src/console/people/person-page.ts'
import type { PersonOnPage } from '../../src/console/people/read-person.ts'
import type { PersonAtCourt } from '../../src/console/people/store.ts'
import { roleLabel, roles } from '../../src/courts/roles.ts'
import { noRight } from '../../src/efiling/right.ts'
import { reasonLabels } from '../../src/efiling/right-machine.ts'
import { staff } from './support-states.ts'

type State = (nonce: string) => string

const ncwb = {
  id: 'ncwb',
  name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
  timeZone: 'America/New_York',
}

const listed = (familyName: string): PersonAtCourt => ({
  number: '7123456',
  givenName: 'Jane Quincy',
  familyName,
  username: 'jdoe',
  right: { ...noRight, state: 'active', role: 'attorney', filerId: familyName },
})

const person = (words: string, more: Partial<PersonOnPage> = {}): PersonOnPage => ({
  name: words,
  number: '7123456',
  state: 'active',
  facts: [
    ['What is granted', `Attorney; File documents; CM/ECF account ${words}`],
    ['Since', 'September 2, 2021'],
    ['Admitted to practice', 'Yes, until December 31, 2028'],
  ],
  account: [
    ['Account number', '7123456'],
    ['Account type', 'Upgraded individual account'],
    ['The account', 'Active'],
    ['Told by e-mail', 'Yes, at the address of the account'],
  ],
  remarks: [],
  waiting: [],
  history: [
    {
      text: 'The right lapsed: its last day was November 27, 2026',
      isDecided: false,
      reason: undefined,
      message: null,
      at: 'November 28, 2026, 12:00 a.m. Eastern time',
      by: 'itself',
    },
    {
      text: 'The right was suspended; notices stay',
      isDecided: true,
      reason: 'Undeliverable notices',
      message: words,
      at: 'November 27, 2026, 3:45 p.m. Eastern time',
      by: `${words} (cleo-the-clerk)`,
    },
  ],
  ...more,
})

const list = (more: Partial<Parameters<typeof peopleContent>[0]> = {}) =>
  staff(peoplePath('ncwb'), () =>
    peopleContent({
      court: ncwb,
      query: '',
      people: [],
      isLater: false,
      after: undefined,
      csrf: 'csrf-token',
      typed: {},
      ...more,
    }),
  )

const onPage = (more: Partial<Parameters<typeof personContent>[0]>) =>
  staff(personPath('ncwb', '7123456'), () =>
    personContent({ court: ncwb, person: person('Jane Doe'), acts: [], found: '', ...more }),
  )

const decide = (act: PersonAct, more: Partial<Parameters<typeof decideContent>[0]> = {}) =>
  staff(personActPath('ncwb', '7123456', act), () =>
    decideContent({
      court: ncwb,
      zone: 'Eastern time',
      person: person('Jane Doe'),
      act,
      seen: 3,
      found: '',
      csrf: 'csrf-token',
      typed: { when: 'now' },
      roles: roles.map((role) => [role, roleLabel(role)]),
      grants: [
        { value: 'file', label: 'File documents', text: 'and receive notices.' },
        { value: 'notices', label: 'Receive notices of electronic filing', text: 'and no more.' },
      ],
      reasons: Object.entries(reasonLabels),
      ...more,
    }),
  )

const problem = (field: string, message: string) => ({ path: [field], message })

/** Who has something at a court, and what is decided about one of them. */
export const peopleStates = (hostile: string): Record<string, State> => ({
  people: list({ people: [listed('Doe'), listed(hostile)], after: '7123456' }),
  'people-none': list({ query: hostile }),
  'people-later': list({ isLater: true, people: [listed('Doe')] }),
  'people-not-found': list({
    typed: { number: hostile, familyName: hostile },
    problem: {
      heading: 'Nobody was found',
      problems: [
        problem('number', 'Enter the account number: it has seven digits'),
        problem('familyName', 'Enter the last name'),
      ],
    },
  }),
  'person-at-court': onPage({
    person: person(hostile, {
      remarks: [hostile],
      waiting: [{ text: 'The right was ended, from July 4, 2031 on', by: hostile }],
    }),
    acts: ['revoke', 'withdraw'],
  }),
  'person-at-court-new': onPage({
    person: person('Jane Doe', { state: 'none', history: [] }),
    acts: ['grant', 'admit'],
    found: 'mark',
  }),
  'person-at-court-late': onPage({
    acts: ['change', 'extend', 'suspend', 'revoke', 'admit', 'end-admission'],
    problem: { heading: 'Somebody else decided meanwhile', text: hostile },
  }),
  'person-unknown': staff(peoplePath('ncwb'), () => unknownPersonContent(ncwb)),
  'decide-grant': decide('grant', { typed: { filerId: hostile, message: hostile, when: 'later' } }),
  'decide-suspend': decide('suspend', {
    person: person(hostile, { waiting: [{ text: hostile, by: hostile }] }),
  }),
  'decide-withdraw': decide('withdraw'),
  'decide-problem': decide('grant', {
    problem: {
      heading: 'Nothing was decided',
      problems: [
        problem('role', 'Choose the role'),
        problem('grants', 'Choose what is granted'),
        problem('filerId', 'Enter another CM/ECF account'),
        problem('endsOn', 'Enter the day as month, day and year'),
        problem('admitted', 'Choose whether this person is admitted'),
        problem('admittedUntil', 'Enter the day as month, day and year'),
        problem('reason', 'Choose the reason'),
        problem('message', 'Say in a message what the reason is'),
        problem('when', 'Choose from when it holds'),
        problem('from', 'Enter the day from which it holds'),
        problem('time', 'Enter the time with a.m. or p.m.'),
      ],
    },
  }),
})
