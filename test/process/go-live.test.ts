import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAccount } from '../../src/accounts/store.ts'
import { byAccount, byOperator } from '../../src/audit/by.ts'
import type { GoLiveChange } from '../../src/courts/apply-go-live.ts'
import { changeGoLive } from '../../src/courts/change-go-live.ts'
import { linkAccount } from '../../src/efiling/linking/link-account.ts'
import type { CourtId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { createCourt, newBrowser, type TestCourt } from '../support/court.ts'
import { sql } from '../support/database.ts'
import { becomes } from '../support/measure.ts'
import { nora } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'
import { startTwoProcesses, type TwoProcesses } from '../support/two-processes.ts'

/** The Western District of North Carolina goes live, once in full: two processes, one killed at the moment. */

const filers = 5000
/** So many accounts of the old system have one mailbox: a firm's. */
const perMailbox = 25
const ncwdId = 'ncwd' as CourtId

let installation: TwoProcesses
let office: SignOn
let ncwd: TestCourt

beforeAll(async () => {
  installation = await startTwoProcesses()
  office = installation.office
  await office.apply({ accounts: [nora] })
  ncwd = await createCourt(office, 'ncwd')
}, 120_000)

afterAll(() => installation.stop(), 60_000)

async function change(order: GoLiveChange): Promise<void> {
  const { db } = office.services
  const by = byOperator('test')
  expect(await changeGoLive(db, { courtId: ncwdId, change: order, by })).toMatchObject({ ok: true })
}

/** The filers of the old system, those of a firm at one address. */
async function importFilers(): Promise<void> {
  await sql(
    office.services.db,
    `WITH i AS (INSERT INTO account_imports (court_id, file_name, file_digest, rows, added, changed, kept, imported_at)
        VALUES ('ncwd', 'ncwd.csv', '', ${filers}, ${filers}, 0, 0, now()) RETURNING id),
      c AS (UPDATE courts SET takes_links = true WHERE id = 'ncwd')
    INSERT INTO imported_accounts (id, court_id, login, login_canonical, name, email, email_canonical,
        role, status, is_admitted, actions, import_id, imported_at, changed_at)
    SELECT gen_random_uuid(), 'ncwd', 'old-' || n, 'old-' || n, 'Filer ' || n,
      'firm-' || n / ${perMailbox} || '@example.com', 'firm-' || n / ${perMailbox} || '@example.com',
      'attorney', 'active', true, '{file,receive-notices}', i.id, now(), now()
    FROM generate_series(0, ${filers - 1}) AS n, i`,
  )
}

/** Waits until everybody was told by messages of this kind, and expects that nobody was twice. */
async function toldByAll(kind: string): Promise<void> {
  await becomes(`everybody is told: ${kind}`, 30_000, async () => {
    if ((await messages())[kind]?.named === filers) return true
    // The next two thousand are due at once, and not after a minute.
    await sql(
      office.services.db,
      `UPDATE jobs SET run_at = date_trunc('milliseconds', now())
        WHERE name IN ('tell-due-waves', 'tell-of-go-live') AND lease IS NULL AND run_at > now()`,
    )
    return false
  })
  expect((await messages())[kind]).toEqual(everybodyOnce)
}

/** Of each kind of message: how many there are, to how many mailboxes, about how many accounts. */
async function messages(): Promise<
  Record<string, { mails: number; mailboxes: number; named: number }>
> {
  const rows = await sql<{ kind: string; mails: number; mailboxes: number; named: number }>(
    office.services.db,
    `SELECT kind, count(*)::int AS mails, count(DISTINCT to_address)::int AS mailboxes,
        sum(jsonb_array_length(facts -> 'accounts'))::int AS named
      FROM mails WHERE kind LIKE 'go-live-%' GROUP BY kind`,
  )
  return Object.fromEntries(rows.map(({ kind, ...counts }) => [kind, counts]))
}

const everybodyOnce = {
  mails: filers / perMailbox,
  mailboxes: filers / perMailbox,
  named: filers,
}

/** What a process tells the court about the person of this token now. */
async function toldBy(port: number, token: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`http://127.0.0.1:${port}/oidc/introspect`, {
    method: 'POST',
    headers: {
      host: new URL(office.issuer).host,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': new URL(office.issuer).host,
      authorization: `Basic ${Buffer.from(`${ncwd.clientId}:${ncwd.secret}`).toString('base64')}`,
    },
    body: new URLSearchParams({ token }),
  })
  const { efiling } = (await answer.json()) as { efiling: Record<string, Record<string, unknown>> }
  return efiling['ncwd']!
}

test('a court goes live at its moment on every process, is rolled back, goes live again; nobody is told twice, no link is lost', async () => {
  const { db } = office.services
  await importFilers()
  await change({ kind: 'set', liveAt: new Date(Date.now() + 30 * 24 * 3600_000) })
  await change({ kind: 'announce', liveAt: new Date(Date.now() + 48 * 3600_000) })
  await toldByAll('go-live-notice')

  // Postponed, or brought forward: exactly those who were told.
  const liveAt = new Date(Date.now() + 12_000)
  await change({ kind: 'postpone', liveAt, reason: 'The court is ready.' })
  const browser = newBrowser()
  const token = (await ncwd.signIn(browser, nora.username)).access_token
  await browser.stop()
  await toldByAll('go-live-moved')

  await delay(liveAt.getTime() - Date.now() - 1000)
  const before = await Promise.all(installation.ports.map((port) => toldBy(port, token)))
  expect(Date.now()).toBeLessThan(liveAt.getTime())
  for (const entry of before) expect(entry).toMatchObject({ status: 'not-live', actions: [] })
  await delay(liveAt.getTime() - Date.now())
  const killed = installation.kill(0)
  const other = await toldBy(installation.ports[1], token)
  await killed
  await installation.restart(0)
  const first = await toldBy(installation.ports[0], token)
  for (const entry of [other, first]) {
    expect(entry).toMatchObject({ status: 'none', actions: [] })
    expect(entry['version']).toBeGreaterThan(Number(before[0]!['version']))
  }

  const account = (await findAccount(db, nora.number))!
  const [imported] = await sql<{ id: string }>(
    db,
    `SELECT id::text AS id FROM imported_accounts WHERE login = 'old-4711'`,
  )
  const link = () =>
    inTransaction(db, (tx) =>
      linkAccount(tx, {
        accountId: account.id,
        courtId: ncwdId,
        importedId: imported!.id,
        way: 'password',
        isOnePerson: true,
        by: byAccount(account.id, {}),
      }),
    )
  expect(await link()).toMatchObject({ ok: true })
  const linked = await toldBy(installation.ports[0], token)
  expect(linked).toMatchObject({ status: 'active', filer_id: 'old-4711' })

  await change({ kind: 'roll-back', reason: 'The old data was not complete.' })
  const back = await Promise.all(installation.ports.map((port) => toldBy(port, token)))
  for (const entry of back) {
    expect(entry).toMatchObject({ status: 'not-live', actions: [] })
    expect(entry['version']).toBeGreaterThan(Number(linked['version']))
  }
  await toldByAll('go-live-rolled-back')

  await change({ kind: 'go-live' })
  const again = await Promise.all(installation.ports.map((port) => toldBy(port, token)))
  for (const entry of again) {
    expect(entry).toMatchObject({ status: 'active', filer_id: 'old-4711' })
    expect(entry['actions']).toContain('file')
    expect(entry['version']).toBeGreaterThan(Number(back[0]!['version']))
  }
  expect(await link()).toMatchObject({ ok: false, reason: 'linked-already' })
}, 120_000)
