import Router from '@koa/router'
import { recordEvent } from '../../audit/store.ts'
import type { ConsoleAnswer, ConsoleGate, ConsoleVisit } from '../console-gate.ts'
import { supportRoles } from '../entries.ts'
import { accountLookedAt } from '../events.ts'
import { accountContent, unknownContent } from './account-page.ts'
import { numberOf } from './open-account.ts'
import { type ReadDeps, readAccount, readHistory } from './read-account.ts'
import { findSeenAccount, type SeenAccount } from './store.ts'
import { supportAccountPath } from './support-paths.ts'

export type AccountRouteDeps = ReadDeps & { readonly console: ConsoleGate }

/** The page of an account, for the PACER Service Center: every look is an event. */
export function accountRoutes(deps: AccountRouteDeps): Router {
  const router = new Router()

  router.get(
    supportAccountPath(':number'),
    deps.console.page(supportRoles, async (visit) => {
      const account = await findSeenAccount(deps.db, numberOf(visit.ctx))
      return account ? show(deps, visit, account) : unknownContent()
    }),
  )

  return router
}

async function show(
  deps: AccountRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
): Promise<ConsoleAnswer> {
  const { before } = visit.ctx.query
  const olderThan = typeof before === 'string' && /^\d{1,18}$/.test(before) ? before : undefined
  const [shown, history] = await Promise.all([
    readAccount(deps, account),
    readHistory(deps, account, olderThan),
  ])
  // What cannot be recorded is not shown.
  await recordEvent(
    deps.db,
    accountLookedAt({ accountId: account.id, shown: 'account', by: visit.by }),
  )
  return accountContent({
    account: shown,
    ...history,
    isLater: olderThan !== undefined,
    isOwn: account.id === visit.account.id,
  })
}
