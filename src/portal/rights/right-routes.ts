import Router from '@koa/router'
import { z } from 'zod'
import { may } from '../../accounts/account-state.ts'
import { byAccount } from '../../audit/by.ts'
import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { findCourt } from '../../courts/store.ts'
import { inForceAt, waitingOf } from '../../efiling/apply-decision.ts'
import { decideAsSeen } from '../../efiling/decide-as-seen.ts'
import { findFacts } from '../../efiling/facts.ts'
import { listOpenDecisions } from '../../efiling/open-decisions.ts'
import { noRight, stateOfRight } from '../../efiling/right.ts'
import {
  oldAddressWords,
  rightInWords,
  type ToldDecider,
  tellDecision,
  tellDecisions,
} from '../../efiling/right-history.ts'
import { listDecisions, type RightDecision } from '../../efiling/right-store.ts'
import { efilingEntry } from '../../efiling/standing.ts'
import { closedFilingText, describeStanding } from '../../efiling/standing-words.ts'
import { helpLine } from '../../help-line.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { type AccountId, isCourtId } from '../../ids.ts'
import { courtPath } from '../../paths.ts'
import type { Database } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import type { AfterForm, PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import {
  giveUpContent,
  nothingDecidedContent,
  type OwnRightOnPage,
  ownDecisionsContent,
} from './right-page.ts'
import { giveUpPath, ownDecisionsPath } from './right-paths.ts'

export type OwnRightDeps = {
  readonly db: Database
  readonly portal: PortalGate
  readonly formsPerAccount: Pick<WindowCounter, 'count'>
}

const giveUpForm = (courtId: string) =>
  ({
    name: `give-up ${courtId}`,
    page: giveUpPath(courtId),
    // What is none is one that nobody saw, and then the page is old.
    schema: z.object({
      seen: z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number)
        .catch(-1),
    }),
    keeps: [],
  }) satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** What each court decided about the holder, who gives a right up alone, in a sign-in of a moment ago. */
export function ownRightRoutes(deps: OwnRightDeps): Router {
  const { portal } = deps
  const router = new Router()
  router.get(
    ownDecisionsPath(':court'),
    portal.page((visit) => openRight(deps, visit, (own) => showDecisions(own))),
  )
  router.get(
    giveUpPath(':court'),
    portal.page((visit) => openRight(deps, visit, (own) => showGivingUp(visit, own)), fresh),
  )
  router.post(giveUpPath(':court'), (ctx, next) => {
    const { court } = ctx['params'] as { court?: unknown }
    if (!isCourtId(court)) return next()
    const take = portal.form(
      giveUpForm(court),
      (visit, posted) => openRight(deps, visit, (own) => giveUp(deps, visit, own, posted)),
      fresh,
    )
    return take(ctx, next)
  })
  return router
}

/** What a court decided about whoever looks. */
type OwnRight = {
  readonly court: Court
  readonly decisions: readonly RightDecision[]
  readonly onPage: OwnRightOnPage
  readonly canGiveUp: boolean
  /** Nobody knows whose the account is, and nothing of it is given away. */
  readonly isHeld: boolean
}

async function openRight<After>(
  { db }: OwnRightDeps,
  visit: PortalVisit,
  show: (own: OwnRight) => After | Promise<After>,
): Promise<After | PortalAnswer> {
  const { court: courtId } = visit.ctx['params'] as { court?: unknown }
  const court = isCourtId(courtId) ? await findCourt(db, courtId) : undefined
  const own = court && (await readOwnRight(db, visit, court))
  return own ? show(own) : { ...nothingDecidedContent(), status: 404 }
}

async function readOwnRight(
  db: Database,
  { account, session }: PortalVisit,
  court: Court,
): Promise<OwnRight | undefined> {
  const [decisions, facts] = await Promise.all([
    listDecisions(db, account.id, court.id),
    findFacts(db, account.id, [court.id], session.uid),
  ])
  const [there] = facts?.courts ?? []
  if (decisions.length === 0 || !there) return undefined
  const at = now()
  const right = inForceAt(decisions, at) ?? noRight
  const circumstances = { history: decisions, holder: account, court, at }
  const waiting = waitingOf(decisions, at) as readonly RightDecision[]
  const entry = efilingEntry(there, account, there.right, undefined, at)
  return {
    court,
    decisions,
    isHeld: !may(account, 'file'),
    canGiveUp: listOpenDecisions('holder', circumstances).includes('give-up'),
    onPage: {
      courtName: court.name,
      courtUrl: courtPath(court.id),
      standing: describeStanding(entry, account, closedFilingText(there, at)),
      granted: stateOfRight(right, court, at) === 'active' ? rightInWords(right) : '',
      waiting: waiting.map((decision) => tellDecision(decision, right, court)),
      history: tellDecisions(decisions, court, at).map(({ sentence, by, ...told }) => ({
        ...told,
        text: sentence,
        by: deciderOf(by, account.id),
      })),
    },
  }
}

function deciderOf(by: ToldDecider, holder: AccountId): string {
  if (by === 'time') return 'itself'
  if (by === 'old-address') return oldAddressWords
  if (by === null) return 'the operator of this service'
  return by === holder ? 'you' : 'the court'
}

function showDecisions(
  { court, onPage, canGiveUp }: OwnRight,
  problem?: FormTrouble,
): PortalAnswer {
  const giveUpUrl = canGiveUp ? giveUpPath(court.id) : undefined
  return { ...ownDecisionsContent({ ...onPage, giveUpUrl, problem }), status: problem && 409 }
}

const nothingToGiveUp: FormTrouble = {
  heading: 'There is nothing to give up',
  text: 'You have no right at this court that is in force. What the court decided stands below.',
}

const heldMeanwhile: FormTrouble = {
  heading: 'Nothing can be given up now',
  text: `This account is on hold or in review. Until that is over, your rights stay as they are. To ask how far it is, call the PACER Service Center, ${helpLine.phone}.`,
}

function showGivingUp(
  { tokenFor }: PortalVisit,
  own: OwnRight,
  again: { readonly problem?: FormTrouble; readonly status?: number } = {},
): PortalAnswer {
  const { court, decisions, onPage, canGiveUp, isHeld } = own
  if (!canGiveUp) return showDecisions(own, isHeld ? heldMeanwhile : nothingToGiveUp)
  return {
    ...giveUpContent({
      ...onPage,
      action: giveUpPath(court.id),
      csrf: tokenFor(giveUpForm(court.id)),
      seen: decisions.at(-1)?.ordinal ?? 0,
      back: ownDecisionsPath(court.id),
      problem: again.problem,
    }),
    status: again.status,
  }
}

async function giveUp(
  deps: OwnRightDeps,
  visit: PortalVisit,
  own: OwnRight,
  posted: Posted<{ seen: number }>,
): Promise<AfterForm> {
  const { account, ctx } = visit
  const { court } = own
  const seen = posted.ok ? posted.value.seen : -1
  const tooOften = await countForm(deps.formsPerAccount, visit, giveUpForm(court.id))
  if (tooOften) return showGivingUp(visit, own, { problem: tooOften, status: 429 })
  const about = {
    accountId: account.id,
    courtId: court.id,
    seen,
    decision: { kind: 'give-up' as const },
  }
  const given = await decideAsSeen(deps.db, about, byAccount(account.id, requestOrigin(ctx)))
  if (given.ok) return { to: ownDecisionsPath(court.id) }
  const now = (await readOwnRight(deps.db, visit, court)) ?? own
  const problem: FormTrouble = {
    heading: 'Nothing was given up',
    text: 'The court decided something since you opened this page. Look at what you have there now, and press the button again if you still want to give it up.',
  }
  return showGivingUp(visit, now, { problem, status: 409 })
}
