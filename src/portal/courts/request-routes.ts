import Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import { hasUnseen } from '../../accounts/person/text.ts'
import { byAccount } from '../../audit/by.ts'
import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { findCourt } from '../../courts/store.ts'
import { maximumDocumentBytes } from '../../efiling/documents/document.ts'
import { listDocuments } from '../../efiling/documents/store.ts'
import { answerRequest } from '../../efiling/requests/answer-request.ts'
import { toldReason } from '../../efiling/requests/decision-reasons.ts'
import { type FilingRequest, requestNumberPattern } from '../../efiling/requests/request.ts'
import {
  askedInWords,
  eventSentence,
  requestInWords,
} from '../../efiling/requests/request-words.ts'
import { findOwnRequest, listRequestEvents } from '../../efiling/requests/store.ts'
import { withdrawRequest } from '../../efiling/requests/withdraw-request.ts'
import { type FormOf, problemOf, requiredText } from '../../http/form-kit.ts'
import { requestOrigin } from '../../http/request-context.ts'
import type { UploadForm } from '../../http/upload-form.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import { isJustNow } from '../just-now.ts'
import type { PortalAnswer, PortalVisit } from '../portal-gate.ts'
import type { AskRouteDeps } from './ask-routes.ts'
import {
  accountCourtPath,
  answerRequestPath,
  furtherDocumentPath,
  ownRequestPath,
  withdrawRequestPath,
} from './asking-paths.ts'
import { deliveryFacts } from './check-routes.ts'
import { courtIn, reachClerk } from './court-words.ts'
import { noSuchContent } from './courts-page.ts'
import { documentOnPage } from './draft-visit.ts'
import { requestContent, withdrawContent } from './request-page.ts'

/** In code points. */
const messageLength = 2000

const answerForm = (path: Place) =>
  ({
    name: `answer-request ${path.number}`,
    page: ownRequestPath(path.court, path.number),
    schema: z.object({
      message: requiredText('Type your answer')
        .refine(
          (text) => !hasUnseen(text.replaceAll('\n', ' ')),
          'Type this again by hand: it has characters that cannot be seen',
        )
        .refine(
          (text) => [...text].length <= messageLength,
          `Enter ${messageLength} characters at most`,
        ),
      version: z.string().default(''),
    }),
    keeps: ['message', 'version'],
    texts: ['message'],
  }) satisfies FormOf<z.ZodType>

const withdrawForm = (path: Place) =>
  ({
    name: `withdraw-request ${path.number}`,
    page: withdrawRequestPath(path.court, path.number),
    schema: z.object({ version: z.string().default('') }),
    keeps: [],
  }) satisfies FormOf<z.ZodType>

export const furtherForm = (path: Place): UploadForm => ({
  name: `further-document ${path.number}`,
  kind: 'document',
  page: ownRequestPath(path.court, path.number),
  maximumBytes: maximumDocumentBytes,
})

const fresh = { isFresh: true }

/** A request that was sent, as its holder sees it, answers in it, and withdraws it. */
export function ownRequestRoutes(deps: AskRouteDeps): Router {
  const { db, portal } = deps
  const router = new Router()
  const path = [':court', ':number'] as const

  router.get(
    ownRequestPath(...path),
    portal.page((visit) => showOwnRequest(db, visit)),
  )

  router.post(answerRequestPath(...path), (ctx, next) => {
    const place = placeIn(ctx)
    if (!place) return next()
    const form = answerForm(place)
    const take = portal.form(form, async (visit, posted) => {
      const typed = posted.ok ? posted.value.message : (posted.typed['message'] ?? '')
      const again = async (status: number, problem: FormTrouble) => ({
        ...(await showOwnRequest(db, visit, { typed, problem })),
        status,
      })
      if (!posted.ok) {
        return again(422, { heading: 'Your answer was not sent', problems: posted.problems })
      }
      const tooOften = await countForm(deps.formsPerAccount, visit, form)
      if (tooOften) return again(429, tooOften)
      const found = await findOwn(db, visit)
      if (!found) return noSuchContent('request')
      const { request, court } = found
      if (posted.value.version !== String(request.version)) return again(422, changedMeanwhile)
      const by = byAccount(visit.account.id, requestOrigin(ctx))
      const about = { request, courtName: court.name }
      const answered = await inTransaction(db, (tx) =>
        answerRequest(tx, about, posted.value.message, by),
      )
      if (!answered.ok) return again(422, changedMeanwhile)
      return { to: form.page }
    })
    return take(ctx, next)
  })

  router.get(
    withdrawRequestPath(...path),
    portal.page(async (visit) => {
      const found = await findOwn(db, visit)
      if (!found) return noSuchContent('request')
      const { request, court } = found
      const { courtId, number, version, state } = request
      const requestUrl = ownRequestPath(courtId, number)
      if (state !== 'open') return { to: requestUrl }
      return withdrawContent({
        number,
        courtName: court.name,
        asked: askedInWords(request),
        action: withdrawRequestPath(courtId, number),
        csrf: visit.tokenFor(withdrawForm({ court: courtId, number })),
        version,
        requestUrl,
      })
    }, fresh),
  )

  router.post(withdrawRequestPath(...path), (ctx, next) => {
    const place = placeIn(ctx)
    if (!place) return next()
    const take = portal.form(
      withdrawForm(place),
      async (visit) => {
        const found = await findOwn(db, visit)
        if (!found) return noSuchContent('request')
        const { request, court } = found
        const by = byAccount(visit.account.id, requestOrigin(ctx))
        const about = { request, courtName: court.name }
        // Where it is over already, or the court was first, the page of the request says so by itself.
        await inTransaction(db, (tx) => withdrawRequest(tx, about, by))
        return { to: ownRequestPath(place.court, place.number) }
      },
      fresh,
    )
    return take(ctx, next)
  })
  return router
}

const changedMeanwhile: FormTrouble = {
  heading: 'The request has changed since you opened this page',
  text: 'Look at it again: what you typed is kept, and was not sent.',
}

type Place = { readonly court: string; readonly number: string }

/** The request that the path names, if it can be one. */
export function placeIn(ctx: Context): Place | undefined {
  const court = courtIn(ctx)
  const { number } = ctx['params'] as { number?: string }
  return court && number && requestNumberPattern.test(number) ? { court, number } : undefined
}

/** The request of the path, if it is one's own. */
export async function findOwn(
  db: Database,
  { ctx, account }: PortalVisit,
): Promise<{ readonly request: FilingRequest; readonly court: Court } | undefined> {
  const courtId = courtIn(ctx)
  const place = placeIn(ctx)
  if (!courtId || !place) return undefined
  const request = await findOwnRequest(db, account.id, courtId, place.number)
  const court = request && (await findCourt(db, courtId))
  return court && { request, court }
}

/** The page of one's own request, with what was typed or went wrong. */
export async function showOwnRequest(
  db: Database,
  visit: PortalVisit,
  again?: { readonly typed?: string; readonly problem: FormTrouble },
): Promise<PortalAnswer> {
  const found = await findOwn(db, visit)
  if (!found) return noSuchContent('request')
  const { request, court } = found
  const { courtId, number, version, state, waitsFor, waitsSince, answers } = request
  const [events, documents, clerk] = await Promise.all([
    listRequestEvents(db, request.id),
    listDocuments(db, request.id),
    reachClerk(db, courtId),
  ])
  const isOpen = state === 'open'
  return requestContent({
    number,
    courtName: court.name,
    courtUrl: accountCourtPath(courtId),
    asked: askedInWords(request),
    state: requestInWords(request),
    since: isOpen && waitsSince ? `Since ${momentAtCourt(waitsSince, court)}.` : undefined,
    // Anybody can write an address that says so; it is said where it is true.
    isSentNow: visit.ctx.query['sent'] !== undefined && isJustNow(request.submittedAt),
    isTold: visit.account.isEmailVerified,
    answer:
      isOpen && waitsFor === 'you'
        ? {
            action: answerRequestPath(courtId, number),
            csrf: visit.tokenFor(answerForm({ court: courtId, number })),
            version,
            question: events.findLast(({ kind }) => kind === 'asked')?.message ?? undefined,
            typed: again?.typed,
            problem: problemOf(again?.problem.problems ?? [], 'message'),
          }
        : undefined,
    further:
      isOpen && (waitsFor === 'you' || waitsFor === 'clerk')
        ? {
            action: furtherDocumentPath(courtId, number),
            csrf: visit.tokenFor(furtherForm({ court: courtId, number })),
            problem: problemOf(again?.problem.problems ?? [], 'file'),
          }
        : undefined,
    history: events.map((event) => ({
      at: momentAtCourt(event.recordedAt, court),
      text: [eventSentence(event), toldReason(event.reason)].filter(Boolean).join(' '),
      message: event.message ?? undefined,
    })),
    answers: [...answers, ...deliveryFacts(request)].map(({ label, value }) => ({ label, value })),
    documents: documents.map((document) => ({
      label: document.label,
      ...documentOnPage(courtId, document),
    })),
    withdrawUrl: isOpen ? withdrawRequestPath(courtId, number) : undefined,
    problem: again?.problem,
    ...clerk,
  })
}
