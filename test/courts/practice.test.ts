import { describe, expect, test } from 'vitest'
import { callAddress, readTelephone, zoneInWords } from '../../src/courts/office.ts'
import { officeChanges } from '../../src/courts/office-changes.ts'
import { withAdded, withChanged, withMoved, withoutItem } from '../../src/courts/ordered-list.ts'
import { noPractice, type Practice, questionsFor } from '../../src/courts/practice.ts'
import { practiceChanges } from '../../src/courts/practice-changes.ts'

const practice: Practice = {
  ...noPractice,
  version: 1,
  takes: ['filing-only'],
  questions: [
    { id: 'firm', kind: 'text', label: 'Your firm', isRequired: false },
    {
      id: 'chapter',
      kind: 'choice',
      label: 'Chapter',
      isRequired: true,
      options: ['7', '13'],
      forKinds: ['filing-only'],
    },
  ],
}

describe('what differs between two versions of a practice', () => {
  test('is nothing between a version and itself', () => {
    expect(practiceChanges(practice, { ...practice, version: 2 })).toEqual([])
  })

  test('is said of each member in words', () => {
    const after: Practice = {
      ...practice,
      takes: ['pro-hac-vice'],
      terms: { version: 1, text: 'The rules' },
      lateAfterDays: 1,
      questions: practice.questions.toReversed(),
    }
    expect(practiceChanges(practice, after)).toEqual([
      { member: 'takes', from: 'E-filing registration only', to: 'Pro hac vice' },
      { member: 'questionOrder', from: 'Your firm; Chapter', to: 'Chapter; Your firm' },
      { member: 'terms', from: undefined, to: 'The rules' },
      { member: 'lateAfterDays', from: '5 days', to: '1 day' },
    ])
  })

  test('names a question that came, one that went and one whose words changed', () => {
    const [firm, chapter] = practice.questions
    const after: Practice = {
      ...practice,
      questions: [
        { ...chapter!, options: ['7', '11'] },
        { id: 'since', kind: 'date', label: 'Since', isRequired: true },
      ],
    }
    expect(practiceChanges({ ...practice, questions: [firm!, chapter!] }, after)).toEqual([
      { member: 'questions', from: '“Your firm” (a text; optional)', to: undefined },
      {
        member: 'questions',
        from: '“Chapter” (a choice of 7, 13; required; asked with E-filing registration only)',
        to: '“Chapter” (a choice of 7, 11; required; asked with E-filing registration only)',
      },
      { member: 'questions', from: undefined, to: '“Since” (a date; required)' },
    ])
  })
})

test('a question for one kind of request is asked with that kind alone', () => {
  const asked = (kind: 'filing-only' | 'pro-hac-vice') =>
    questionsFor(practice, kind).map(({ id }) => id)
  expect([asked('filing-only'), asked('pro-hac-vice')]).toEqual([['firm', 'chapter'], ['firm']])
})

describe('a list whose order somebody decides', () => {
  const list = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
  const ids = (outcome: ReturnType<typeof withMoved>) =>
    outcome.ok ? outcome.value.map(({ id }) => id).join('') : outcome.reason

  test.each([
    ['moves one up', withMoved(list, 'b', 'up'), 'bac'],
    ['moves one down', withMoved(list, 'b', 'down'), 'acb'],
    ['leaves the first where it is', withMoved(list, 'a', 'up'), 'abc'],
    ['leaves the last where it is', withMoved(list, 'c', 'down'), 'abc'],
    ['loses one', withoutItem(list, 'b'), 'ac'],
    ['takes one more', withAdded(list, { id: 'd' }, 4), 'abcd'],
    ['takes none beyond its end', withAdded(list, { id: 'd' }, 3), 'too-many'],
    ['moves none that is not there', withMoved(list, 'd', 'up'), 'not-there'],
    ['loses none that is not there', withoutItem(list, 'd'), 'not-there'],
    ['changes none that is not there', withChanged(list, { id: 'd' }), 'not-there'],
  ])('%s', (_, outcome, expected) => {
    expect(ids(outcome)).toBe(expected)
  })
})

describe('a telephone number', () => {
  test.each([
    ['704-350-7500', '(704) 350-7500'],
    ['1 (704) 350 7500', '(704) 350-7500'],
    ['+1.704.350.7500', '(704) 350-7500'],
    ['(704) 350-7500 ext. 12', '(704) 350-7500 ext. 12'],
    ['7043507500x12', '(704) 350-7500 ext. 12'],
    ['350-7500', undefined],
    ['704-350-7500 or 7501', undefined],
    ['+39 06 12345678', undefined],
    ['call me', undefined],
  ])('%s is written %s', (typed, written) => {
    expect(readTelephone(typed)).toBe(written)
  })

  test('is called with its extension', () => {
    expect(callAddress('(704) 350-7500')).toBe('tel:+17043507500')
    expect(callAddress('(704) 350-7500 ext. 12')).toBe('tel:+17043507500;ext=12')
  })
})

test('the hours of an office are those of its clock, by the name that people give it', () => {
  expect(['America/Detroit', 'Pacific/Saipan', 'America/Boise'].map(zoneInWords)).toEqual([
    'Eastern time',
    'Chamorro time',
    'Mountain time',
  ])
})

test('what differs between two lists of offices is said in words', () => {
  const office = { telephone: null, hours: null, timeZone: 'America/New_York' }
  const [a, b] = [
    { ...office, id: 'a', name: 'Asheville' },
    { ...office, id: 'b', name: 'Charlotte' },
  ]
  expect(officeChanges([a, b], [b, { ...a, hours: 'Mondays' }])).toEqual([
    {
      member: 'office',
      from: 'Asheville, no telephone, no hours (Eastern time)',
      to: 'Asheville, no telephone, Mondays (Eastern time)',
    },
    { member: 'order', from: 'Asheville; Charlotte', to: 'Charlotte; Asheville' },
  ])
})
