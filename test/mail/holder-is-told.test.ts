import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { askEmailChange } from '../../src/accounts/ask-email-change.ts'
import { canonicalEmail } from '../../src/accounts/email-address.ts'
import { findOpenEmailChange } from '../../src/accounts/email-change-store.ts'
import { enableAccount } from '../../src/accounts/enable-account.ts'
import { oldAddressPurpose } from '../../src/accounts/link-purposes.ts'
import { standMark } from '../../src/accounts/recovery/recovery.ts'
import { findRecoverable } from '../../src/accounts/recovery/store.ts'
import { insertRegistration } from '../../src/accounts/registration/store.ts'
import { findByNumber } from '../../src/accounts/store.ts'
import { byOperator } from '../../src/audit/by.ts'
import { queueMail } from '../../src/mail/queue-mail.ts'
import { mailKinds } from '../../src/mail-kinds.ts'
import { ok } from '../../src/outcome.ts'
import {
  confirmEmailPath,
  notMePath,
  oldAddressPath,
  registrationConfirmPath,
  resetPasswordPath,
} from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { openPage, sendPassword } from '../support/court.ts'
import { sql } from '../support/database.ts'
import { dumpStores, listKept } from '../support/dump-stores.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { jane, nora } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'

const test = kit().override('people', [
  { ...jane, disabled: true },
  { ...nora, email_verified: true },
])

/** An operator lets Jane in again, of which she is told. */
async function enableJane({ services: { db } }: SignOn): Promise<void> {
  const account = await findByNumber(db, jane.number)
  await inTransaction(db, (tx) => enableAccount(tx, account!.id, byOperator('olga')))
}

test('a holder is told by mail what became of the account, and where to look', async ({
  signOn,
  inbox,
  browser,
}) => {
  await enableJane(signOn)
  const [mail, ...more] = await inbox(jane.email)
  expect(more).toEqual([])
  expect(mail!.links.every((link) => link.startsWith(`${signOn.issuer}/`))).toBe(true)
  const notMe = mail!.links.find((link) => link.includes('/account/not-me/'))!
  const token = notMe.split('/').at(-1)!
  // Mail gateways open every link, and none of that may be read in a log.
  const before = await dumpStores(signOn.services)
  const links = before.split('\n').filter((line) => line.startsWith('one_use_links '))
  for (let n = 0; n < 10; n += 1) await browser.get(notMe)
  const after = await dumpStores(signOn.services)
  expect(after.split('\n').filter((line) => line.startsWith('one_use_links '))).toEqual(links)
  expect(signOn.logLines.join('')).toContain('/account/not-me/…')
  expect([before, after, ...signOn.logLines].filter((text) => text.includes(token))).toEqual([])
  // The address is where mail goes, and stands in no log either.
  expect(signOn.logLines.filter((line) => line.includes(jane.email))).toEqual([])
})

/** What any kind of message may tell of; a new one that tells of something else names it here. */
const facts = {
  username: nora.username,
  number: nora.number,
  newUsername: 'nora-somewhere',
  at: 'November 3, 2026, 3:45 p.m. Eastern time',
  reason: 'support',
  left: null,
  decision: 'grant',
  court: 'U.S. District Court',
  login: 'old-nora',
  request: '12345678',
  asked: 'other',
  denied: 'other',
  waitsFor: 'fee',
  from: null,
  role: 'Attorney',
  actions: ['File documents'],
  lastDay: null,
  isAdmitted: false,
  message: [],
  fields: ['phone'],
  staffRole: 'registrar',
  courtName: null,
  of: '7123456',
  doneBy: 'rita-registrar',
  until: 'December 4, 2026, 3:45 p.m. Eastern time',
  change: 'granted',
  fact: 'name',
  state: 'declined',
  accounts: [{ username: nora.username, number: nora.number, canDo: 'You can sign in with it.' }],
}

const momentOfCourt = {
  courtId: 'ncwd',
  accounts: [{ login: 'old-nora', name: 'Nora Nowhere', isLinked: false }],
  more: 0,
  offices: ['Charlotte: (704) 350-7400'],
  toldOf: 'December 1, 2026',
  wasLive: false,
  liveAt: 'December 8, 2026',
  isLive: false,
  isTheDay: false,
  linkUntil: null,
  closedFrom: null,
  closedUntil: null,
  emergencyWay: [],
}

/** What stands under the same names in some messages, and is another thing there. */
const factsOf: Readonly<Record<string, object>> = {
  'account-linked': { reason: [] },
  'account-unlinked': { reason: ['By mistake'] },
  'go-live-notice': momentOfCourt,
  'go-live-moved': momentOfCourt,
  'go-live-rolled-back': momentOfCourt,
}

test('a link in whichever mail there is changes nothing when it is only opened, ten times', async ({
  signOn,
  at,
  inbox,
  browser,
  openBrowser,
  isOurs,
}) => {
  const { db, keys } = signOn.services
  const { identifiers } = keys.secrets
  const { id: accountId } = (await findByNumber(db, nora.number))!
  const account = (await findRecoverable(db, accountId))!
  const newAddress = 'nora@new-firm.example'
  const registration = randomUUID()
  const by = byOperator('olga')
  await inTransaction(db, async (tx) => {
    await askEmailChange(tx, { accountId, email: newAddress }, by)
    await insertRegistration(tx, {
      id: registration,
      email: newAddress,
      emailCanonical: canonicalEmail(newAddress),
      browserMark: 'nobody',
      clientId: undefined,
    })
  })
  const change = (await findOpenEmailChange(db, accountId))!.id
  await inTransaction(db, async (tx) => {
    const about = { registration, change, stands: standMark(identifiers, account) }
    for (const words of mailKinds) {
      // What a new one tells of and is missing in the facts fails here, by its name.
      const told = { ...facts, ...factsOf[words.name] }
      expect(() => words.compose(told, { at, made: {} }), words.name).not.toThrow()
      const isFormer = words.link?.purpose === oldAddressPurpose
      const to = isFormer ? 'nora@former-firm.example' : account.email!
      await queueMail(tx, { words, to, accountId, facts: told, about })
    }
    return ok()
  })
  const mails = await inbox()
  expect(mails.length).toBeGreaterThanOrEqual(mailKinds.length)
  // A fact that is missing above.
  expect(mails.filter(({ text }) => /undefined|\[object/.test(text))).toEqual([])

  const links = [...new Set(mails.flatMap((mail) => mail.links))].filter((link) =>
    link.startsWith(signOn.issuer),
  )
  const oneUse = links.filter((link) => /\/[\w-]{43}$/.test(link))
  expect(oneUse.length).toBeGreaterThan(mailKinds.filter(({ hasNotMe }) => hasNotMe).length)
  const reader = openBrowser()
  const signIn = await openPage(reader, signOn, at('/account'))
  await reader.followWhile(await sendPassword(reader, signIn, nora.username), isOurs)
  /** But for the time of the session, which goes on with every page of one's own. */
  const kept = async () => {
    const lines = await listKept({ db, redis: undefined })
    const events = await sql<{ event: string }>(db, 'SELECT event FROM audit_events ORDER BY id')
    return [...lines.filter((line) => !line.startsWith('sessions ')), ...events]
  }
  const before = await kept()
  const opened: string[] = []
  for (const link of links) {
    // A mail gateway, and the holder, who is signed in.
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.get(link)))
    const own = oneUse.includes(link) ? await reader.get(link) : undefined
    if (own?.status === 200) opened.push(link)
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => ![200, 303, 410].includes(status))).toEqual([])
  }
  expect(await kept()).toEqual(before)
  // They were good: what one press would do was one press away.
  for (const path of [
    notMePath(''),
    resetPasswordPath(''),
    registrationConfirmPath(''),
    confirmEmailPath(''),
    oldAddressPath(''),
  ]) {
    expect(opened.filter((link) => link.startsWith(at(path))).length, path).toBeGreaterThan(0)
  }
})

test('a mail server that takes everything and says nothing delays no page and loses nothing', async ({
  mailServer,
  signOnWith,
  browser,
  onTestFinished,
}) => {
  const proxy = await startFaultProxy(`127.0.0.1:${mailServer.port}`)
  onTestFinished(() => proxy.stop())
  await proxy.blackhole()
  const signOn = await signOnWith({ settings: mailServer.settingsBy(proxy.host) })
  await signOn.apply({ accounts: [{ ...jane, disabled: true }] })
  const before = mailServer.mails.length
  await enableJane(signOn)
  await becomes('the mail is on its way', 5000, async () => proxy.connectionCount > 0)
  for (const path of ['/courts', '/account', '/readyz']) {
    const { status } = await browser.get(`${signOn.issuer}${path}`)
    expect(status, path).toBeLessThan(400)
  }
  expect(mailServer.mails).toHaveLength(before)
  await proxy.pass()
  await becomes('the mail has come', 20_000, async () => mailServer.mails.length === before + 1)
}, 60_000)
