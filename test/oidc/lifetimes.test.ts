import { describe, expect, test } from 'vitest'
import { lifetimes, refreshSeconds, sessionSeconds } from '../../src/oidc/lifetimes.ts'

const start = 1_795_000_000
const minutes = (count: number) => count * 60
const hours = (count: number) => count * 3600

describe('the time left', () => {
  test.each([
    ['at sign-in', 0, minutes(30)],
    ['after an hour of use', hours(1), minutes(30)],
    ['half an hour before the end', hours(11.5), minutes(30)],
    ['ten minutes before the end', hours(12) - 600, 600],
    ['in the last second', hours(12) - 1, 1],
    ['at the end', hours(12), 1],
    ['long after the end', hours(40), 1],
  ])('to a session %s', (_, age, left) => {
    expect(sessionSeconds(start, start + age)).toBe(left)
  })

  test.each([
    ['at first', 0, hours(1)],
    ['after eleven hours', hours(11), hours(1)],
    ['after eleven and a half', hours(11.5), minutes(30)],
    ['at the end', hours(12), 1],
    ['long after the end', hours(13), 1],
  ])('to a refresh token %s', (_, age, left) => {
    expect(refreshSeconds(start, start + age)).toBe(left)
  })
})

test('the values are those of the rules they come from', () => {
  expect(lifetimes).toEqual({
    authorizationCode: 60,
    pushedRequest: 60,
    accessToken: 300,
    idToken: 300,
    interaction: 900,
    sessionIdle: 1800,
    sessionAbsolute: 43_200,
    refreshIdle: 3600,
    refreshAbsolute: 43_200,
    grant: 90_000,
    dpopProof: 60,
  })
})

test('a grant outlives every token that can hang on it', () => {
  // A refresh token issued in the last second of a session lives twelve hours more.
  const lastToken = lifetimes.sessionAbsolute + lifetimes.refreshAbsolute
  expect(lifetimes.grant).toBeGreaterThan(lastToken)
})
