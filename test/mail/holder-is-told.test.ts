import { expect } from 'vitest'
import { enableAccount } from '../../src/accounts/enable-account.ts'
import { findByNumber } from '../../src/accounts/store.ts'
import { byOperator } from '../../src/audit/by.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { dumpStores } from '../support/dump-stores.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { kit } from '../support/kit.ts'
import { becomes } from '../support/measure.ts'
import { jane } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'

const test = kit.override('people', [{ ...jane, disabled: true }])

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
