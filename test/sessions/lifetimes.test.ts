import { describe, expect, test } from 'vitest'
import { lifetimes, refreshSeconds, sessionTime } from '../../src/sessions/lifetimes.ts'

const start = 1_795_000_000
const minutes = (count: number) => count * 60
const hours = (count: number) => count * 3600

describe('the time left', () => {
  test.each([
    ['at sign-in', 0, minutes(30), false],
    ['after an hour of use', hours(1), minutes(30), false],
    ['half an hour before the end', hours(11.5), minutes(30), false],
    ['ten minutes before the end', hours(12) - 600, 600, false],
    ['in the last second', hours(12) - 1, 1, false],
    ['at the end', hours(12), 1, true],
    ['long after the end', hours(40), 1, true],
  ])('to a session %s', (_, age, secondsLeft, isOver) => {
    expect(sessionTime(start, start + age, false)).toEqual({
      idleSeconds: minutes(30),
      endsAt: start + hours(12),
      secondsLeft,
      isOver,
    })
  })

  test.each([
    ['at sign-in', 0, minutes(15), false],
    ['after an hour of use', hours(1), minutes(15), false],
    ['a quarter of an hour before the end', hours(7.75), minutes(15), false],
    ['ten minutes before the end', hours(8) - 600, 600, false],
    ['in the last second', hours(8) - 1, 1, false],
    ['at the end', hours(8), 1, true],
    ['where everybody else has hours left', hours(9), 1, true],
  ])('to a session of court staff %s', (_, age, secondsLeft, isOver) => {
    expect(sessionTime(start, start + age, true)).toEqual({
      idleSeconds: minutes(15),
      endsAt: start + hours(8),
      secondsLeft,
      isOver,
    })
  })

  test.each([
    ['at first', 0, hours(1)],
    ['after eleven hours', hours(11), hours(1)],
    ['after eleven and a half', hours(11.5), minutes(30)],
    ['at the end', hours(12), 1],
    ['long after the end', hours(13), 1],
  ])('to a refresh token %s', (_, age, left) => {
    const token = { issuedAt: start, signedInAt: start - hours(11) }
    expect(refreshSeconds(token, start + age, false)).toBe(left)
  })

  test.each([
    ['at first', 0, hours(1)],
    ['seven hours after the sign-in', hours(5), hours(1)],
    ['half an hour before the end of the session', hours(5.5), minutes(30)],
    ['at the end of the session', hours(6), 1],
  ])('to a refresh token of court staff, got two hours after the sign-in, %s', (_, age, left) => {
    const token = { issuedAt: start, signedInAt: start - hours(2) }
    expect(refreshSeconds(token, start + age, true)).toBe(left)
  })
})

test('the values are those of the rules they come from', () => {
  expect(lifetimes).toEqual({
    authorizationCode: 60,
    pushedRequest: 60,
    accessToken: 300,
    idToken: 300,
    interaction: 900,
    interactionAbsolute: 3600,
    sessionIdle: 1800,
    sessionAbsolute: 43_200,
    staffSessionIdle: 900,
    staffSessionAbsolute: 28_800,
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
