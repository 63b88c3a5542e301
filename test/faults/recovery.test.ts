import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { findOpenProposal } from '../../src/accounts/address-proposal-store.ts'
import { approveAddress } from '../../src/accounts/approve-address.ts'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import {
  emailChangePurpose,
  oldAddressPurpose,
  recoveredAddressPurpose,
} from '../../src/accounts/link-purposes.ts'
import { proposeAddress } from '../../src/accounts/propose-address.ts'
import { standMark } from '../../src/accounts/recovery/recovery.ts'
import { findNamed } from '../../src/accounts/recovery/store.ts'
import { registrationPurpose } from '../../src/accounts/registration/registration.ts'
import { resetPurpose } from '../../src/accounts/set-password.ts'
import type { CanonicalUsername } from '../../src/accounts/username.ts'
import { byAccount, byOperator } from '../../src/audit/by.ts'
import { supportActPath, supportAddressPath } from '../../src/console/support/support-paths.ts'
import { linkAccount } from '../../src/efiling/linking/link-account.ts'
import { wrongLinkPath } from '../../src/efiling/linking/linking-paths.ts'
import { wrongLinkPurpose } from '../../src/efiling/linking/mails.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { addressMark, mintLink, notMePurpose } from '../../src/mail/one-use-link.ts'
import { mailKinds } from '../../src/mail-kinds.ts'
import {
  confirmEmailPath,
  notMePath,
  oldAddressPath,
  recoveredAddressPath,
  resetPasswordPath,
} from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { newBrowser, openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import type { Form } from '../support/html-forms.ts'
import { addImported } from '../support/imported.ts'
import { becomes } from '../support/measure.ts'
import { jane, nora } from '../support/people.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'
import { newKeyPrefix } from '../support/redis.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { generousLimits, type SignOn, startSignOn } from '../support/sign-on.ts'
import { type SignOnProcess, startSignOnProcess } from '../support/sign-on-process.ts'
import { openAs, sam, sue } from '../support/staff.ts'

const fresh = (n: number) => `lantern orbit velvet mango tundra ${n}`

let folder: ReturnType<typeof temporaryFolder>
let databaseUrl: string
let settings: Record<string, string>
let ports: [number, number]
const processes = new Map<number, SignOnProcess>()
/** A third instance, which makes links and looks into the tables. */
let office: SignOn

beforeAll(async () => {
  folder = temporaryFolder('recovery')
  databaseUrl = await createDatabase(inject('postgresUrl'))
  ports = [await freePort(), await freePort()]
  settings = {
    CSO_ISSUER: `http://localhost:${ports[0]}`,
    CSO_KEYS_DIR: folder.path,
    DATABASE_URL: databaseUrl,
    REDIS_URL: inject('redisUrl'),
    CSO_REDIS_PREFIX: newKeyPrefix(),
    ...generousLimits,
  }
  for (const port of ports) processes.set(port, (await startSignOnProcess(settings, port)).child)
  office = await startSignOn({ issuer: settings['CSO_ISSUER']!, settings })
  await office.apply({ accounts: [jane, nora, sam, sue] })
}, 120_000)

afterAll(async () => {
  for (const child of processes.values()) child.signal('SIGKILL')
  await Promise.all([...processes.values()].map((child) => child.exited))
  await office.stop()
  await dropDatabase(databaseUrl)
  folder.remove()
})

const rows = <Row extends object>(query: string) => sql<Row>(office.services.db, query)

async function janeNow() {
  const account = await findNamed(office.services.db, jane.username as CanonicalUsername, undefined)
  if (!account) throw new Error('jane is not there')
  return account
}

/** A link as the mail would have it. */
async function mint(purpose: string, more: Record<string, string> = {}): Promise<string> {
  const { db, keys } = office.services
  const key = keys.secrets.identifiers
  const account = await janeNow()
  const about = {
    stands: standMark(key, account),
    to: addressMark(key, jane.email),
    notice: 'test',
    change: 'test',
    ...more,
  }
  const link = { purpose, accountId: account.id, about, lifeMinutes: 30 }
  return inTransaction(db, (tx) => mintLink(tx, key, link))
}

/** The page's form, and how it is sent to one of the two processes. */
async function openForm(path: string, id: string): Promise<Form> {
  const browser = newBrowser()
  const page = await browser.get(`${settings['CSO_ISSUER']}${path}`)
  await browser.stop()
  return page.form(id)
}

async function send(
  port: number,
  form: Form,
  values: Record<string, string> = {},
  cookie?: string,
) {
  const sending = request({
    host: '127.0.0.1',
    port,
    path: new URL(form.action).pathname,
    method: 'POST',
    headers: {
      host: new URL(settings['CSO_ISSUER']!).host,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
      ...(cookie && { cookie }),
    },
  })
  sending.end(new URLSearchParams({ ...form.fields, ...values }).toString())
  const [answer] = (await once(sending, 'response')) as [IncomingMessage]
  return { status: answer.statusCode, text: await text(answer) }
}

const events = async (name: string) =>
  (await rows<{ id: bigint }>(`SELECT id FROM audit_events WHERE event = '${name}'`)).length

/** The form of a page for staff, and the cookie of who has opened it. */
async function openForStaff(username: string, path: string, id: string) {
  const browser = newBrowser()
  const form = (await openAs(office, browser, username, path)).form(id)
  const cookie = browser.cookies.header(new URL(form.action))
  await browser.stop()
  return { form, cookie }
}

async function idOf(number: string): Promise<AccountId> {
  const [row] = await rows<{ id: AccountId }>(
    `SELECT id::text AS id FROM accounts WHERE number = '${number}'`,
  )
  return row!.id
}

/** How the form behind a link is raced, for each purpose that the link of a mail can have. */
type Raced = {
  /** The form, and the cookies of who is signed in where it needs somebody. */
  open(): Promise<{ readonly form: Form; readonly cookie?: string | undefined }>
  /** What twenty send, each something of one's own. */
  typed?(n: number): Record<string, string>
  /** The answer of the one that counts, and the event that it leaves. */
  readonly status: number
  readonly event: string
}

const raced: Readonly<Record<string, Raced>> = {
  [resetPurpose]: {
    open: async () => ({
      form: await openForm(resetPasswordPath(await mint(resetPurpose)), 'reset'),
    }),
    typed: (n) => ({ password: fresh(n) }),
    status: 200,
    event: 'account.password-changed',
  },
  [notMePurpose]: {
    open: async () => ({ form: await openForm(notMePath(await mint(notMePurpose)), 'not-me') }),
    status: 200,
    event: 'account.not-me-reported',
  },
  [oldAddressPurpose]: {
    open: async () => ({
      // Its reader is heard as long as the account has another address.
      form: await openForm(
        oldAddressPath(await mint(oldAddressPurpose, { to: 'a former address' })),
        'old-address',
      ),
    }),
    status: 200,
    event: 'account.old-address-reported',
  },
  [emailChangePurpose]: {
    async open() {
      // "This was not me" took the password.
      const reset = await openForm(resetPasswordPath(await mint(resetPurpose)), 'reset')
      await send(ports[0], reset, { password: fresh(100) })
      const browser = newBrowser()
      const page = await openPage(browser, office, `${office.issuer}/account/settings/email`)
      const signedIn = await browser.followWhile(
        await sendPassword(browser, page, jane.username, fresh(100)),
        (to) => to.origin === office.issuer,
      )
      await browser.submit(signedIn.form('change-email'), { email: 'raced@example.com' })
      const [change] = await rows<{ id: string }>(
        'SELECT id::text FROM email_changes WHERE confirmed_at IS NULL AND withdrawn_at IS NULL',
      )
      const token = await mint(emailChangePurpose, { change: change!.id })
      const confirm = await openPage(browser, office, `${office.issuer}${confirmEmailPath(token)}`)
      const form = confirm.form('confirm-email')
      const cookie = browser.cookies.header(new URL(form.action))
      await browser.stop()
      return { form, cookie }
    },
    status: 303,
    event: 'account.email-changed',
  },
  [wrongLinkPurpose]: {
    async open() {
      const { db } = office.services
      const courtId = 'ncwb' as CourtId
      const importedId = await addImported(db, courtId, { name: 'Jane Doe' })
      const { id: accountId } = await janeNow()
      const wanted = { accountId, courtId, importedId, way: 'password', isOnePerson: true } as const
      const by = byAccount(accountId, {})
      const linked = await inTransaction(db, (tx) => linkAccount(tx, { ...wanted, by }))
      if (!linked.ok) throw new Error(linked.reason)
      const token = await mint(wrongLinkPurpose, { link: linked.value.id, reader: 'old-address' })
      return { form: await openForm(wrongLinkPath(token), 'wrong-link') }
    },
    status: 200,
    event: 'link.reported',
  },
  [recoveredAddressPurpose]: {
    async open() {
      const { db } = office.services
      const { id: accountId } = await janeNow()
      const staffId = await idOf(sam.number)
      const by = byOperator('test')
      const wanted = { accountId, email: 'saved@example.com', proof: 'seen', reason: 'lost' }
      await inTransaction(db, (tx) => proposeAddress(tx, { ...wanted, proposedBy: staffId }, by))
      const proposal = (await findOpenProposal(db, accountId))!
      await inTransaction(db, (tx) => approveAddress(tx, { proposal, approvedBy: staffId }, by))
      const token = await mint(recoveredAddressPurpose, { proposal: proposal.id })
      return { form: await openForm(recoveredAddressPath(token), 'recovered-address') }
    },
    typed: () => ({ number: jane.number }),
    status: 200,
    event: 'account.email-changed',
  },
}

/** Raced by as many browsers, each of which may have the form: `registration.test.ts`. */
const racedElsewhere = [registrationPurpose]

describe('a link that is pressed twenty times at once on two processes', () => {
  test('is of a purpose that is tried here', () => {
    const purposes = mailKinds.flatMap(({ link, hasNotMe }) => [
      ...(link ? [link.purpose] : []),
      ...(hasNotMe ? [notMePurpose] : []),
    ])
    expect([...new Set(purposes)].sort()).toEqual([...Object.keys(raced), ...racedElsewhere].sort())
  })

  test.each(Object.keys(raced))('is used once: %s', async (purpose) => {
    const { open, typed, status, event } = raced[purpose]!
    const { form, cookie } = await open()
    const before = await events(event)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(ports[n % 2]!, form, typed?.(n), cookie)),
    )
    const statuses = answers.map((answer) => answer.status)
    expect(statuses.filter((each) => each === status)).toHaveLength(1)
    expect(statuses.filter((each) => [410, 429, 503].includes(each ?? 0))).toHaveLength(19)
    expect(await events(event)).toBe(before + 1)
  })

  afterEach(() =>
    sql(
      office.services.db,
      `UPDATE accounts SET email = '${jane.email}', email_canonical = '${jane.email}',
        recovery_since = NULL WHERE number = '${jane.number}'`,
    ),
  )
})

describe('two people of support on two processes', () => {
  test('approve an address or take it back: of twenty at once one counts', async () => {
    const accountId = await idOf(nora.number)
    const proposedBy = await idOf(sam.number)
    const wanted = { accountId, email: 'saved@example.com', proof: 'seen', reason: 'lost' }
    const by = byOperator('test')
    await inTransaction(office.services.db, (tx) =>
      proposeAddress(tx, { ...wanted, proposedBy }, by),
    )
    const path = supportAddressPath(nora.number)
    const [first, second] = await Promise.all(
      [sam, sue].map(({ username }) => openForStaff(username, path, 'decision-form')),
    )
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const { form, cookie } = n % 4 < 2 ? first! : second!
        const values = { decision: n % 4 < 2 ? 'decline' : 'approve', reason: 'Called back' }
        return send(ports[n % 2]!, form, values, cookie)
      }),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409 || status === 503)).toHaveLength(19)
    const approved = await rows(
      `SELECT 1 FROM audit_events WHERE event = 'account.address-approved'
        AND account_id = '${accountId}'`,
    )
    const mails = await rows(
      `SELECT 1 FROM mails WHERE to_address = '${wanted.email}' AND account_id = '${accountId}'`,
    )
    expect(approved.length + (await events('account.address-proposal-ended'))).toBe(1)
    expect(mails).toHaveLength(approved.length)
  })

  test('lift a hold once, and the other one is told', async () => {
    const { db } = office.services
    const id = await idOf(nora.number)
    for (const reason of ['review', 'recovery', 'holder'] as const) {
      await inTransaction(db, (tx) => holdAccount(tx, id, reason, byOperator('test')))
      const before = await events('account.released')
      const path = supportActPath(nora.number, `release-${reason}`)
      const forms = await Promise.all(
        [sam, sue].map(({ username }) => openForStaff(username, path, 'act-form')),
      )
      const answers = await Promise.all(
        forms.map(({ form, cookie }, n) => send(ports[n]!, form, { reason: 'Compared' }, cookie)),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
      const told = answers.find(({ status }) => status === 409)
      expect(told?.text).toContain('somebody else was faster')
      expect(await events('account.released')).toBe(before + 1)
    }
  })
})

describe('a process that is killed', () => {
  /** Everything a press changes, as yes or no for each. */
  async function traces(event: string, purpose: string, token: string) {
    const { secrets } = office.services.keys
    const { findLink } = await import('../../src/mail/one-use-link.ts')
    const link = await findLink(office.services.db, secrets.identifiers, purpose, token)
    return { isUsed: !link.ok, events: await events(event) }
  }

  test.each([
    ['reset', resetPurpose, resetPasswordPath, 'account.password-changed', 'password-changed'],
    ['not-me', notMePurpose, notMePath, 'account.not-me-reported', 'recovery-after-not-me'],
  ] as const)(
    'in the middle of a press leaves all of it or nothing: %s',
    async (id, purpose, path, event, kind) => {
      const [port] = ports
      for (const [round, pause] of [3, 15, 25, 40].entries()) {
        const token = await mint(purpose)
        const form = await openForm(path(token), id)
        const before = {
          ...(await traces(event, purpose, token)),
          hash: (await janeNow()).passwordHash,
        }
        const mailsBefore = (await rows(`SELECT 1 FROM mails WHERE kind = '${kind}'`)).length
        const sent = send(port, form, id === 'reset' ? { password: fresh(200 + round) } : {}).catch(
          () => undefined,
        )
        await delay(pause)
        const child = processes.get(port)!
        child.signal('SIGKILL')
        await child.exited
        const answer = await sent
        processes.set(port, (await startSignOnProcess(settings, port)).child)

        // What the database was doing for it is over.
        await becomes('nothing is under way', 5000, async () => {
          const [row] = await rows<{ count: number }>(
            `SELECT count(*)::int AS count FROM pg_stat_activity
              WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
          )
          return row?.count === 0
        })
        const after = await traces(event, purpose, token)
        const mails = (await rows(`SELECT 1 FROM mails WHERE kind = '${kind}'`)).length
        const isDone = after.events > before.events
        expect(after.isUsed).toBe(isDone)
        expect(mails - mailsBefore).toBe(isDone ? 1 : 0)
        if (id === 'reset') expect((await janeNow()).passwordHash !== before.hash).toBe(isDone)
        // Nobody was told what was not committed.
        if (answer?.status === 200) expect(isDone).toBe(true)
      }
    },
    60_000,
  )

  test('after a question was asked leaves it to the next one, which answers it once', async () => {
    const [port] = ports
    const browser = newBrowser()
    const page = await browser.get(`${settings['CSO_ISSUER']}/recover/password`)
    const before = (await rows(`SELECT 1 FROM mails WHERE kind = 'recovery-password'`)).length
    const asked = await browser.submit(page.form('recover'), { name: jane.username })
    expect(asked.status).toBe(303)
    const child = processes.get(port)!
    child.signal('SIGKILL')
    await child.exited
    await browser.stop()
    await becomes('it is answered', 25_000, async () => {
      const left = await rows('SELECT 1 FROM recoveries')
      const mails = await rows(`SELECT 1 FROM mails WHERE kind = 'recovery-password'`)
      return left.length === 0 && mails.length === before + 1
    })
    processes.set(port, (await startSignOnProcess(settings, port)).child)
  }, 60_000)
})
