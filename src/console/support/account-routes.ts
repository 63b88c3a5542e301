import Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import { openBirthDate } from '../../accounts/birth-date.ts'
import { recordEvent } from '../../audit/store.ts'
import { formatDay } from '../../days.ts'
import type { FormOf } from '../../http/form-kit.ts'
import { supportAccountPath, supportBirthDatePath } from '../../paths.ts'
import type { Sealing } from '../../signing/sealed-field.ts'
import type { ConsoleAnswer, ConsoleGate, ConsoleVisit } from '../console-gate.ts'
import { supportRoles } from '../entries.ts'
import { accountLookedAt } from '../events.ts'
import { accountContent, unknownContent } from './account-page.ts'
import { type ReadDeps, readAccount, readHistory } from './read-account.ts'
import { findSealedBirthDate, findSeenAccount, type SeenAccount } from './store.ts'

export type AccountRouteDeps = ReadDeps & {
  readonly console: ConsoleGate
  readonly sealing: Sealing
}

/** Shows the date of birth of one account. Nothing is typed into it. */
const birthDateForm = (number: string) =>
  ({
    name: `birth-date ${number}`,
    page: supportAccountPath(number),
    schema: z.object({}),
    keeps: [],
  }) satisfies FormOf<z.ZodType>

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

  router.post(supportBirthDatePath(':number'), (ctx, next) =>
    deps.console.form(supportRoles, birthDateForm(numberOf(ctx)), async (visit) => {
      const account = await findSeenAccount(deps.db, numberOf(ctx))
      return account ? showBirthDate(deps, visit, account) : unknownContent()
    })(ctx, next),
  )

  return router
}

async function showBirthDate(
  deps: AccountRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
): Promise<ConsoleAnswer> {
  const { id: accountId } = account
  const sealed = await findSealedBirthDate(deps.db, accountId)
  if (sealed === null) return show(deps, visit, account)
  const day = openBirthDate(deps.sealing, accountId, sealed)
  await recordEvent(deps.db, accountLookedAt({ accountId, shown: 'birth-date', by: visit.by }))
  return show(deps, visit, account, formatDay(day))
}

async function show(
  deps: AccountRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
  birthDate?: string,
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
    birthDate,
    csrf: visit.tokenFor(birthDateForm(account.number)),
    ...history,
    isLater: olderThan !== undefined,
    isOwn: account.id === visit.account.id,
  })
}

function numberOf(ctx: Context): string {
  return (ctx as Context & { params: Record<string, string> }).params['number'] ?? ''
}
