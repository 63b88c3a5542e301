import Router from '@koa/router'
import { findImported } from '../../efiling/imported/store.ts'
import { linkAccount } from '../../efiling/linking/link-account.ts'
import type { Posted } from '../../http/form-kit.ts'
import { isUuid } from '../../ids.ts'
import { inTransaction } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtVisit } from '../court-gate.ts'
import { importedAccountPath } from '../imported/imported-paths.ts'
import {
  findHolder,
  hiddenOf,
  type JoinAgain,
  type JoinDeps,
  lookForPerson,
  type Query,
} from './find-holder.ts'
import { findPersonForm, type JoinTyped, joinForm } from './join-form.ts'
import { findContent, joinContent, unknownLinkContent } from './join-page.ts'
import { courtLinkPath, courtLinksPath, findForAccountPath, joinAccountPath } from './link-paths.ts'
import { findPair, pairOnPage } from './pair.ts'
import { linkProblem, linkStatus } from './refusal-words.ts'

const fresh = { isFresh: true }
const heading = 'Nothing was linked'

/** `/staff/courts/:court/links/accounts/:imported`: an account of the old system is linked to a person. */
export function joinAccountRoutes(deps: JoinDeps): Router {
  const { courtGate } = deps
  const router = new Router()
  const path = joinAccountPath(':court', ':imported')
  router.get(
    path,
    courtGate.page(['clerk'], (visit) => showAccount(deps, visit, visit.ctx.query), fresh),
  )
  router.post(
    findForAccountPath(':court', ':imported'),
    courtGate.form(
      ['clerk'],
      ({ court, imported = '' }) => findPersonForm(findForAccountPath(court, imported)),
      (visit, posted) => {
        const { court, params } = visit
        const to = (number: string, found: string) =>
          joinAccountPath(court.id, params['imported'] ?? '', { number, found })
        return lookForPerson(deps, visit, posted, to, (again) =>
          showAccount(deps, visit, {}, again),
        )
      },
      fresh,
    ),
  )
  router.post(
    path,
    courtGate.form(
      ['clerk'],
      ({ court, imported = '' }) => joinForm(joinAccountPath(court, imported)),
      (visit, posted) => takeAccount(deps, visit, posted),
      fresh,
    ),
  )
  return router
}

/** An account of the old system: the form that looks for its person, or both beside each other. */
async function showAccount(
  deps: JoinDeps,
  visit: CourtVisit,
  query: Query,
  again: JoinAgain = {},
): Promise<ConsoleAnswer> {
  const { court, params, tokenFor } = visit
  const { imported: importedId = '' } = params
  const imported = isUuid(importedId)
    ? await findImported(deps.db, court.id, importedId)
    : undefined
  if (!imported) {
    const links = { url: courtLinksPath(court.id), label: 'All links of this court' }
    return { ...unknownLinkContent(court, links), status: 404 }
  }
  const back = { url: importedAccountPath(court.id, importedId), label: 'The imported account' }
  const accountId = await findHolder(deps, visit, query)
  const pair =
    accountId && (await findPair(deps.db, court.id, { accountId, importedId }, visit.account.id))
  const title = 'Link an account of the old system'
  const { login, name } = imported
  if (!pair) {
    const action = findForAccountPath(court.id, importedId)
    const { typed = {}, problem } = again
    const content = findContent({
      court,
      title,
      meaning: `The account ${login} of ${name}. The person it belongs to has, from then on, what the old system says of it.`,
      back,
      person: { csrf: tokenFor(findPersonForm(action)), action, typed, problem },
    })
    return { ...content, status: again.status }
  }
  const action = joinAccountPath(court.id, importedId)
  const content = joinContent({
    court,
    title,
    meaning: [
      'This person has, from then on, what the old system says of the account. Both addresses are told, and either can say that it is wrong.',
    ],
    button: 'Link the two',
    action,
    back,
    pair: pairOnPage(pair, court),
    csrf: tokenFor(joinForm(action)),
    hidden: hiddenOf(query),
    typed: again.typed ?? {},
    problem: again.problem,
  })
  return { ...content, status: again.status }
}

async function takeAccount(
  deps: JoinDeps,
  visit: CourtVisit,
  posted: Posted<JoinTyped>,
): Promise<AfterStaffForm> {
  const { court, params, by } = visit
  if (!posted.ok) {
    const { typed, problems } = posted
    return showAccount(deps, visit, typed, { status: 422, typed, problem: { heading, problems } })
  }
  const typed = posted.value
  const accountId = await findHolder(deps, visit, typed)
  const { imported: importedId = '' } = params
  if (!accountId || !isUuid(importedId)) return showAccount(deps, visit, {}, { status: 404 })
  const { reason } = typed
  const wanted = {
    ...{ accountId, courtId: court.id, importedId, reason, by },
    way: 'clerk' as const,
    isOnePerson: typed.onePerson === 'yes',
  }
  const linked = await inTransaction(deps.db, (tx) => linkAccount(tx, wanted))
  if (linked.ok) return { to: courtLinkPath(court.id, linked.value.id) }
  const problem = linkProblem(heading, linked)
  return showAccount(deps, visit, typed, { status: linkStatus(linked), typed, problem })
}
