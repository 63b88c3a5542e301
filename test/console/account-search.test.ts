import { expect, test } from 'vitest'
import { readSearch } from '../../src/console/support/account-search.ts'

const nobody = { number: null, username: null, email: null, names: [] }

test.each([
  ['7123456', { ...nobody, number: '7123456', username: '7123456' }],
  ['712-3456', { ...nobody, number: '7123456', username: '712-3456' }],
  [' JDoe-Attorney ', { username: 'jdoe-attorney' }],
  ['Jane+courts@Example.com', { ...nobody, email: 'jane@example.com' }],
  ['Doe, Jane', { ...nobody, names: [{ family: 'Doe', given: 'Jane' }] }],
  [
    'María de la Cruz',
    {
      ...nobody,
      names: [
        { family: 'María de la Cruz', given: '' },
        { family: 'de la Cruz', given: 'María' },
        { family: 'la Cruz', given: 'María de' },
        { family: 'Cruz', given: 'María de la' },
      ],
    },
  ],
  ['one two three four five six seven', nobody],
])('“%s” is looked for as what it can be', (typed, expected) => {
  const search = readSearch(typed)
  expect(search).toEqual({ ok: true, value: expect.objectContaining(expected) })
})

test('nothing, and more than any name or address has, are not looked for', () => {
  expect(readSearch(' \t ')).toMatchObject({ ok: false, reason: 'empty' })
  expect(readSearch('x'.repeat(255))).toMatchObject({ ok: false, reason: 'too-long' })
})
