import { describe, expect, test } from 'vitest'
import { lifetimes } from '../../src/sessions/lifetimes.ts'
import { grantOfLiving, isSessionTooOld } from '../../src/sessions/token-life.ts'

const now = 1_795_449_600
const ago = (seconds: number) => now - seconds
const alive = { grantPayload: { clientId: 'ncwd' }, isSessionOver: false }
const anyone = { isStaff: false, nowSeconds: now }
const staff = { isStaff: true, nowSeconds: now }
const longest = lifetimes.staffSessionAbsolute

describe('a code or token', () => {
  test('is alive under a grant that is, and gives that grant', () => {
    expect(grantOfLiving({ authTime: ago(60) }, alive, anyone)).toBe(alive.grantPayload)
    expect(grantOfLiving({ authTime: ago(60) }, alive, staff)).toBe(alive.grantPayload)
  })

  test.each([
    ['its grant is revoked, over or gone', { ...alive, grantPayload: null }],
    ['its session was ended', { ...alive, isSessionOver: true }],
  ])('is dead when %s', (_, lifelines) => {
    expect(grantOfLiving({ authTime: ago(60) }, lifelines, anyone)).toBeUndefined()
  })

  test.each([
    ['a code or refresh token', { authTime: ago(longest) }],
    ['an access token', { extra: { auth_time: ago(longest) } }],
  ])('of somebody who became staff dies with the longest session of staff: %s', (_, token) => {
    expect(grantOfLiving(token, alive, staff)).toBeUndefined()
    expect(grantOfLiving(token, alive, anyone)).toBe(alive.grantPayload)
  })

  test('of staff that names no sign-in lives as long as its grant', () => {
    expect(grantOfLiving({}, alive, staff)).toBe(alive.grantPayload)
  })
})

describe('a session', () => {
  test.each([
    [longest - 1, false],
    [longest, true],
  ])('of staff, %d seconds after the sign-in, is too old: %s', (seconds, isOver) => {
    expect(isSessionTooOld({ loginTs: ago(seconds) }, staff)).toBe(isOver)
    expect(isSessionTooOld({ loginTs: ago(seconds) }, anyone)).toBe(false)
  })

  test('in which nobody signed in is not', () => {
    expect(isSessionTooOld({}, staff)).toBe(false)
  })
})
