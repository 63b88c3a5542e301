import Router from '@koa/router'
import { maybeSamePerson } from '../../accounts/same-person.ts'
import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { isContested, type Link } from '../../efiling/linking/link.ts'
import { findLinkById, findLinkOfImported } from '../../efiling/linking/link-store.ts'
import { settleLink } from '../../efiling/linking/settle-link.ts'
import { findSettlement, type Settlement } from '../../efiling/linking/settlement.ts'
import { unlinkAccount } from '../../efiling/linking/unlink-account.ts'
import { findNamed } from '../../efiling/requests/queue-store.ts'
import { listDecisions } from '../../efiling/right-store.ts'
import type { Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { nameOf } from '../requests/request-words.ts'
import { linkActForm } from './join-form.ts'
import { unknownLinkContent } from './join-page.ts'
import { type LinkAct, linkActContent, linkActs, linkContent, linksContent } from './link-page.ts'
import { courtLinkPath, courtLinksPath, linkActPath } from './link-paths.ts'
import { findPair, type Pair, pairOnPage } from './pair.ts'
import { type LinkProblem, linkProblem, linkStatus } from './refusal-words.ts'
import { settlementText, stoppedText } from './settlement-words.ts'
import { countContested, findLinks, listContested, listLinks } from './store.ts'

export type CourtLinkDeps = { readonly db: Database; readonly courtGate: CourtGate }

const perPage = 25
const longestSearch = 256
const idPattern = /^\d{1,18}$/
/** What gives a right, or takes one, asks who it is. */
const fresh = { isFresh: true }

/** `/staff/courts/:court/links`: the links of a court, and what its clerk decides about one. */
export function linkRoutes(deps: CourtLinkDeps): Router {
  const { db, courtGate } = deps
  const router = new Router()
  router.get(
    courtLinksPath(':court'),
    courtGate.page(['clerk'], (visit) => list(db, visit)),
  )
  router.get(
    courtLinkPath(':court', ':link'),
    courtGate.page(['clerk'], (visit) =>
      openLink(db, visit, (link, pair) => showLink(db, visit, link, pair)),
    ),
  )
  for (const act of linkActs) {
    const path = linkActPath(':court', ':link', act)
    router.get(
      path,
      courtGate.page(
        ['clerk'],
        (visit) => openLink(db, visit, (link, pair) => showAct(db, visit, link, pair, act)),
        fresh,
      ),
    )
    router.post(
      path,
      courtGate.form(
        ['clerk'],
        ({ court, link = '' }) => linkActForm(linkActPath(court, link, act)),
        (visit, posted) =>
          openLink(db, visit, (link, pair) => takeAct(db, visit, link, pair, act, posted)),
        fresh,
      ),
    )
  }
  return router
}

async function list(db: Database, visit: CourtVisit): Promise<ConsoleAnswer> {
  const { court, ctx } = visit
  const { q, before: place } = ctx.query
  const query = typeof q === 'string' ? q.slice(0, longestSearch).trim() : ''
  const before = typeof place === 'string' && idPattern.test(place) ? place : undefined
  const isFirst = query === '' && before === undefined
  const [rows, contested, contestedCount] = await Promise.all([
    query === ''
      ? listLinks(db, court.id, { before, limit: perPage + 1 })
      : findLinks(db, court.id, query),
    isFirst ? listContested(db, court.id) : [],
    isFirst ? countContested(db, court.id) : 0,
  ])
  const links = query === '' ? rows.slice(0, perPage) : rows
  return linksContent({
    court,
    query,
    contested,
    contestedCount,
    links,
    isLater: before !== undefined,
    before: rows.length > links.length ? links.at(-1)?.id : undefined,
  })
}

/** The link in the path, if it is one of this court. */
export async function openLink<After>(
  db: Database,
  { court, account, params }: CourtVisit,
  show: (link: Link, pair: Pair) => Promise<After>,
): Promise<After | ConsoleAnswer> {
  const { link: id = '' } = params
  const link = idPattern.test(id) ? await findLinkById(db, id) : undefined
  const pair =
    link?.courtId === court.id ? await findPair(db, court.id, link, account.id) : undefined
  if (link && pair) return show(link, pair)
  const back = { url: courtLinksPath(court.id), label: 'All links of this court' }
  return { ...unknownLinkContent(court, back), status: 404 }
}

export async function showLink(
  db: Database,
  { court, account }: CourtVisit,
  link: Link,
  pair: Pair,
  more: { readonly status?: number; readonly problem?: LinkProblem } = {},
): Promise<ConsoleAnswer> {
  const names = new Map<string, string>()
  for (const id of new Set([link.linkedBy, link.settledBy, link.endedBy])) {
    const named = id && (await findNamed(db, id))
    if (named) names.set(id, nameOf(named))
  }
  const content = linkContent({
    court,
    link,
    pair: pairOnPage(pair, court),
    names,
    isOwn: await maybeSamePerson(db, account.id, link.accountId),
    isContested: isContested(link),
    isFree: link.endedAt !== null && !(await findLinkOfImported(db, link.importedId)),
    stopped:
      link.contestedAt && !link.endedAt
        ? stoppedText(await settlementOf(db, court, link), pair.right, court)
        : undefined,
    problem: more.problem,
  })
  return { ...content, status: more.status }
}

async function settlementOf(db: Database, court: Court, link: Link): Promise<Settlement> {
  return findSettlement(await listDecisions(db, link.accountId, court.id), court, now())
}

async function showAct(
  db: Database,
  visit: CourtVisit,
  link: Link,
  pair: Pair,
  act: LinkAct,
  again: {
    readonly status?: number
    readonly typed?: Fields
    readonly problem?: LinkProblem
  } = {},
): Promise<ConsoleAnswer> {
  const { court, account, tokenFor } = visit
  if (await maybeSamePerson(db, account.id, link.accountId)) {
    return showLink(db, visit, link, pair, { status: 403 })
  }
  if (link.endedAt || (act === 'settle' && !isContested(link))) {
    return showLink(db, visit, link, pair, { status: 409, ...again })
  }
  const content = linkActContent({
    court,
    linkId: link.id,
    act,
    pair: pairOnPage(pair, court),
    effects:
      act === 'settle'
        ? settlementText(await settlementOf(db, court, link), pair.right, court)
        : [],
    csrf: tokenFor(linkActForm(linkActPath(court.id, link.id, act))),
    typed: again.typed ?? {},
    problem: again.problem,
  })
  return { ...content, status: again.status }
}

async function takeAct(
  db: Database,
  visit: CourtVisit,
  link: Link,
  pair: Pair,
  act: LinkAct,
  posted: Posted<{ readonly reason: string }>,
): Promise<AfterStaffForm> {
  const { court, by } = visit
  const heading = 'Nothing was decided'
  if (!posted.ok) {
    const { typed, problems } = posted
    return showAct(db, visit, link, pair, act, {
      status: 422,
      typed,
      problem: { heading, problems },
    })
  }
  const { reason } = posted.value
  const about = { linkId: link.id, reason, by }
  const decided = await inTransaction(db, async (tx) =>
    act === 'settle' ? settleLink(tx, about) : unlinkAccount(tx, about),
  )
  if (decided.ok) return { to: courtLinkPath(court.id, link.id) }
  const newest = (await findLinkById(db, link.id)) ?? link
  return showAct(db, visit, newest, pair, act, {
    status: linkStatus(decided),
    typed: posted.value,
    problem: linkProblem(heading, decided),
  })
}
