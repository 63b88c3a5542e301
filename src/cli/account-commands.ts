import { accountTypeLabel, searchStatusOf } from '../accounts/account.ts'
import { stateOf, stateSince } from '../accounts/account-state.ts'
import { disableAccount } from '../accounts/disable-account.ts'
import { enableAccount } from '../accounts/enable-account.ts'
import { endAllSignIns } from '../accounts/end-sign-ins.ts'
import { listHolds } from '../accounts/hold.ts'
import { resealAccounts } from '../accounts/reseal-accounts.ts'
import { findAccount, forgetBrowsers, type StoredAccount } from '../accounts/store.ts'
import type { By } from '../audit/by.ts'
import { now } from '../clock.ts'
import { resealDocuments } from '../efiling/documents/reseal-documents.ts'
import { listRights } from '../efiling/right-store.ts'
import type { Ended } from '../sessions/ended.ts'
import { countSessionsOf } from '../sessions/session-store.ts'
import { unlockAccount } from '../signin/unlock-account.ts'
import { listRolesOf } from '../staff/store.ts'
import { inTransaction } from '../storage/db.ts'
import { type Context, dayText, tableLines } from './context.ts'

/** Runs `work` with the account, or says that there is none. */
async function withAccount(
  { db }: Context,
  named: string,
  work: (account: StoredAccount) => Promise<number>,
): Promise<number> {
  const account = await findAccount(db, named)
  if (account) return work(account)
  console.error(`There is no account ${named}; it is found by its number, username or id.`)
  return 1
}

export function showAccount(context: Context, named: string): Promise<number> {
  const { db } = context
  return withAccount(context, named, async (account) => {
    const [standings, roles, sessions] = await Promise.all([
      listRights(db, [account.id]),
      listRolesOf(db, [account.id]),
      countSessionsOf(db, account.id),
    ])
    const name = [account.givenName, account.familyName].filter(Boolean).join(' ')
    const email =
      account.email && `${account.email}${account.isEmailVerified ? '' : ' (not confirmed)'}`
    const rows = [
      ['number', account.number],
      ['id', account.id],
      ['username', account.username],
      ['name', name || '-'],
      ['e-mail', email ?? '-'],
      ['kind', `${accountTypeLabel(account)}, ${account.userType}`],
      ['state', stateText(account)],
      ['password', account.passwordHash ? 'set' : 'none'],
      ['search', searchText(account)],
      ['sessions', String(sessions)],
      ...standings.map(({ courtId, state, role, filerId, endsOn }) => [
        courtId,
        [state, role, filerId, endsOn && `until ${endsOn}`].filter(Boolean).join(', '),
      ]),
      ...roles.map(({ role, courtId }) => ['staff', courtId ? `${role} of ${courtId}` : role]),
    ]
    for (const line of tableLines(rows)) console.log(line)
    return 0
  })
}

/** Its state, and every hold, which a stricter state hides. */
function stateText(account: StoredAccount): string {
  const since = stateSince(account)
  const holds = listHolds(account).map((hold) => `${hold.reason} since ${dayText(hold.since)}`)
  const state = [stateOf(account), since && `since ${dayText(since)}`].filter(Boolean).join(' ')
  return holds.length > 0 ? `${state}; held: ${holds.join(', ')}` : state
}

function searchText({ searchUsedAt = now(), ...account }: StoredAccount): string {
  const state = stateOf(account)
  const status = searchStatusOf({ ...account, state, searchUsedAt }, now())
  return `${status}, last used ${dayText(searchUsedAt)}`
}

export function disable(context: Context, named: string, by: By): Promise<number> {
  return withAccount(context, named, async ({ id, number }) => {
    const disabled = await inTransaction(context.db, (tx) => disableAccount(tx, id, by))
    if (disabled.ok) console.log(`Account ${number} is disabled; ${endedText(disabled.value)}.`)
    else console.log(`Account ${number} is disabled already.`)
    return 0
  })
}

export function enable(context: Context, named: string, by: By): Promise<number> {
  return withAccount(context, named, async ({ id, number }) => {
    const enabled = await inTransaction(context.db, (tx) => enableAccount(tx, id, by))
    console.log(`Account ${number} is enabled${enabled.ok ? '' : ' already'}.`)
    return 0
  })
}

export function unlock(context: Context, named: string, by: By): Promise<number> {
  return withAccount(context, named, async (account) => {
    const deps = { db: context.db, key: context.keys.secrets.identifiers }
    const unlocked = await unlockAccount(deps, account, by)
    console.log(
      unlocked.ok
        ? `Account ${account.number}: ${unlocked.value.failures} wrong passwords are forgotten.`
        : `Account ${account.number} was not locked.`,
    )
    return 0
  })
}

export function endSessions(context: Context, named: string, by: By): Promise<number> {
  return withAccount(context, named, async ({ id, number }) => {
    const ended = await inTransaction(context.db, async (tx) => {
      // Whoever held a session may hold the mark of a known browser as well.
      await forgetBrowsers(tx, id)
      return endAllSignIns(tx, id, by)
    })
    console.log(`Account ${number}: ${endedText(ended)}.`)
    return 0
  })
}

/** Seals what is sealed with an older key; what does not open is told, and left as it is. */
export async function reseal({ db, keys }: Context, by: By): Promise<number> {
  const { sealing } = keys.secrets
  const { count, unopened } = await resealAccounts({ db, sealing }, by)
  const documents = await resealDocuments({ db, sealing }, by)
  const isAllOpen = unopened.length + documents.unopened.length === 0
  const whatElse = isAllOpen ? 'Everything' : 'Everything that opens'
  console.log(
    count + documents.count === 0
      ? `${whatElse} is sealed with ${sealing.newest} already.`
      : `The birth dates of ${count} accounts${documents.count > 0 ? ` and ${documents.count} documents` : ''} are sealed with ${sealing.newest} now.`,
  )
  for (const [ids, what] of [
    [unopened, 'birth dates'],
    [documents.unopened, 'documents'],
  ] as const) {
    if (ids.length === 0) continue
    console.error(
      `${ids.length} ${what} do not open, with whichever key; they were changed by hand or moved: ${ids.slice(0, 20).join(', ')}`,
    )
  }
  return isAllOpen ? 0 : 1
}

function endedText({ sessions, grants }: Ended): string {
  return `${sessions} sessions and ${grants} grants have ended`
}
