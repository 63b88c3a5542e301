/**
 * Has the district court of the demo announce its go-live, once: the accounts of its old system are imported, a
 * clerk has linked one of them to the wrong person, and the moment is two weeks ahead. It runs before the
 * server, on its database; what anybody does afterwards stays.
 */
import { readFileSync } from 'node:fs'
import { createPasswords } from '../src/accounts/password.ts'
import { findByNumber } from '../src/accounts/store.ts'
import { byAccount, byOperator } from '../src/audit/by.ts'
import { withDatabase } from '../src/cli/context.ts'
import { loadConfig } from '../src/config/config.ts'
import type { GoLiveChange } from '../src/courts/apply-go-live.ts'
import { changeGoLive } from '../src/courts/change-go-live.ts'
import { findGoLivePlan } from '../src/courts/go-live-store.ts'
import { dayAt, momentIn } from '../src/days.ts'
import { importAccounts } from '../src/efiling/imported/import-accounts.ts'
import { findImportedByLogin } from '../src/efiling/imported/store.ts'
import { linkAccount } from '../src/efiling/linking/link-account.ts'
import type { CourtId } from '../src/ids.ts'
import { loadKeys } from '../src/signing/key-store.ts'
import { type Database, inTransaction } from '../src/storage/db.ts'

const courtId = 'ncwd' as CourtId
const timeZone = 'America/New_York'
const dayMilliseconds = 24 * 3600_000
const by = byOperator('demo')

const config = loadConfig(process.env)
const keys = await loadKeys(config)
await withDatabase(config, keys, 'prepared', async ({ db }) => {
  if (await findGoLivePlan(db, courtId)) return
  const { peppers } = keys.secrets
  const passwords = createPasswords({ ...config.password, peppers, isStubbed: false })
  try {
    const bytes = readFileSync(new URL('ncwd-accounts.csv', import.meta.url))
    const file = { courtId, name: 'ncwd-accounts.csv', bytes }
    expectDone(await importAccounts({ db, passwords }, file, by, () => {}))
  } finally {
    await passwords.close()
  }
  // While the court is live by its day: nobody links at one that is not.
  await linkWrongly(db)
  const ahead = (days: number, time: string) =>
    momentIn(dayAt(new Date(Date.now() + days * dayMilliseconds), timeZone), time, timeZone)
  const change = async (what: GoLiveChange) =>
    expectDone(await changeGoLive(db, { courtId, change: what, by }))
  await change({ kind: 'set', liveAt: ahead(14, '08:00') })
  await change({
    kind: 'announce',
    filingClosed: { from: ahead(11, '17:00'), until: ahead(14, '08:00') },
    emergencyWay: 'Example for this demonstration: come to the counter in Charlotte.',
    reason: 'As the court decided.',
  })
})

/** A clerk took one Jones for the other one; that is undone under `/staff/courts/ncwd/links`. */
async function linkWrongly(db: Database): Promise<void> {
  const [clerk, person, imported] = await Promise.all([
    findByNumber(db, '7123463'),
    findByNumber(db, '7123493'),
    findImportedByLogin(db, courtId, 'wjones'),
  ])
  if (!clerk || !person || !imported) throw new Error('somebody of the demo is missing')
  const wanted = {
    accountId: person.id,
    courtId,
    importedId: imported.id,
    way: 'clerk',
    isOnePerson: true,
    reason: 'Asked at the counter, by last name.',
    by: byAccount(clerk.id, {}),
  } as const
  expectDone(await inTransaction(db, (tx) => linkAccount(tx, wanted)))
}

function expectDone(outcome: { readonly ok: boolean; readonly reason?: string }): void {
  if (!outcome.ok) throw new Error(`the go-live was not prepared: ${outcome.reason}`)
}
