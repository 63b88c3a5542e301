import { practicePath, staffCourtPath } from '../../src/console/court/court-paths.ts'
import { courtHomeContent } from '../../src/console/court/home-page.ts'
import {
  noOfficeContent,
  officeContent,
  officesContent,
} from '../../src/console/court/office-page.ts'
import {
  type FormOnPage,
  historyContent,
  practiceContent,
  requestsContent,
  termsContent,
} from '../../src/console/court/practice-page.ts'
import { noQuestionContent, questionContent } from '../../src/console/court/question-page.ts'
import type { VersionOnPage } from '../../src/console/court/read-changes.ts'
import type { KeptOffice } from '../../src/courts/office.ts'
import { noPractice, type Practice, requestKinds } from '../../src/courts/practice.ts'
import { staff } from './support-states.ts'

type State = (nonce: string) => string

const ncwb = {
  id: 'ncwb',
  name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
}

const ofPractice = (content: Parameters<typeof staff>[1]) => staff(practicePath('ncwb'), content)

const practice = (words: string): Practice => ({
  ...noPractice,
  version: 7,
  takes: requestKinds,
  roles: ['trustee', 'us-trustee', 'filing-agent'],
  questions: [
    { id: 'firm', kind: 'text', label: words, isRequired: true, forKinds: ['pro-hac-vice'] },
    {
      id: 'chapter',
      kind: 'choice',
      label: 'In which kind of case you will file most',
      isRequired: false,
      options: ['Chapter 7', words],
    },
  ],
  terms: { version: 2, text: `First line.\n${words}` },
  deliveryPreferences: ['each-filing', 'daily-summary'],
  deliveryFormats: ['html'],
})

const version = (words: string): VersionOnPage => ({
  version: 7,
  at: 'November 27, 2026, 3:45 p.m. Eastern time',
  by: `${words} (mona-the-manager)`,
  changes: [
    { label: 'Kinds of request', from: 'Pro hac vice', to: 'Pro hac vice; Federal attorney' },
    { label: 'Question', from: undefined, to: words },
    { label: 'Terms', from: words, to: undefined },
  ],
})

const form = (more: Partial<FormOnPage> = {}): FormOnPage => ({
  court: ncwb,
  csrf: 'csrf-token',
  version: 7,
  typed: { 'takes-filing-only': 'yes', oldAccounts: 'clerk-links', lateAfterDays: '3' },
  ...more,
})

const problem = (field: string, message: string) => ({ path: [field], message })

const office = (name: string): KeptOffice => ({
  id: name,
  name,
  telephone: '(704) 555-0100 ext. 12',
  hours: 'Monday to Friday, 8:30 a.m. to 4:30 p.m.',
  timeZone: 'America/New_York',
})

const offices = (words: string, isManager: boolean) =>
  officesContent({
    court: ncwb,
    offices: [office('Charlotte'), office(words)],
    shown: { offices: [office('Charlotte'), office(words)], asOf: null },
    isManager,
    versions: [version(words)],
  })

/** The pages of a court for its own people. */
export const courtStates = (hostile: string): Record<string, State> => ({
  'staff-court': staff(staffCourtPath('ncwb'), () =>
    courtHomeContent({
      courtName: ncwb.name,
      roles: ['Clerk’s office'],
      features: [
        { title: 'Requests', text: 'Who asks to file here.', url: '/staff', waits: '12 wait' },
        { title: hostile, text: hostile, url: '/staff' },
      ],
    }),
  ),
  'court-practice-none': ofPractice(() =>
    practiceContent({ court: ncwb, practice: noPractice, isManager: true, newest: undefined }),
  ),
  'court-practice': ofPractice(() =>
    practiceContent({
      court: ncwb,
      practice: practice('Your law firm'),
      isManager: true,
      newest: version('Mona Manager'),
    }),
  ),
  'court-practice-hostile': ofPractice(() =>
    practiceContent({
      court: { ...ncwb, name: hostile },
      practice: practice(hostile),
      isManager: false,
      newest: version(hostile),
    }),
  ),
  'court-practice-requests': ofPractice(() => requestsContent(form())),
  'court-practice-requests-problem': ofPractice(() =>
    requestsContent(
      form({
        typed: { lateAfterDays: hostile },
        problems: [
          problem('roles', 'Choose a role at least'),
          problem('oldAccounts', 'Choose what becomes of somebody'),
          problem('lateAfterDays', 'Enter a number of days from 1 to 60'),
        ],
      }),
    ),
  ),
  'court-practice-late': ofPractice(() =>
    requestsContent(form({ meanwhile: [version('Mona Manager'), version(hostile)] })),
  ),
  'court-practice-terms': ofPractice(() =>
    termsContent(form({ typed: { terms: `One line.\n${hostile}` } })),
  ),
  'court-practice-terms-problem': ofPractice(() =>
    termsContent(form({ problems: [problem('terms', 'Shorten it to 4000 characters')] })),
  ),
  'court-practice-history': ofPractice(() =>
    historyContent({
      court: ncwb,
      versions: [version('Mona Manager'), { ...version(hostile), version: 6 }],
      older: 5,
      compared: { from: 2, to: 7, changes: version(hostile).changes },
    }),
  ),
  'court-practice-history-none': ofPractice(() =>
    historyContent({ court: ncwb, versions: [], compared: { from: 2, to: 9 } }),
  ),
  'court-question-new': ofPractice(() =>
    questionContent({ ...form({ typed: {} }), question: 'new' }),
  ),
  'court-question': ofPractice(() =>
    questionContent({
      ...form({ typed: { label: hostile, kind: 'choice', options: hostile, isRequired: 'yes' } }),
      question: 'chapter',
      place: { isFirst: false, isLast: false },
    }),
  ),
  'court-question-problem': ofPractice(() =>
    questionContent({
      ...form({
        typed: { kind: 'choice' },
        problems: [
          problem('label', 'Enter the question'),
          problem('kind', 'Choose what it is answered with'),
          problem('options', 'Enter from 2 to 20 choices'),
          problem('isRequired', 'Choose whether it has to be answered'),
        ],
      }),
      question: 'new',
    }),
  ),
  'court-question-gone': ofPractice(() => noQuestionContent(ncwb, 'not-there')),
  'court-questions-full': ofPractice(() => noQuestionContent(ncwb, 'too-many')),
  'court-offices-kept': ofPractice(() => offices('Asheville', true)),
  'court-offices-read': ofPractice(() => offices(hostile, false)),
  'court-offices-none': ofPractice(() =>
    officesContent({
      court: ncwb,
      offices: [],
      shown: { offices: [], asOf: null },
      isManager: true,
      versions: [],
    }),
  ),
  'court-office': ofPractice(() =>
    officeContent({
      ...form({ typed: { name: hostile, timeZone: 'America/Chicago' } }),
      office: 'a',
      place: { isFirst: true, isLast: false },
    }),
  ),
  'court-office-problem': ofPractice(() =>
    officeContent({
      ...form({
        problems: [
          problem('name', 'Enter the name of the office'),
          problem('telephone', 'Check the telephone number'),
          problem('hours', 'Shorten it to 160 characters'),
          problem('timeZone', 'Choose the time zone of the office'),
        ],
      }),
      office: 'new',
    }),
  ),
  'court-office-late': ofPractice(() =>
    officeContent({ ...form({ meanwhile: [version(hostile)] }), office: 'new' }),
  ),
  'court-office-gone': ofPractice(() => noOfficeContent(ncwb, 'not-there')),
  'court-offices-full': ofPractice(() => noOfficeContent(ncwb, 'too-many')),
})
