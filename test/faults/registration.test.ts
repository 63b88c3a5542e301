import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { emailChangePurpose } from '../../src/accounts/link-purposes.ts'
import { codeOfMail } from '../../src/accounts/registration/registration.ts'
import type { AccountId } from '../../src/ids.ts'
import { mintLink } from '../../src/mail/one-use-link.ts'
import { confirmEmailPath } from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { type Balancer, startBalancer } from '../support/balancer.ts'
import { newBrowser, openPage, sendPassword } from '../support/court.ts'
import { freePort } from '../support/free-port.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { giveSigningKeys } from '../support/keys.ts'
import { becomes } from '../support/measure.ts'
import { jane, legacyAccount } from '../support/people.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'
import { newKeyPrefix } from '../support/redis.ts'
import { applicant, newPassword } from '../support/registration.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { generousLimits, type SignOn, startSignOn } from '../support/sign-on.ts'
import { type SignOnProcess, startSignOnProcess } from '../support/sign-on-process.ts'

/** Two of them have a legacy account without an address, and one moves to another address. */
const legacies = [1, 2].map((n) => ({
  ...legacyAccount,
  number: `730010${n}`,
  username: `le300${n}`,
  standings: [],
}))
const mover = { ...jane, standings: [] }
const applied = [...legacies, mover]
const numbers = applied.map(({ number }) => number)

let keys: ReturnType<typeof temporaryFolder>
let databaseUrl: string
let balancer: Balancer
let ports: [number, number]
let processes: SignOnProcess[]
/** The one that is asked while processes are killed, and the start of the one that was killed last. */
let current = 0
let restarted: Promise<void> = Promise.resolve()
let settings: Record<string, string>
/** An instance that nobody is sent to: for looking into the tables. */
let office: SignOn

beforeAll(async () => {
  keys = temporaryFolder('registration')
  giveSigningKeys(keys.path)
  databaseUrl = await createDatabase(inject('postgresUrl'))
  ports = [await freePort(), await freePort()]
  balancer = await startBalancer(ports)
  settings = {
    CSO_ISSUER: balancer.url,
    CSO_KEYS_DIR: keys.path,
    DATABASE_URL: databaseUrl,
    REDIS_URL: inject('redisUrl'),
    CSO_REDIS_PREFIX: newKeyPrefix(),
    ...generousLimits,
  }
  const started = await Promise.all(ports.map((port) => startSignOnProcess(settings, port)))
  processes = started.map(({ child }) => child)
  office = await startSignOn({ issuer: balancer.url, settings })
  await office.apply({ accounts: applied })
}, 120_000)

afterAll(async () => {
  await restarted.catch(() => undefined)
  await office.stop()
  await balancer.stop()
  for (const child of processes) child.signal('SIGKILL')
  await Promise.all(processes.map((child) => child.exited))
  await dropDatabase(databaseUrl)
  keys.remove()
})

const query = <Row>(text: string, values: unknown[] = []) =>
  office.services.db.query<Row>({ name: `test ${text}`.slice(0, 63), text }, values)

const at = (path: string) => `${balancer.url}${path}`

/** The code of the newest mail to this address, once it is sent: every process may have sent it. */
async function codeFor(email: string): Promise<string> {
  await becomes('the mail is sent', 20_000, async () => {
    const [row] = await query<{ sent: boolean }>(
      `SELECT code_mark IS NOT NULL AS sent FROM registrations WHERE email = $1
        ORDER BY created_at DESC LIMIT 1`,
      [email],
    )
    return row?.sent === true
  })
  const [mail] = await query<{ id: string }>(
    `SELECT id::text AS id FROM mails WHERE to_address = $1
        AND kind IN ('registration-address', 'sign-in-address')
      ORDER BY created_at DESC LIMIT 1`,
    [email],
  )
  return codeOfMail(office.services.keys.secrets.identifiers, mail!.id)
}

async function ask(browser: HttpClient, email: string): Promise<HttpResponse> {
  const page = await browser.get(at('/register'))
  return browser.submit(page.form('register'), { email })
}

async function toForm(browser: HttpClient, email: string): Promise<HttpResponse> {
  const checking = await browser.follow(await ask(browser, email))
  const code = await codeFor(email)
  return browser.follow(await browser.submit(checking.form('code-form'), { code }))
}

test('the form that is sent twenty times at once over two processes makes one account', async () => {
  const email = 'twenty@example.com'
  const browser = newBrowser()
  const page = await toForm(browser, email)
  const before = [...balancer.counts]
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      browser.submit(page.form('account-form'), {
        ...applicant,
        username: `twenty-times-${index}`,
      }),
    ),
  )
  expect(
    Math.min(...balancer.counts.map((count, index) => count - before[index]!)),
  ).toBeGreaterThan(4)
  for (const answer of answers) {
    const last = await browser.followWhile(answer, (to) => to.origin === balancer.url)
    // Passwords wait in a line of their own; who finds it full is told so, and nothing is lost.
    if (answer.status !== 503) expect(last.url).toBe(at('/register/done'))
  }
  expect(answers.filter(({ status }) => status === 303).length).toBeGreaterThan(0)
  const accounts = await query<{ number: string }>('SELECT number FROM accounts WHERE email = $1', [
    email,
  ])
  expect(accounts).toHaveLength(1)
  const welcomes = await query(
    `SELECT 1 FROM mails WHERE to_address = $1 AND kind = 'account-registered'`,
    [email],
  )
  expect(welcomes).toHaveLength(1)
  await browser.stop()
})

test('a link that is pressed twenty times at once in as many browsers over two processes is one browser’s', async () => {
  const email = 'pressed@example.com'
  const first = newBrowser()
  await ask(first, email)
  const [row] = await query<{ id: string }>(
    'SELECT id::text AS id FROM registrations WHERE email = $1',
    [email],
  )
  const { db, keys: installed } = office.services
  const token = await inTransaction(db, (tx) =>
    mintLink(tx, installed.secrets.identifiers, {
      purpose: 'registration',
      about: { registration: row!.id },
      lifeMinutes: 30,
    }),
  )
  const browsers = Array.from({ length: 20 }, () => newBrowser())
  const pages = await Promise.all(
    browsers.map((browser) => browser.get(at(`/register/confirm/${token}`))),
  )
  const answers = await Promise.all(
    browsers.map((browser, index) => browser.submit(pages[index]!.form('confirm'))),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(410)])
  const seen = await Promise.all(browsers.map((browser) => browser.get(at('/register/form'))))
  expect(seen.filter(({ status }) => status === 200)).toHaveLength(1)
  await Promise.all([first, ...browsers].map((browser) => browser.stop()))
})

/** What is true after every commit, however a process ended. */
async function expectNothingHalfDone(): Promise<void> {
  expect(
    await query(`SELECT r.id FROM registrations r
      WHERE NOT EXISTS (SELECT 1 FROM mails m WHERE m.about ->> 'registration' = r.id::text)
      UNION SELECT m.id FROM mails m WHERE m.kind = 'registration-address'
        AND NOT EXISTS (SELECT 1 FROM registrations r WHERE r.id::text = m.about ->> 'registration')`),
  ).toEqual([])
  expect(
    await query(
      `SELECT a.id FROM accounts a WHERE a.number <> ALL($1) AND (
      (SELECT count(*) FROM registrations r WHERE r.account_id = a.id) <> 1
      OR (SELECT count(*) FROM mails m WHERE m.account_id = a.id AND m.kind = 'account-registered') <> 1
      OR (SELECT count(*) FROM audit_events e WHERE e.account_id = a.id
        AND e.event IN ('account.registered', 'account.rules-accepted')) <> 2)
      UNION SELECT r.account_id FROM registrations r WHERE r.account_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = r.account_id)`,
      [numbers],
    ),
  ).toEqual([])
}

/** What is true of somebody who had an account before: every act with its event and its mail, or not at all. */
async function expectWholeActs({ number, username }: (typeof applied)[number]): Promise<void> {
  const [account] = await query<Record<string, unknown> & { id: string }>(
    `SELECT id::text AS id, is_upgraded AS "isUpgraded", username <> $2 AS "isRenamed",
        is_email_verified AS "isVerified", birth_date_sealed IS NOT NULL AS "hasBirthDate",
        phone IS NOT NULL AS "hasPhone",
        (SELECT count(*)::int FROM email_changes c WHERE c.account_id = a.id) AS asked,
        (SELECT count(*)::int FROM email_changes c
          WHERE c.account_id = a.id AND c.confirmed_at IS NOT NULL)
        + (SELECT count(*)::int FROM registrations r WHERE r.account_id = a.id) AS taken
      FROM accounts a WHERE number = $1`,
    [number, username],
  )
  const { id, isUpgraded, isRenamed, isVerified, hasBirthDate, hasPhone, asked, taken } = account!
  const events = await query<{ event: string; fields: string[] | null }>(
    `SELECT event, detail -> 'fields' AS fields FROM audit_events WHERE account_id = $1::uuid`,
    [id],
  )
  const mails = await query<{ kind: string }>(
    'SELECT kind FROM mails WHERE account_id = $1::uuid',
    [id],
  )
  const eventsOf = (name: string) => events.filter(({ event }) => event === name).length
  const mailsOf = (name: string) => mails.filter(({ kind }) => kind === name).length
  const savedWith = (field: string) =>
    events.some(({ event, fields }) => event === 'account.changed' && fields?.includes(field))
  expect({ asked, taken, hasBirthDate, hasPhone }).toEqual({
    asked: eventsOf('account.email-change-asked'),
    taken: eventsOf('account.email-changed'),
    hasBirthDate: savedWith('birthDate'),
    hasPhone: savedWith('phone'),
  })
  expect([mailsOf('email-confirm-new'), mailsOf('email-changed')]).toEqual([asked, taken])
  if (username === mover.username) return
  expect(taken).toBe(isVerified ? 1 : 0)
  expect([
    eventsOf('account.upgraded'),
    eventsOf('account.password-changed'),
    mailsOf('account-upgraded'),
    isRenamed,
  ]).toEqual(isUpgraded ? [1, 1, 1, true] : [0, 0, 0, false])
}

/**
 * Sends, kills the process that is asked after a moment, and looks into the tables. What follows is asked
 * of the other one, while the one that was killed starts anew.
 */
async function killedDuring(
  send: () => Promise<HttpResponse>,
  milliseconds: number,
): Promise<HttpResponse | undefined> {
  await restarted
  const killed = current
  balancer.pin(killed)
  const sent = send().catch(() => undefined)
  await delay(milliseconds)
  processes[killed]!.signal('SIGKILL')
  await processes[killed]!.exited
  const answer = await sent
  current = 1 - killed
  balancer.pin(current)
  restarted = startSignOnProcess(settings, ports[killed]!).then(({ child }) => {
    processes[killed] = child
  })
  restarted.catch(() => undefined)
  await becomes('the database has done with it', 5000, async () => {
    const open = await query(`SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND state LIKE 'idle in transaction%'`)
    return open.length === 0
  })
  await expectNothingHalfDone()
  return answer
}

const holds = (page: HttpResponse, form: string) => page.forms().some(({ id }) => id === form)

test('a process that is killed at any step leaves nothing half done, and the person goes on', async () => {
  balancer.pin(current)
  let round = 0
  for (const milliseconds of [2, 12, 40]) {
    round += 1
    const email = `killed-${round}@example.com`
    const browser = newBrowser()
    const own = {
      ...applicant,
      givenName: `Kay${round}`,
      birthDay: '9',
      username: `killed-user-${round}`,
    }

    const start = await browser.get(at('/register'))
    await killedDuring(() => browser.submit(start.form('register'), { email }), milliseconds)
    const checking = await browser.follow(await browser.submit(start.form('register'), { email }))

    const code = await codeFor(email)
    const form = checking.form('code-form')
    await killedDuring(() => browser.submit(form, { code }), milliseconds)
    const confirmed = await browser.submit(form, { code })
    expect(confirmed.location).toBe(at('/register/form'))

    const page = await browser.follow(confirmed)
    const send = () => browser.submit(page.form('account-form'), own)
    // The password takes most of the time, and what follows it is what matters.
    await killedDuring(send, milliseconds * 5)
    const last = await browser.followWhile(await send(), (to) => to.origin === balancer.url)
    expect(last.url).toBe(at('/register/done'))
    expect(await query('SELECT 1 FROM accounts WHERE email = $1', [email])).toHaveLength(1)
    await browser.stop()
  }
  await restarted
  balancer.pin(undefined)
  await expectNothingHalfDone()
}, 180_000)

test('the same in the middle of an upgrade, which goes on where it was', async () => {
  await restarted
  balancer.pin(current)
  /** After so many milliseconds, by form, for one person and for the other. */
  const moments: readonly Record<string, number>[] = [
    { 'upgrade-email': 6, 'upgrade-code': 12, 'upgrade-security': 90 },
    { 'upgrade-person': 8, 'upgrade-security': 40 },
  ]
  for (const [index, who] of legacies.entries()) {
    const email = `${who.username}@new-firm.example`
    const chosen = { username: `upgraded-${who.username}`, password: newPassword }
    const { username: _, password: __, kind: ___, rules: ____, ...self } = applicant
    const browser = newBrowser()
    const go = (answer: HttpResponse) =>
      browser.followWhile(answer, (to) => to.origin === balancer.url)
    const signIn = await openPage(browser, office, at('/account/upgrade'))
    let page = await go(await sendPassword(browser, signIn, who.username))
    const { url } = page
    for (const [form, values] of [
      ['legacy', async () => ({ do: 'upgrade' })],
      ['upgrade-email', async () => ({ email })],
      ['upgrade-code', async () => ({ code: await codeFor(email) })],
      ['upgrade-person', async () => self],
      ['upgrade-address', async () => self],
      ['upgrade-security', async () => chosen],
    ] as const) {
      const typed = await values()
      const moment = moments[index]?.[form]
      if (moment !== undefined) {
        const sent = page.form(form)
        const answer = await killedDuring(() => browser.submit(sent, typed), moment)
        await expectWholeActs(who)
        page = await go(await browser.get(url))
        // Nobody was told to go on before it was stored.
        if (answer?.status === 303) expect(holds(page, form)).toBe(false)
        if (!holds(page, form)) continue
      }
      page = await go(await browser.submit(page.form(form), typed))
    }
    await expectWholeActs(who)
    // Also where the last answer was lost, with the session in it.
    const own = await openPage(browser, office, at('/account'))
    const isAsked = own.forms().some(({ fields }) => 'password' in fields)
    const account = isAsked
      ? await go(await sendPassword(browser, own, chosen.username, chosen.password))
      : own
    expect(account.text).toContain(chosen.username)
    await browser.stop()
  }
  await restarted
  balancer.pin(undefined)
}, 60_000)

test('the same while another address is asked for, and while it is confirmed', async () => {
  await restarted
  balancer.pin(current)
  const browser = newBrowser()
  const emailPage = at('/account/settings/email')
  const signIn = await openPage(browser, office, emailPage)
  await browser.followWhile(
    await sendPassword(browser, signIn, mover.username),
    (to) => to.origin === balancer.url,
  )
  for (const [index, moments] of [
    [8, 20],
    [undefined, 9],
  ].entries()) {
    const email = `moved-${index}@example.com`
    const [asking, confirming] = moments
    const form = (await browser.get(emailPage)).form('change-email')
    if (asking !== undefined) {
      const answer = await killedDuring(() => browser.submit(form, { email }), asking)
      await expectWholeActs(mover)
      const asked = await query('SELECT 1 FROM email_changes WHERE to_email = $1', [email])
      if (answer?.status === 303) expect(asked).toHaveLength(1)
    }
    expect((await browser.submit(form, { email })).status).toBe(303)
    await expectWholeActs(mover)

    const [change] = await query<{ id: string; accountId: AccountId }>(
      `SELECT id::text AS id, account_id::text AS "accountId" FROM email_changes
        WHERE confirmed_at IS NULL AND withdrawn_at IS NULL`,
    )
    const { db, keys: installed } = office.services
    const token = await inTransaction(db, (tx) =>
      mintLink(tx, installed.secrets.identifiers, {
        purpose: emailChangePurpose,
        accountId: change!.accountId,
        about: { change: change!.id },
        lifeMinutes: 30,
      }),
    )
    const link = at(confirmEmailPath(token))
    const confirm = (await browser.get(link)).form('confirm-email')
    const answer = await killedDuring(() => browser.submit(confirm), confirming!)
    await expectWholeActs(mover)
    const again = await browser.get(link)
    if (answer?.status === 303) expect(again.status).toBe(410)
    if (again.status === 200) await browser.submit(again.form('confirm-email'))
    expect(await query('SELECT 1 FROM accounts WHERE email = $1', [email])).toHaveLength(1)
    await expectWholeActs(mover)
  }
  await browser.stop()
  await restarted
  balancer.pin(undefined)
}, 60_000)
