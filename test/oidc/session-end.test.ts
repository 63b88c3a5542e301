import { describe, expect, vi } from 'vitest'
import { callbackOf, errorIn, openPage } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'

/** When a session is over. */

const test = kit()
  .override('people', [nora])
  .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
  .extend('isOver', ({ ncwb, browser, signOn }) => async () => {
    const { url } = await ncwb.authorize({ prompt: 'none' })
    const callback = callbackOf(await openPage(browser, signOn, url))
    return errorIn(callback) === 'login_required'
  })

describe('a session does not slide for ever', () => {
  test('half an hour without use ends it', async ({ ncwb, browser, isOver }) => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await ncwb.signIn(browser, nora.username)
    vi.setSystemTime(start + 29 * 60_000)
    expect(await isOver()).toBe(false)
    vi.setSystemTime(start + (29 + 31) * 60_000)
    expect(await isOver()).toBe(true)
  })

  test('twelve hours end it, however often it is used', async ({ ncwb, browser, isOver }) => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    await ncwb.signIn(browser, nora.username)
    for (let minutes = 29; minutes < 12 * 60; minutes += 29) {
      vi.setSystemTime(start + minutes * 60_000)
      expect([minutes, await isOver()]).toEqual([minutes, false])
    }
    vi.setSystemTime(start + (12 * 60 + 1) * 60_000)
    expect(await isOver()).toBe(true)
  })
})
