import Router from '@koa/router'
import type { AccountFacts } from '../../accounts/account.ts'
import { reactivateSearch } from '../../accounts/reactivate-search.ts'
import { filingIsApart, reactivationRefusals, searchInWords } from '../../accounts/search-words.ts'
import { listUses } from '../../audit/account-history.ts'
import { byAccount } from '../../audit/by.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import { now, secondsFromNow } from '../../clock.ts'
import { findFacts } from '../../efiling/facts.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { paths } from '../../paths.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { isJustNow } from '../just-now.ts'
import type { AfterForm, PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { searchAgainForm } from '../search-again.ts'
import { type SearchOnPage, usageContent } from './usage-page.ts'

export type UsageRouteDeps = {
  readonly db: Database
  readonly portal: PortalGate
  readonly directory: ClientDirectory
}

const shownDays = 90

/** What the account was used for: each application that was signed in to, and whether it searches. */
export function usageRoutes(deps: UsageRouteDeps): Router {
  const router = new Router()
  router.get(
    paths.accountUsage,
    deps.portal.page((visit) => show(deps, visit, doneIn(visit))),
  )
  router.post(
    paths.accountSearchAgain,
    deps.portal.form(searchAgainForm, (visit) => searchAgain(deps, visit)),
  )
  return router
}

async function searchAgain(deps: UsageRouteDeps, visit: PortalVisit): Promise<AfterForm> {
  const { ctx, account, session } = visit
  const by = byAccount(account.id, requestOrigin(ctx))
  const begun = await inTransaction(deps.db, (tx) => reactivateSearch(tx, account.id, by))
  if (begun.ok) return { to: `${paths.accountUsage}?searches` }
  const facts = await findFacts(deps.db, account.id, [], session.uid)
  if (begun.reason === 'unknown-account' || !facts) {
    throw new Error('the account of a session is gone')
  }
  const text = reactivationRefusals[begun.reason]
  // Of two presses at once the second one finds it done.
  const isDone = begun.reason === 'already-active'
  const answer = await show(deps, { ...visit, account: facts.account }, { isDone, text })
  return { ...answer, status: isDone ? 200 : 409 }
}

async function show(
  { db, directory }: UsageRouteDeps,
  visit: PortalVisit,
  notice: { readonly isDone: boolean; readonly text: string } | undefined,
): Promise<PortalAnswer> {
  const { account } = visit
  const uses = await listUses(db, account.id, secondsFromNow(-shownDays * 24 * 3600))
  const described = await Promise.all(
    uses.map(async ({ clientId, times, lastAt }) => {
      const client = await directory.find(clientId)
      const name = client?.name ?? clientId
      const courtNames = (client?.courts ?? []).map((court) => court.name)
      return { name, courtNames: courtNames.filter((each) => each !== name), times, lastAt }
    }),
  )
  const search = account.type === 'firm' ? undefined : searchOnPage(account, visit)
  return usageContent({ days: shownDays, uses: described, search, notice })
}

function searchOnPage(account: AccountFacts, { tokenFor }: PortalVisit): SearchOnPage {
  return {
    ...searchInWords(account, now()),
    filingText: filingIsApart(account),
    again: { action: paths.accountSearchAgain, csrf: tokenFor(searchAgainForm) },
  }
}

/** Anybody can write an address that says so; it is said where it is true. */
function doneIn({ ctx, account }: PortalVisit) {
  if (ctx.query['searches'] === undefined || account.type === 'firm') return undefined
  if (!isJustNow(account.searchUsedAt) || !searchInWords(account, now()).canSearch) return undefined
  return { isDone: true, text: 'You can search cases again, from now on.' }
}
