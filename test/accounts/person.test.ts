import { describe, expect, test } from 'vitest'
import { countBarRows, readBarNumbers } from '../../src/accounts/person/bar-numbers.ts'
import { readBirthDate } from '../../src/accounts/person/birth-date.ts'
import { readName } from '../../src/accounts/person/name.ts'
import { readPhone } from '../../src/accounts/person/phone.ts'
import { readPostalAddress } from '../../src/accounts/person/postal-address.ts'
import { readUsername } from '../../src/accounts/person/username.ts'
import type { Checked } from '../../src/problem.ts'

const at = new Date('2026-11-27T17:00:00Z')

/** The fields with a problem, in their order; none where there is a value. */
function wrongFields(checked: Checked<unknown>): unknown[] {
  return checked.ok ? [] : checked.problems.map(({ path }) => path[0])
}

const taken = <Value>(checked: Checked<Value>): Value | undefined =>
  checked.ok ? checked.value : undefined

describe('a name', () => {
  test('is taken in one line and in one form, whatever its letters', () => {
    expect(
      taken(readName({ givenName: '  Jose\u0301  María ', familyName: "O'Neil-Łuk" })),
    ).toEqual({
      givenName: 'José María',
      familyName: "O'Neil-Łuk",
    })
  })

  test('says everything that is missing at once', () => {
    expect(wrongFields(readName({ givenName: ' ' }))).toEqual(['givenName', 'familyName'])
  })

  test.each(['Jane\u202eeoD', 'Jane\u200b', 'a'.repeat(65)])('refuses %j', (givenName) => {
    expect(wrongFields(readName({ givenName, familyName: 'Doe' }))).toEqual(['givenName'])
  })
})

describe('a name with', () => {
  test.each([
    '12345',
    '--',
    'Ada http://evil.example/login click',
    'Ada www.evil.example',
    'ada@example.com',
    'Visit evil.com now',
  ])('%j in it is no name', (givenName) => {
    expect(wrongFields(readName({ givenName, familyName: 'Doe' }))).toEqual(['givenName'])
  })

  test.each(['St.John', 'J. R.', 'Łuk', '李', 'van der Co.'])('%j in it is one', (familyName) => {
    expect(taken(readName({ givenName: 'Ada', familyName }))).toMatchObject({ familyName })
  })
})

describe('a chosen username', () => {
  const chosen = (username: string) => readUsername({ username }, 'support@firm.example')
  test.each([
    '........',
    '--------',
    '12345678',
    'administrator',
    'Administrator2',
    'pacer-support',
    'support.desk',
    'uscourts.gov',
    'support@firm.example',
  ])('is not %j', (username) => {
    expect(wrongFields(chosen(username))).toEqual(['username'])
  })

  test.each(['supportive-jane', 'pacerfan2026', 'jdoe-attorney', 'a1234567'])(
    'is %j',
    (username) => {
      expect(taken(chosen(username))).toMatchObject({ username })
    },
  )
})

describe('a date of birth', () => {
  const read = (birthMonth?: string, birthDay?: string, birthYear?: string) =>
    readBirthDate(
      Object.fromEntries(
        Object.entries({ birthMonth, birthDay, birthYear }).filter(
          ([, value]) => value !== undefined,
        ),
      ) as Record<string, string>,
      at,
    )

  test('is a day', () => {
    expect(taken(read('4', '08', '1986'))).toBe('1986-04-08')
    expect(taken(read('2', '29', '2004'))).toBe('2004-02-29')
    expect(taken(read('11', '27', '2026'))).toBe('2026-11-27')
  })

  test.each([
    [[], ['birthMonth', 'birthDay', 'birthYear']],
    [['4', '', '1986'], ['birthDay']],
    [['4', 'x', '1986'], ['birthDay']],
    [['2', '30', '1986'], ['birthDay']],
    [['13', '1', '1986'], ['birthDay']],
    [['4', '1', '86'], ['birthYear']],
    [['4', '1', '1899'], ['birthYear']],
    [['11', '28', '2026'], ['birthYear']],
    [['1', '1', '2027'], ['birthYear']],
  ])('of %j has a problem with %j', (typed, fields) => {
    expect(wrongFields(read(...typed))).toEqual(fields)
  })
})

describe('a postal address', () => {
  const charlotte = {
    addressLine1: '401 West Trade Street',
    addressLine2: '',
    city: 'Charlotte',
    state: 'NC',
    postalCode: '282021234',
    country: 'US',
  }

  test('in the United States has a state and a ZIP Code', () => {
    expect(taken(readPostalAddress(charlotte))).toEqual({
      lines: ['401 West Trade Street'],
      city: 'Charlotte',
      state: 'NC',
      postalCode: '28202-1234',
      country: 'US',
    })
    expect(taken(readPostalAddress({ ...charlotte, state: 'AE' }))?.state).toBe('AE')
    const without = { ...charlotte, state: '', postalCode: '' }
    expect(wrongFields(readPostalAddress(without))).toEqual(['state', 'postalCode'])
  })

  test('elsewhere has no state, and a postal code where there is one', () => {
    const elsewhere = { ...charlotte, city: 'Cork, Munster', country: 'IE', postalCode: '' }
    expect(taken(readPostalAddress(elsewhere))).toEqual({
      lines: ['401 West Trade Street'],
      city: 'Cork, Munster',
      country: 'IE',
    })
  })

  test.each(['', 'XX', 'constructor'])('is in no country %j', (country) => {
    expect(wrongFields(readPostalAddress({ ...charlotte, country }))).toEqual(['country'])
  })

  test('is in no state that an object has by itself', () => {
    const fields = { ...charlotte, state: 'constructor' }
    expect(wrongFields(readPostalAddress(fields))).toEqual(['state'])
  })
})

describe('a telephone number', () => {
  test.each(['(704) 350-7400', '+44 20 7946 0958', '704.350.7400 ext. 12', '7043507400'])(
    'may be written %s',
    (phone) => {
      expect(taken(readPhone({ phone }))).toBe(phone)
    },
  )

  test.each(['', '12345', 'call me', '1'.repeat(16), '(((((((((('])('is not %j', (phone) => {
    expect(wrongFields(readPhone({ phone }))).toEqual(['phone'])
  })
})

describe('bar numbers', () => {
  test('may be none, and one that is written twice is one', () => {
    expect(taken(readBarNumbers({}))).toEqual([])
    expect(taken(readBarNumbers({ barState1: '', barNumber1: ' ' }))).toEqual([])
    expect(
      taken(
        readBarNumbers({
          barState1: 'NC',
          barNumber1: ' 12 345 ',
          barState2: 'NC',
          barNumber2: '12 345',
          barState3: 'VA',
          barNumber3: 'A-99',
        }),
      ),
    ).toEqual([
      { state: 'NC', number: '12 345' },
      { state: 'VA', number: 'A-99' },
    ])
  })

  test('have a state and a number each', () => {
    const fields = { barState1: 'NC', barNumber1: '', barState2: '', barNumber2: '77' }
    expect(wrongFields(readBarNumbers(fields))).toEqual(['barNumber1', 'barState2'])
  })

  test('have as many rows as came, and at most ten', () => {
    const rows = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`barState${index + 1}`, '']))
    expect(countBarRows({})).toBe(1)
    expect(countBarRows(rows(3))).toBe(3)
    expect(countBarRows(rows(12))).toBe(10)
  })
})
