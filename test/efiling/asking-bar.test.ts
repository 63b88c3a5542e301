import { describe, expect, test } from 'vitest'
import { noPractice, type Practice } from '../../src/courts/practice.ts'
import type { Day } from '../../src/days.ts'
import { findAskedBar, findCourtBar, listAskable } from '../../src/efiling/requests/asking-bar.ts'
import { fieldOf, readDetails } from '../../src/efiling/requests/read-answers.ts'
import {
  clerkSecondsAt,
  ownQuestions,
  type RequestMove,
  type RequestState,
  standpointAfter,
  type WaitsFor,
} from '../../src/efiling/requests/request.ts'
import type { EfilingEntry } from '../../src/efiling/standing.ts'

const person = { type: 'individual', isUpgraded: true, state: 'active' } as const
const none = { status: 'none', actions: [] } as const
const since = '2021-09-02' as Day
const files: Pick<EfilingEntry, 'status' | 'role' | 'actions' | 'admitted' | 'since'> = {
  status: 'active',
  role: 'attorney',
  actions: ['file', 'receive-notices'],
  admitted: true,
  since,
}
const practice: Practice = {
  ...noPractice,
  version: 1,
  takes: ['admission-and-filing', 'pro-hac-vice', 'non-attorney'],
  roles: ['limited-filer', 'trustee'],
}

describe('a court cannot be asked', () => {
  test.each([
    ['with a legacy account', { ...person, isUpgraded: false }, none, 'needs-upgraded-individual'],
    ['with a shared account', { ...person, type: 'shared' }, none, 'needs-upgraded-individual'],
    ['with a firm’s account', { ...person, type: 'firm' }, none, 'needs-upgraded-individual'],
    ['while the account is held', { ...person, state: 'held' }, none, 'account-held'],
    ['before it is live', person, { status: 'not-live', actions: [] }, 'not-live'],
    ['by whom it has suspended', person, { ...files, status: 'suspended' }, 'suspended'],
    ['by whom it has given everything', person, files, 'files-here-since'],
  ] as const)('%s', (_, who, entry, reason) => {
    expect(findCourtBar(who, entry, practice)?.reason).toBe(reason)
  })

  test('while it takes nothing, and a court that has said nothing takes nothing', () => {
    expect(findCourtBar(person, none, noPractice)).toEqual({ reason: 'takes-no-requests' })
    const ofNobody = { ...practice, takes: ['non-attorney'], roles: [] } as const
    expect(findCourtBar(person, none, ofNobody)).toEqual({ reason: 'takes-no-requests' })
  })

  test('while it takes no new requests for its go-live, and who has everything is told that first', () => {
    const until = new Date('2026-12-01T13:00:00Z')
    const closed = { reason: 'requests-closed', until }
    expect(findCourtBar(person, none, practice, until)).toEqual(closed)
    expect(findCourtBar(person, files, practice, until)?.reason).toBe('files-here-since')
  })

  test.each([
    ['nothing', none],
    ['a right that has lapsed', { ...files, status: 'lapsed' }],
    ['a right that was revoked', { ...files, status: 'revoked' }],
    ['notices only', { ...files, actions: ['receive-notices'] }],
    ['filing without admission', { ...files, admitted: false }],
    ['another role', { ...files, role: 'pro-hac-vice' }],
  ] as const)('but it can by whoever has %s', (_, entry) => {
    expect(findCourtBar(person, entry, practice)).toBeUndefined()
  })
})

describe('of what a court takes', () => {
  test('each non-attorney role is a choice of its own', () => {
    expect(listAskable(practice)).toEqual([
      { kind: 'admission-and-filing', role: 'attorney' },
      { kind: 'pro-hac-vice', role: 'pro-hac-vice' },
      { kind: 'non-attorney', role: 'limited-filer' },
      { kind: 'non-attorney', role: 'trustee' },
    ])
  })

  test.each([
    [
      'a kind that it leaves to others',
      { kind: 'federal-attorney', role: 'federal-attorney' },
      none,
      'kind-not-taken',
    ],
    [
      'a role that it does not take',
      { kind: 'non-attorney', role: 'media' },
      none,
      'role-not-taken',
    ],
    [
      'a role that its kind does not have',
      { kind: 'pro-hac-vice', role: 'attorney' },
      none,
      'role-not-taken',
    ],
    [
      'what is there already',
      { kind: 'pro-hac-vice', role: 'pro-hac-vice' },
      { ...files, role: 'pro-hac-vice' },
      'has-it-already',
    ],
  ] as const)('nobody asks for %s', (_, asked, entry, reason) => {
    expect(findAskedBar(asked, entry, practice)?.reason).toBe(reason)
  })

  test('an attorney who files without admission asks for admission', () => {
    const asked = { kind: 'admission-and-filing', role: 'attorney' } as const
    expect(findAskedBar(asked, { ...files, admitted: false }, practice)).toBeUndefined()
  })
})

describe('what is answered', () => {
  const asking: Practice = {
    ...practice,
    questions: [
      { id: 'mover', kind: 'text', label: 'Who moves your admission?', isRequired: true },
      { id: 'since', kind: 'date', label: 'Admitted since', isRequired: false },
      { id: 'bar', kind: 'choice', label: 'Which bar?', isRequired: true, options: ['NC', 'SC'] },
      {
        id: 'case',
        kind: 'text',
        label: 'Which case?',
        isRequired: true,
        forKinds: ['pro-hac-vice'],
      },
      { id: 'paper', kind: 'document', label: 'Certificate', isRequired: true },
    ],
    deliveryPreferences: ['each-filing', 'daily-summary'],
  }
  const typed = {
    [fieldOf(ownQuestions.filedBefore)]: 'No',
    [fieldOf('mover')]: '  Jane   Roe ',
    [fieldOf('bar')]: 'NC',
    'delivery-frequency': 'daily-summary',
  }
  const read = (more: object, isComplete = true) =>
    readDetails(asking, 'admission-and-filing', { ...typed, ...more }, { isComplete })

  test('is kept with the words of its question, in the court’s order', () => {
    expect(read({})).toMatchObject({
      ok: true,
      value: {
        answers: [
          { question: ownQuestions.filedBefore, value: 'No' },
          { question: 'mover', label: 'Who moves your admission?', value: 'Jane Roe' },
          { question: 'bar', label: 'Which bar?', value: 'NC' },
        ],
        deliveryFrequency: 'daily-summary',
        deliveryFormat: null,
      },
    })
  })

  test('is only what was asked: another question’s field, and a field of nobody, are left out', () => {
    const more = {
      [fieldOf('case')]: '3:26-cv-1',
      [fieldOf('state')]: 'approved',
      state: 'approved',
    }
    expect(JSON.stringify(read(more))).not.toMatch(/3:26|approved/)
  })

  test.each([
    ['nothing where something is required', { [fieldOf('mover')]: ' ' }, fieldOf('mover')],
    ['what was not to be chosen', { [fieldOf('bar')]: 'VA' }, fieldOf('bar')],
    ['a day that is none', { [fieldOf('since')]: '2026-02-30' }, fieldOf('since')],
    ['too much', { [fieldOf('mover')]: 'x'.repeat(251) }, fieldOf('mover')],
    ['what cannot be seen', { [fieldOf('mover')]: 'Jane\u202eeoR' }, fieldOf('mover')],
    ['no way to be written to', { 'delivery-frequency': 'never' }, 'delivery-frequency'],
    [
      'not whether one filed before',
      { [fieldOf(ownQuestions.filedBefore)]: '' },
      fieldOf(ownQuestions.filedBefore),
    ],
  ])('is refused at its field: %s', (_, more, field) => {
    const refused = read(more)
    expect(refused).toMatchObject({ ok: false, problems: [{ path: [field] }] })
  })

  test('may be missing in a draft, and may not be wrong', () => {
    const empty = Object.fromEntries(Object.keys(typed).map((name) => [name, '']))
    expect(read(empty, false)).toMatchObject({ ok: true, value: { answers: [] } })
    expect(read({ ...empty, [fieldOf('since')]: 'soon' }, false).ok).toBe(false)
  })
})

describe('a request moves', () => {
  const at = (state: RequestState, waitsFor: WaitsFor | null = null) => ({ state, waitsFor })
  const moves: RequestMove[] = [
    { kind: 'submitted' },
    { kind: 'asked', message: 'Which bar?' },
    { kind: 'answered', message: 'The one of NC' },
    { kind: 'waits', waitsFor: 'judge' },
    { kind: 'approved' },
    { kind: 'denied' },
    { kind: 'withdrawn' },
  ]
  const from = (standpoint: ReturnType<typeof at>) =>
    moves.filter((move) => standpointAfter(standpoint, move)).map(({ kind }) => kind)

  test('from where it stands, and when it is over not any more', () => {
    expect(from(at('draft'))).toEqual(['submitted'])
    const whatTheClerkDoes = ['asked', 'waits', 'approved', 'denied', 'withdrawn']
    expect(from(at('open', 'clerk'))).toEqual(whatTheClerkDoes)
    expect(from(at('open', 'judge'))).toEqual(whatTheClerkDoes.filter((kind) => kind !== 'waits'))
    expect(from(at('open', 'you'))).toEqual([
      'asked',
      'answered',
      'waits',
      'approved',
      'denied',
      'withdrawn',
    ])
    for (const over of ['approved', 'denied', 'withdrawn'] as const)
      expect(from(at(over))).toEqual([])
  })

  test('and the clerk’s clock counts his part alone', () => {
    const now = new Date('2026-11-27T12:00:00Z')
    const waitsSince = new Date('2026-11-27T11:00:00Z')
    const seconds = (waitsFor: WaitsFor) =>
      clerkSecondsAt({ waitsFor, waitsSince, clerkSeconds: 40 }, now)
    expect([seconds('clerk'), seconds('you'), seconds('fee')]).toEqual([3640, 40, 40])
  })
})
