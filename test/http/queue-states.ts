import {
  admissionChoices,
  answerWords,
  grantChoices,
} from '../../src/console/requests/act-words.ts'
import { requestActs } from '../../src/console/requests/forms.ts'
import { queueContent } from '../../src/console/requests/queue-page.ts'
import {
  answerContent,
  approveContent,
  handContent,
  type RequestOnPage,
  type RequestProblem,
  requestContent,
  unknownRequestContent,
} from '../../src/console/requests/request-page.ts'
import { courtRequestsPath } from '../../src/console/requests/request-paths.ts'
import type { QueuedRequest } from '../../src/efiling/requests/queue-store.ts'
import type { AccountId } from '../../src/ids.ts'
import { staff } from './support-states.ts'

type State = (nonce: string) => string

const court = {
  id: 'ncwb',
  name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
  timeZone: 'America/New_York',
}
const path = courtRequestsPath('ncwb')

const queued = (name: string, more: Partial<QueuedRequest> = {}): QueuedRequest => ({
  id: 'request',
  number: '12345678',
  kind: 'admission-and-filing',
  role: 'attorney',
  state: 'open',
  waitsFor: 'clerk',
  submittedAt: new Date('2026-11-20T15:00:00Z'),
  endedAt: null,
  isLate: true,
  filer: { givenName: 'Jane Quincy', familyName: name, username: 'jdoe', number: '7123456' },
  assignedTo: null,
  ...more,
})

const queue = (requests: readonly QueuedRequest[], shows = 'clerk') =>
  queueContent({
    court,
    query: { shows, kind: '', age: '', who: '' },
    counts: {
      waits: { clerk: 12, you: 3, fee: 1, judge: 0, training: 0 },
      late: 4,
      mine: 2,
      approved: 41,
      denied: 3,
      withdrawn: 1,
    },
    lateAfterDays: 5,
    requests,
    isLater: requests.length > 0,
    after: requests.length > 0 ? '1795449600000.request' : undefined,
  })

const request = (name: string, more: Partial<RequestOnPage> = {}): RequestOnPage => ({
  number: '12345678',
  version: 2,
  name,
  asksFor: 'Attorney admission and e-filing',
  stands: 'Waits for: the clerk',
  tone: 'pending',
  since: 'Sent on November 20, 2026; 6 days of it with the clerk.',
  assigned: `Taken on by ${name}.`,
  submitted: [
    { label: 'Role', text: 'Attorney' },
    { label: name, text: name },
    { label: 'Certificate of good standing', text: 'certificate.pdf (120 KB)', document: 'id' },
  ],
  account: [
    ['Name', name],
    ['E-mail of the account', 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com'],
    ['Bar numbers', 'NC 12345; SC 998'],
  ],
  alike: [
    {
      name,
      number: '7000001',
      same: 'Bar number, name',
      filerId: 'jdoe-ecf',
      openRequest: '87654321',
    },
    { name, number: '7000002', same: 'Postal address', filerId: null, openRequest: null },
  ],
  imported: [
    {
      id: '5d9b0f3e-0000-4000-8000-000000000001',
      login: 'jdoe-old',
      name,
      state: 'Active in the old system',
      same: 'Bar number, name',
      linkId: null,
      canBeLinked: true,
    },
    {
      id: '5d9b0f3e-0000-4000-8000-000000000002',
      login: 'jdoe-older',
      name,
      state: 'Not in use in the old system',
      same: 'Name',
      linkId: '41',
      canBeLinked: false,
    },
  ],
  oldAccountRule: 'Your court has said that you link the account of whoever has one.',
  events: [
    { text: 'The request was sent', message: null, at: 'November 20, 2026', by: 'the filer' },
    { text: 'The filer was asked something', message: name, at: 'November 21, 2026', by: name },
  ],
  ...more,
})

const shown = (of: RequestOnPage, more: { problem?: RequestProblem; isOwn?: boolean } = {}) =>
  requestContent({
    court,
    request: of,
    isOwn: false,
    acts: more.isOwn || of.tone !== 'pending' ? [] : requestActs,
    assign: { csrf: 'csrf-token', from: '', isMine: false },
    ...more,
  })

const head = (name: string) => ({
  court,
  request: request(name),
  csrf: 'csrf-token',
})

const approving = (name: string, typed: Record<string, string>, problem?: RequestProblem) =>
  approveContent({
    ...head(name),
    typed,
    problem,
    roles: [
      ['attorney', 'Attorney'],
      ['pro-hac-vice', 'Pro hac vice'],
    ],
    grants: grantChoices,
    admissions: admissionChoices,
    filers: [
      { value: 'none', label: 'None yet' },
      { value: 'former', label: `Approve as ${name}`, text: 'which this account has here.' },
      { value: 'other', label: 'Another one', text: 'whose name you enter below.' },
    ],
  })

const answering = (act: 'ask' | 'deny' | 'wait', name: string, problem?: RequestProblem) =>
  answerContent({
    ...head(name),
    typed: problem ? { message: name } : {},
    problem,
    act,
    ...answerWords(act, 'clerk'),
  })

const missing = (...fields: readonly (readonly [string, string])[]): RequestProblem => ({
  heading: 'Nothing was decided',
  problems: fields.map(([field, message]) => ({ path: [field], message })),
})

/** The pages on which the clerk of a court decides on requests. */
export const queueStates = (hostile: string): Record<string, State> => ({
  'queue-requests': staff(path, () =>
    queue([
      queued('Doe'),
      queued('Roe', {
        number: '23456789',
        isLate: false,
        assignedTo: {
          id: 'clerk' as AccountId,
          givenName: 'Carla',
          familyName: 'Lerk',
          username: 'carla',
        },
      }),
    ]),
  ),
  'queue-none': staff(path, () => queue([])),
  'queue-done-hostile': staff(path, () =>
    queue(
      [
        queued(hostile, {
          state: 'denied',
          waitsFor: null,
          isLate: false,
          endedAt: new Date('2026-11-25T15:00:00Z'),
          assignedTo: {
            id: 'clerk' as AccountId,
            givenName: hostile,
            familyName: null,
            username: hostile,
          },
        }),
      ],
      'done',
    ),
  ),
  'queue-request': staff(path, () => shown(request('Jane Quincy Doe'))),
  'queue-request-hostile': staff(path, () => shown(request(hostile))),
  'queue-request-decided': staff(path, () =>
    shown(
      request('Jane Quincy Doe', {
        stands: 'Approved',
        tone: 'active',
        alike: [],
        imported: [],
        submitted: [],
      }),
      {
        problem: {
          heading: 'This request is decided already',
          text: 'Mona Office approved it on November 27, 2026. Nothing of yours was saved, and the decision stands.',
        },
      },
    ),
  ),
  'queue-request-unknown': staff(path, () => unknownRequestContent(court)),
  'queue-approve': staff(path, () =>
    approving('jdoe-ecf', { role: 'attorney', grants: 'file', as: 'former' }),
  ),
  'queue-approve-problem': staff(path, () =>
    approving(
      hostile,
      { role: 'attorney', endsOn: hostile, filerId: hostile, message: hostile },
      missing(
        ['role', 'Choose the role'],
        ['grants', 'Choose what is granted'],
        ['admitted', 'Choose whether this person is admitted'],
        ['admittedUntil', 'Choose “Admitted”, or leave the last day of the admission empty'],
        ['endsOn', 'Enter the day as month, day and year, for example 12/31/2029'],
        ['as', 'Choose the CM/ECF account'],
        ['filerId', 'Enter the name of the CM/ECF account, or choose another line above'],
        ['message', 'Enter 250 characters at most'],
      ),
    ),
  ),
  'queue-deny-problem': staff(path, () =>
    answering(
      'deny',
      hostile,
      missing(['reason', 'Choose the reason'], ['message', 'Enter what the filer is told']),
    ),
  ),
  'queue-hand-problem': staff(path, () =>
    handContent({
      ...head(hostile),
      typed: {},
      problem: missing(['to', 'Choose the colleague']),
      from: '',
      colleagues: [['7520001', hostile]],
    }),
  ),
  'queue-wait': staff(path, () => answering('wait', 'Jane Quincy Doe')),
})
