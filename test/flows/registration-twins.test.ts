import { expect } from 'vitest'
import { listAudited } from '../support/audited.ts'
import { sql } from '../support/database.ts'
import { kit } from '../support/kit.ts'
import { applicant, confirmed, newestMail, registered, wordsOf } from '../support/registration.ts'

/** Two accounts of one person, as PACER treats them: https://id.uscourts.gov (Content_ID=3623). */
const test = kit()
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  .extend('accountAt', ({ signOn }) => async (username: string) => {
    const rows = await sql<{
      id: string
      number: string
      isInReview: boolean
      holdVersion: number
    }>(
      signOn.services.db,
      `SELECT id::text AS id, number, review_since IS NOT NULL AS "isInReview",
        hold_version AS "holdVersion" FROM accounts WHERE username = $1`,
      [username],
    )
    return rows[0]
  })

test('two of name, date of birth and address are a warning that names nobody, and one may go on', async ({
  browser,
  openBrowser,
  at,
  inbox,
  accountAt,
}) => {
  const first = { ...applicant, givenName: 'Tessa', familyName: "O'Twin-Jones", birthDay: '7' }
  await registered({ browser, at, inbox }, 'tessa@example.com', {
    ...first,
    username: 'tessa-the-first',
  })

  const other = openBrowser()
  const page = await confirmed({ browser: other, at, inbox }, 'tessa@elsewhere.example')
  const form = page.form('account-form')
  const own = { ...first, username: 'tessa-the-other' }
  const warned = await other.submit(form, { ...own, familyName: 'O’TWIN JONES' })
  expect(warned.status).toBe(422)
  expect(wordsOf(warned)).toContain('You may have an account already')
  const account = await accountAt('tessa-the-first')
  for (const secret of ['tessa-the-first', account!.number, 'tessa@example.com']) {
    expect(warned.text).not.toContain(secret)
  }
  expect(warned.form('account-form').fields).toMatchObject({ city: 'Charlotte', password: '' })
  expect(await accountAt('tessa-the-other')).toBeUndefined()

  const made = await other.submit(warned.form('account-form'), { ...own, second: 'yes' })
  expect(made.location).toBe(at('/register/done'))
  expect(await accountAt('tessa-the-other')).toMatchObject({ isInReview: false })
  // Nobody is told: people of one name and one birthday exist.
  expect((await inbox('tessa@example.com')).at(-1)?.subject).not.toContain('like yours')
})

test('all three are an account in review; its twin is told, a tag changes nothing, and each keeps its own', async ({
  browser,
  openBrowser,
  at,
  inbox,
  accountAt,
  signOn,
  ncwd,
  isOurs,
}) => {
  const first = { ...applicant, givenName: 'Trina', familyName: 'Trustee', birthDay: '8' }
  await registered({ browser, at, inbox }, 'trina@example.com', {
    ...first,
    username: 'trina-attorney',
  })

  const other = openBrowser()
  const tagged = 'trina+trustee@example.com'
  const done = await registered({ browser: other, at, inbox }, tagged, {
    ...first,
    username: 'trina-the-trustee',
  })
  expect(wordsOf(done)).toContain('This account is in review')
  const [one, two] = [await accountAt('trina-attorney'), await accountAt('trina-the-trustee')]
  expect(one).toMatchObject({ isInReview: false, holdVersion: 0 })
  expect(two).toMatchObject({ isInReview: true, holdVersion: 1 })

  const told = await newestMail(inbox, 'trina@example.com')
  expect(told.subject).toBe('Another account like yours was created')
  expect(told.text).not.toContain('trina-the-trustee')
  expect(told.text).toContain('username trina-attorney')
  const ownMails = (await inbox(tagged)).map(({ subject }) => subject)
  expect(ownMails.slice(-2).sort()).toEqual([
    'This account is in review',
    'Your account for PACER and the federal courts',
  ])
  const found = await listAudited(signOn.services.db, 'account.twin-found')
  expect(found).toMatchObject([{ accountId: two!.id, detail: { others: [one!.id] } }])

  // It signs in, and neither searches nor files until somebody has compared the two.
  const { url, checks } = await ncwd.authorize()
  const page = await other.followWhile(await other.get(url), isOurs)
  const answer = await other.submit(page.form('sign-in'), {
    username: 'trina-the-trustee',
    password: applicant.password,
  })
  const out = await other.followWhile(answer, isOurs)
  const tokens = await ncwd.redeem(String(out.location), checks)
  expect(tokens.claims()).toMatchObject({
    efiling: { ncwd: { actions: [], held: { reason: 'review' } } },
    pacer: { search: 'inactive' },
  })
})

test('the mail to an address with accounts names each of them, to its reader alone', async ({
  browser,
  openBrowser,
  at,
  inbox,
  accountAt,
}) => {
  const email = 'office@example.com'
  const own = { ...applicant, familyName: 'Office' }
  await registered({ browser, at, inbox }, email, {
    ...own,
    birthDay: '9',
    username: 'office-of-one',
  })
  const other = openBrowser()
  // One mailbox of several people is no twin.
  const kitOfOther = { browser: other, at, inbox }
  const page = await confirmed(kitOfOther, email)
  const mail = (await inbox(email)).findLast(({ subject }) => subject.includes('already'))
  expect(mail?.text).toContain('Username office-of-one, account number ')
  expect(page.text).not.toContain('office-of-one')
  const made = await other.submit(page.form('account-form'), {
    ...own,
    givenName: 'Otto',
    birthDay: '10',
    username: 'office-of-two',
  })
  expect(made.location).toBe(at('/register/done'))
  expect(await accountAt('office-of-two')).toMatchObject({ isInReview: false })
  const third = openBrowser()
  const form = await third.get(at('/register'))
  await third.submit(form.form('register'), { email })
  expect((await newestMail(inbox, email)).text).toMatch(/office-of-one[\s\S]*office-of-two/)
})

test('two registrations of one person at the same moment: one of them is in review', async ({
  openBrowser,
  at,
  inbox,
  signOn,
}) => {
  const own = { ...applicant, givenName: 'Simon', familyName: 'Same', birthDay: '11' }
  const pages = []
  for (const tag of ['one', 'two', 'three']) {
    const browser = openBrowser()
    const page = await confirmed({ browser, at, inbox }, `simon+${tag}@example.com`)
    pages.push({ browser, tag, form: page.form('account-form') })
  }
  const answers = await Promise.all(
    pages.map(({ browser, form, tag }) =>
      browser.submit(form, { ...own, username: `simon-same-${tag}` }),
    ),
  )
  expect(answers.map(({ location }) => location)).toEqual(pages.map(() => at('/register/done')))
  const rows = await sql<{ isInReview: boolean }>(
    signOn.services.db,
    `SELECT review_since IS NOT NULL AS "isInReview" FROM accounts WHERE given_name = 'Simon'`,
  )
  expect(rows.map((row) => row.isInReview).sort()).toEqual([false, true, true])
})
