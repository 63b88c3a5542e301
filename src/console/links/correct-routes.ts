import Router from '@koa/router'
import { findImportedByLogin } from '../../efiling/imported/store.ts'
import { correctLink } from '../../efiling/linking/correct-link.ts'
import type { Link } from '../../efiling/linking/link.ts'
import type { Posted } from '../../http/form-kit.ts'
import type { AccountId } from '../../ids.ts'
import { inTransaction } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtVisit } from '../court-gate.ts'
import {
  findHolder,
  hiddenOf,
  type JoinAgain,
  type JoinDeps,
  lookForPerson,
  type Query,
} from './find-holder.ts'
import { findAccountForm, findPersonForm, type JoinTyped, joinForm } from './join-form.ts'
import { findContent, joinContent } from './join-page.ts'
import { correctLinkPath, courtLinkPath, findForLinkPath } from './link-paths.ts'
import { openLink, showLink } from './link-routes.ts'
import { findPair, type Pair, pairOnPage } from './pair.ts'
import { linkProblem, linkStatus } from './refusal-words.ts'

const fresh = { isFresh: true }
const heading = 'Nothing was linked'

/** `/staff/courts/:court/links/:link/correct`: a link that is wrong is undone, and what is right is linked. */
export function correctLinkRoutes(deps: JoinDeps): Router {
  const { db, courtGate } = deps
  const router = new Router()
  const link = correctLinkPath(':court', ':link')
  router.get(
    link,
    courtGate.page(
      ['clerk'],
      (visit) =>
        openLink(db, visit, (link, pair) =>
          showCorrection(deps, visit, link, pair, visit.ctx.query),
        ),
      fresh,
    ),
  )
  router.post(
    findForLinkPath(':court', ':link', 'person'),
    courtGate.form(
      ['clerk'],
      ({ court, link = '' }) => findPersonForm(findForLinkPath(court, link, 'person')),
      (visit, posted) =>
        openLink<AfterStaffForm>(db, visit, (link, pair) =>
          lookForPerson(
            deps,
            visit,
            posted,
            (number, found) => correctLinkPath(visit.court.id, link.id, { number, found }),
            (again) => showCorrection(deps, visit, link, pair, {}, { person: again }),
          ),
        ),
      fresh,
    ),
  )
  router.post(
    findForLinkPath(':court', ':link', 'account'),
    courtGate.form(
      ['clerk'],
      ({ court, link = '' }) => findAccountForm(findForLinkPath(court, link, 'account')),
      (visit, posted) =>
        openLink<AfterStaffForm>(db, visit, (link, pair) =>
          lookForAccount(deps, visit, link, pair, posted),
        ),
      fresh,
    ),
  )
  router.post(
    link,
    courtGate.form(
      ['clerk'],
      ({ court, link = '' }) => joinForm(correctLinkPath(court, link)),
      (visit, posted) =>
        openLink<AfterStaffForm>(db, visit, (link, pair) =>
          takeCorrection(deps, visit, link, pair, posted),
        ),
      fresh,
    ),
  )
  return router
}

/** A link that is wrong: what is looked for in its place, or the new pair. */
async function showCorrection(
  deps: JoinDeps,
  visit: CourtVisit,
  link: Link,
  pair: Pair,
  query: Query,
  again: {
    readonly person?: JoinAgain
    readonly account?: JoinAgain
    readonly join?: JoinAgain
  } = {},
): Promise<ConsoleAnswer> {
  const { court, tokenFor } = visit
  if (link.endedAt) {
    const problem = again.join?.problem
    return showLink(deps.db, visit, link, pair, { status: 409, ...(problem && { problem }) })
  }
  const back = { url: courtLinkPath(court.id, link.id), label: 'The link' }
  const title = 'Correct the link'
  const next = await findNext(deps, visit, link, query)
  if (!next) {
    const formOf = (what: 'person' | 'account', shown: JoinAgain = {}) => {
      const action = findForLinkPath(court.id, link.id, what)
      const form = what === 'person' ? findPersonForm(action) : findAccountForm(action)
      const { typed = {}, problem } = shown
      return { csrf: tokenFor(form), action, typed, problem }
    }
    const content = findContent({
      court,
      title,
      meaning: `${pair.imported.login} is linked to ${pairOnPage(pair, court).name}. Nothing changes before you have seen both sides of the new link.`,
      back,
      person: formOf('person', again.person),
      account: formOf('account', again.account),
    })
    return { ...content, status: again.person?.status ?? again.account?.status }
  }
  const old = pairOnPage(pair, court)
  const content = joinContent({
    court,
    title,
    meaning: [
      `The link between ${old.login} and ${old.name}, account number ${old.number}, is undone, and the two that stand above are linked: both, or nothing.`,
      'Everybody concerned is told by e-mail.',
    ],
    button: 'Undo the one and link the other',
    action: correctLinkPath(court.id, link.id),
    back,
    pair: pairOnPage(next, court),
    csrf: tokenFor(joinForm(correctLinkPath(court.id, link.id))),
    hidden: hiddenOf(query),
    typed: again.join?.typed ?? {},
    problem: again.join?.problem,
  })
  return { ...content, status: again.join?.status }
}

/** The pair that would be linked instead; undefined where neither side of it was found. */
async function findNext(
  deps: JoinDeps,
  visit: CourtVisit,
  link: Link,
  query: Query,
): Promise<Pair | undefined> {
  const { account } = query
  const importedId = typeof account === 'string' && account !== '' ? account : undefined
  const accountId = importedId ? link.accountId : await findHolder(deps, visit, query)
  if (!accountId) return undefined
  const about = { accountId, importedId: importedId ?? link.importedId }
  return findPair(deps.db, visit.court.id, about, visit.account.id)
}

async function lookForAccount(
  deps: JoinDeps,
  visit: CourtVisit,
  link: Link,
  pair: Pair,
  posted: Posted<{ readonly login: string }>,
): Promise<AfterStaffForm> {
  const { court } = visit
  const nothing = 'No account was found'
  const again = (account: JoinAgain) => showCorrection(deps, visit, link, pair, {}, { account })
  if (!posted.ok) {
    const { typed, problems } = posted
    return again({ status: 422, typed, problem: { heading: nothing, problems } })
  }
  const { login } = posted.value
  const imported = await findImportedByLogin(deps.db, court.id, login)
  if (imported) return { to: correctLinkPath(court.id, link.id, { account: imported.id }) }
  const problems = [
    { path: ['login'], message: 'Your court has imported no account of this login' },
  ]
  return again({ status: 422, typed: { login }, problem: { heading: nothing, problems } })
}

async function takeCorrection(
  deps: JoinDeps,
  visit: CourtVisit,
  link: Link,
  pair: Pair,
  posted: Posted<JoinTyped>,
): Promise<AfterStaffForm> {
  const { court, by } = visit
  if (!posted.ok) {
    const { typed, problems } = posted
    const join = { status: 422, typed, problem: { heading, problems } }
    return showCorrection(deps, visit, link, pair, typed, { join })
  }
  const typed = posted.value
  const next = await findNext(deps, visit, link, typed)
  if (!next) return showCorrection(deps, visit, link, pair, {})
  const wanted = {
    linkId: link.id,
    accountId: next.filer.id as AccountId,
    importedId: next.imported.id,
    isOnePerson: typed.onePerson === 'yes',
    ...{ reason: typed.reason, by },
  }
  const linked = await inTransaction(deps.db, (tx) => correctLink(tx, wanted))
  if (linked.ok) return { to: courtLinkPath(court.id, linked.value.id) }
  const join = { status: linkStatus(linked), typed, problem: linkProblem(heading, linked) }
  return openLink<AfterStaffForm>(deps.db, visit, (now) =>
    showCorrection(deps, visit, now, pair, typed, { join }),
  )
}
