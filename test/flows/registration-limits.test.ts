import { expect } from 'vitest'
import { sql } from '../support/database.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { applicant, askFor, confirmed, wordsOf } from '../support/registration.ts'

const test = kit()
  .override('people', [jane, nora])
  .override('signOnOptions', {
    settings: {
      CSO_TRUSTED_PROXIES: '127.0.0.1/32',
      CSO_LIMIT_REGISTRATION_MAILS_PER_EMAIL: '5/3600',
      CSO_LIMIT_REGISTRATION_MAILS_PER_ADDRESS: '20/3600',
    },
  })
  .extend('ask', ({ browser, at }) => async (email: string, address: string) => {
    const page = await browser.get(at('/register'))
    const { action, fields } = page.form('register')
    return browser.post(action, { ...fields, email }, { 'x-forwarded-for': address })
  })
  .extend('counts', ({ signOn }) => async () => {
    const [row] = await sql<{ rows: number; mails: number }>(
      signOn.services.db,
      'SELECT (SELECT count(*) FROM registrations) AS rows, (SELECT count(*) FROM mails) AS mails',
    )
    return row!
  })

test('a mailbox gets five mails an hour, whoever asks and whatever the tag, in rows and in mails', async ({
  ask,
  counts,
}) => {
  const before = await counts()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      ask(index % 2 ? 'many@example.com' : `many+${index}@example.com`, `198.51.100.${index}`),
    ),
  )
  expect(answers.filter(({ status }) => status === 303)).toHaveLength(5)
  const refused = answers.find(({ status }) => status === 429)!
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3000)
  expect(wordsOf(refused)).toMatch(/Try again in (60 minutes|59 minutes|1 hour)/)
  expect(wordsOf(refused)).toContain('PACER Service Center')
  const after = await counts()
  expect([after.rows - before.rows, after.mails - before.mails]).toEqual([5, 5])
})

test('a network asks for twenty mails an hour, and the refusal is the same for every address', async ({
  ask,
  counts,
}) => {
  const before = await counts()
  const network = '203.0.113.7'
  for (let index = 0; index < 20; index += 1) {
    expect((await ask(`office-${index}@example.com`, network)).status).toBe(303)
  }
  const known = await ask(jane.email, network)
  const unknown = await ask('unknown@example.com', network)
  expect([known.status, unknown.status]).toEqual([429, 429])
  expect(anonymous(known.text)).toBe(anonymous(unknown.text))
  const after = await counts()
  expect([after.rows - before.rows, after.mails - before.mails]).toEqual([20, 20])
})

test('sending again counts like asking', async ({ browser, at, inbox, ask }) => {
  const email = 'again@example.com'
  const checking = await browser.follow(await askFor({ browser, at }, email))
  for (let count = 0; count < 4; count += 1) {
    expect((await browser.submit(checking.form('again-form'))).status).toBe(303)
  }
  const refused = await browser.submit(checking.form('again-form'))
  expect(refused.status).toBe(429)
  expect((await ask(email, '192.0.2.77')).status).toBe(429)
  expect(await inbox(email)).toHaveLength(5)
})

test('the form of one registration is sent sixty times an hour: usernames are not tried out with it', async ({
  browser,
  at,
  inbox,
}) => {
  const page = await confirmed({ browser, at, inbox }, 'trying-names@example.com')
  const form = page.form('account-form')
  const answers = await Promise.all(
    Array.from({ length: 61 }, () => browser.submit(form, { ...applicant, password: 'x' })),
  )
  const last = answers.filter(({ status }) => status === 429)
  expect(last).toHaveLength(1)
  expect(wordsOf(last[0]!)).toContain('The form was sent too often')
  expect(last[0]!.form('account-form').fields['city']).toBe('Charlotte')
})

/** A page without what differs each time. */
function anonymous(text: string): string {
  return text
    .replace(/nonce="[^"]*"/g, '')
    .replace(/[\w.+-]+@example\.(com|org)/g, '')
    .replace(/[\w-]+ <wbr>/g, '')
    .replace(/id="request-id">[^<]*/g, '')
    .replace(/name="csrf" value="[^"]*"/g, '')
    .replace(/Try again in [^.]*/g, '')
}
