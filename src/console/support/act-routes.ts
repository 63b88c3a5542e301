import Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import { displayName } from '../../accounts/account.ts'
import { stateOf } from '../../accounts/account-state.ts'
import { stateWords } from '../../accounts/state-words.ts'
import { recordEvent } from '../../audit/store.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer, ConsoleGate, ConsoleVisit } from '../console-gate.ts'
import { supportRoles } from '../entries.ts'
import { accountLookedAt } from '../events.ts'
import { unknownContent } from './account-page.ts'
import { type ActProblem, actContent, ownAccountContent } from './act-page.ts'
import { isSupportAct, type SupportAct } from './acts.ts'
import { heldOf } from './read-account.ts'
import { reasonMissing, reasonText } from './reason.ts'
import { findSeenAccount, type SeenAccount } from './store.ts'
import { supportAccountPath, supportActPath } from './support-paths.ts'
import { type ActDeps, takeAct } from './take-act.ts'

export type ActRouteDeps = ActDeps & { readonly console: ConsoleGate }

const schema = z.object({ reason: reasonText(reasonMissing) })

const formOf = (number: string, act: SupportAct) =>
  ({
    name: `support ${act} ${number}`,
    page: supportActPath(number, act),
    schema,
    keeps: ['reason'],
  }) satisfies FormOf<z.ZodType>

/** What support does with an account: each act is a form with a reason. */
export function actRoutes(deps: ActRouteDeps): Router {
  const router = new Router()

  router.get(supportActPath(':number', ':act'), (ctx, next) => {
    const { number, act } = namedIn(ctx)
    if (!act) return next()
    const options = freshness(act)
    return deps.console.page(
      supportRoles,
      (visit) => show(deps, visit, number, act),
      options,
    )(ctx, next)
  })

  router.post(supportActPath(':number', ':act'), (ctx, next) => {
    const { number, act } = namedIn(ctx)
    if (!act) return next()
    const take = (visit: ConsoleVisit, posted: Posted<z.output<typeof schema>>) =>
      takeForm(deps, visit, number, act, posted)
    return deps.console.form(supportRoles, formOf(number, act), take, freshness(act))(ctx, next)
  })

  return router
}

/** What cannot be undone asks for a sign-in of a moment ago. */
function freshness(act: SupportAct) {
  return { isFresh: act === 'close' }
}

async function show(
  { db }: ActRouteDeps,
  visit: ConsoleVisit,
  number: string,
  act: SupportAct,
): Promise<ConsoleAnswer> {
  const account = await findSeenAccount(db, number)
  if (!account) return unknownContent()
  if (account.id === visit.account.id) return ownAccount(number)
  return contentOf(db, visit, account, act, '')
}

async function takeForm(
  deps: ActRouteDeps,
  visit: ConsoleVisit,
  number: string,
  act: SupportAct,
  posted: Posted<z.output<typeof schema>>,
): Promise<AfterStaffForm> {
  const account = await findSeenAccount(deps.db, number)
  if (!account) return unknownContent()
  if (account.id === visit.account.id) return ownAccount(number)
  if (!posted.ok) {
    const { problems, typed } = posted
    const problem = { heading: 'Nothing was changed', problems }
    return {
      ...(await contentOf(deps.db, visit, account, act, typed['reason'] ?? '', problem)),
      status: 422,
    }
  }
  const { reason } = posted.value
  const taken = await takeAct(deps, { account, act, reason }, visit.account.id, visit.by)
  if (taken.ok) return { to: `${supportAccountPath(number)}#done` }
  if (taken.reason === 'own-account') return ownAccount(number)
  const now = (await findSeenAccount(deps.db, number)) ?? account
  const problem = {
    heading: 'Nothing was changed',
    text: 'The account is not as it was when you opened this page: somebody else was faster, or this was done already. Look at the account again.',
  }
  return { ...(await contentOf(deps.db, visit, now, act, reason, problem)), status: 409 }
}

function ownAccount(number: string): ConsoleAnswer {
  return { ...ownAccountContent(number), status: 403 }
}

async function contentOf(
  db: Database,
  visit: ConsoleVisit,
  account: SeenAccount,
  act: SupportAct,
  reason: string,
  problem?: ActProblem,
): Promise<ConsoleAnswer> {
  const { id: accountId, number, username } = account
  // What cannot be recorded is not shown, also where the form comes again.
  await recordEvent(db, accountLookedAt({ accountId, shown: 'account', by: visit.by }))
  return actContent({
    act,
    account: { number, username, name: displayName(account) },
    state: stateWords({ state: stateOf(account), held: heldOf(account) }).headline,
    csrf: visit.tokenFor(formOf(number, act)),
    reason,
    problem,
  })
}

function namedIn(ctx: Context): { number: string; act: SupportAct | undefined } {
  const { number = '', act = '' } = (ctx as Context & { params: Record<string, string> }).params
  return { number, act: isSupportAct(act) ? act : undefined }
}
