import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCourt, getPasswordForm, newBrowser, openPage } from '../support/court.ts'
import type { Form } from '../support/html-forms.ts'
import type { HttpClient } from '../support/http-client.ts'
import { timed } from '../support/measure.ts'
import { disabledAccount, nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

const wrong = 'not the password of anybody'
const unknown = 'nobody-of-that-name'

describe.each(['redis', 'database'] as const)('with storage: %s', (storage) => {
  let signOn: SignOn
  let browser: HttpClient
  let form: Form

  beforeAll(async () => {
    signOn = await startSignOn({ storage })
    await signOn.apply({ accounts: [nora, disabledAccount] })
    const court = await createCourt(signOn, 'ncwd')
    browser = newBrowser()
    form = getPasswordForm(await openPage(browser, signOn, (await court.authorize()).url))
  })
  afterAll(async () => {
    await browser.stop()
    await signOn.stop()
  })

  test('an unknown name and a disabled account take as long as a wrong password', async () => {
    const names = [nora.username, unknown, disabledAccount.username]
    const times = new Map(names.map((name) => [name, [] as number[]]))
    for (let round = 0; round < 60; round += 1) {
      // Each of them is the first one in as many rounds as the others.
      names.push(names.shift()!)
      for (const name of names) {
        const { value: answer, milliseconds } = await timed(() =>
          browser.submit(form, { username: name, password: wrong }),
        )
        times.get(name)!.push(milliseconds)
        expect(answer.status).toBe(422)
      }
      await signOn.services.db.prisma.signInFailures.deleteMany()
    }
    const medians = [...times].map(([name, values]) => ({
      name,
      milliseconds: values.sort((a, b) => a - b)[values.length / 2]!,
    }))
    console.log(
      `medians: ${medians.map((each) => `${each.name} ${each.milliseconds.toFixed(1)} ms`).join(', ')}`,
    )
    const all = medians.map(({ milliseconds }) => milliseconds)
    expect((Math.max(...all) - Math.min(...all)) / Math.max(...all)).toBeLessThan(0.15)
  }, 60_000)
})
