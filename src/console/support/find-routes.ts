import Router from '@koa/router'
import { accountNumberPattern } from '../../accounts/account.ts'
import { listWaitingProposals } from '../../accounts/address-proposal-store.ts'
import { recordEvent } from '../../audit/store.ts'
import type { AccountId } from '../../ids.ts'
import { paths } from '../../paths.ts'
import type { Database } from '../../storage/db.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { ConsoleAnswer, ConsoleGate, ConsoleVisit } from '../console-gate.ts'
import { supportRoles } from '../entries.ts'
import { accountsSearched } from '../events.ts'
import { readSearch } from './account-search.ts'
import { listOpenAlerts } from './alert-store.ts'
import { findContent, type WaitingOnPage } from './find-page.ts'
import { searchAccounts } from './store.ts'

export type FindRouteDeps = { readonly db: Database; readonly console: ConsoleGate }

const perPage = 20

/** `/staff/support`: finds accounts. */
export function findRoutes(deps: FindRouteDeps): Router {
  const router = new Router()
  router.get(
    paths.support,
    deps.console.page(supportRoles, (visit) => find(deps, visit)),
  )
  return router
}

const problems = {
  empty: 'Enter an account number, a username, an e-mail address or a name',
  'too-long': 'Enter less: this is longer than any name or address',
} as const

async function find(
  { db }: FindRouteDeps,
  { ctx, by, account }: ConsoleVisit,
): Promise<ConsoleAnswer> {
  const { find: typed, after } = ctx.query
  if (typeof typed !== 'string') {
    const alerts = (await listOpenAlerts(db)).map(({ number, recordedAt }) => ({
      number,
      at: dayAndTime(recordedAt),
    }))
    return findContent({ typed: '', alerts, waiting: await listWaiting(db, account.id) })
  }
  const search = readSearch(typed)
  if (!search.ok) {
    const shown = search.reason === 'empty' ? '' : typed.slice(0, 254)
    return { ...findContent({ typed: shown, problem: problems[search.reason] }), status: 422 }
  }
  const isLater = typeof after === 'string' && accountNumberPattern.test(after)
  const rows = await searchAccounts(db, search.value, {
    after: isLater ? after : '',
    limit: perPage + 1,
  })
  const found = rows.slice(0, perPage)
  // What cannot be recorded is not shown.
  await recordEvent(db, accountsSearched({ accounts: found.map(({ id }) => id), by }))
  return findContent({
    typed,
    found,
    isLater,
    after: rows.length > perPage ? found.at(-1)?.number : undefined,
  })
}

/** What waits for a second person; whose it is stands on its own page. */
async function listWaiting(db: Database, viewer: AccountId): Promise<WaitingOnPage[]> {
  const proposals = await listWaitingProposals(db)
  return proposals.map(({ number, proposerName, proposedBy, expiresAt }) => ({
    number,
    by: proposerName,
    until: dayAndTime(expiresAt),
    isOwn: proposedBy === viewer,
  }))
}
