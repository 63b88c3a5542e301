import { expect } from 'vitest'
import { kit } from '../support/kit.ts'
import { applicant, askFor } from '../support/registration.ts'

/**
 * Before an address is confirmed nothing tells who has an account: the same status, headers and body, and
 * the same median time within 5 %, for an address at which there are three accounts and for one without.
 */
const mailbox = 'three-accounts@example.com'
const people = Array.from({ length: 3 }, (_, index) => ({
  number: `71000${10 + index}`,
  user_type: 'attorney',
  username: `three-accounts-${index}`,
  password: applicant.password,
  given_name: 'Thea',
  family_name: 'Three',
  email: mailbox,
  email_verified: true,
}))

const test = kit().override('people', people)

test('status, headers and body are the same', async ({ openBrowser, at }) => {
  const seen = []
  for (const email of [mailbox, 'nobody-at-all1@example.com']) {
    const browser = openBrowser()
    const answer = await askFor({ browser, at }, email)
    const page = await browser.follow(answer)
    const { date: _, 'x-request-id': __, 'content-length': ___, ...headers } = answer.headers
    seen.push({
      status: answer.status,
      location: answer.location,
      headers: Object.keys(headers),
      body: answer.text.length,
      page: page.text
        .replace(/<strong>[^<]*<wbr>[^<]*<\/strong>/, '')
        .replace(/nonce="[^"]*"/g, '')
        .replace(/value="[\w-]{43}"/g, ''),
    })
  }
  expect(seen[0]).toEqual(seen[1])
})

test('the median time is the same within five percent', async ({ browser, at }) => {
  const page = await browser.get(at('/register'))
  const { action, fields } = page.form('register')
  const ask = async (email: string) => {
    const startedAt = performance.now()
    const answer = await browser.post(action, { ...fields, email })
    expect(answer.status).toBe(303)
    return performance.now() - startedAt
  }
  const all: number[] = []
  const differences: number[] = []
  for (let round = 0; round < 400; round += 1) {
    // Whoever comes first pays for what the other finds warm: they take turns, side by side.
    const emails = [mailbox, `unknown-addr${round % 10}@example.com`]
    if (round % 2) emails.reverse()
    const [one = 0, other = 0] = [await ask(emails[0]!), await ask(emails[1]!)]
    if (round < 50) continue
    all.push(one, other)
    differences.push(round % 2 ? other - one : one - other)
  }
  expect(Math.abs(median(differences)) / median(all)).toBeLessThan(0.05)
})

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]!
}
