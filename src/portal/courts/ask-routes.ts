import Router from '@koa/router'
import { z } from 'zod'
import { type Practice, requestKindLabels, requestKinds } from '../../courts/practice.ts'
import { findPractice } from '../../courts/practice-store.ts'
import { nonAttorneyRoles } from '../../courts/roles.ts'
import { type Asked, findAskedBar, listAskable } from '../../efiling/requests/asking-bar.ts'
import { askedBarInWords, linkInstead } from '../../efiling/requests/bar-words.ts'
import { beginRequest } from '../../efiling/requests/begin-request.ts'
import {
  documentQuestions,
  fieldOf,
  readDetails,
  saysFiledBefore,
  typedAnswers,
} from '../../efiling/requests/read-answers.ts'
import { ownQuestions, roleOfKind } from '../../efiling/requests/request.ts'
import { askedInWords } from '../../efiling/requests/request-words.ts'
import { saveAnswers } from '../../efiling/requests/save-answers.ts'
import { type FormOf, type Posted, typedIn } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { CourtId } from '../../ids.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import { isJustNow } from '../just-now.ts'
import type { AfterForm, AfterPage, PortalGate, PortalVisit } from '../portal-gate.ts'
import { kindContent } from './ask-page.ts'
import { accountCourtPath, askPath, ownRequestPath } from './asking-paths.ts'
import { courtIn } from './court-words.ts'
import { noSuchContent } from './courts-page.ts'
import { detailsPage } from './details-model.ts'
import { askPage, visitDraft, visitWritten } from './draft-visit.ts'

export type AskRouteDeps = {
  readonly db: Database
  readonly portal: PortalGate
  readonly formsPerAccount: Pick<WindowCounter, 'count'>
}

const kindForm = (courtId: CourtId) =>
  ({
    name: `ask-kind ${courtId}`,
    page: askPath(courtId, 'kind'),
    schema: z.object({ asked: z.string().default('') }),
    keeps: ['asked'],
  }) satisfies FormOf<z.ZodType>

const detailsSchema = z.record(z.string(), z.string())

/**
 * Every field that a question of this court can have: a form that comes too late keeps them all. Twenty answers in
 * any script have room, and one that is too long is told so at its field.
 */
const detailsForm = (courtId: CourtId, { questions }: Pick<Practice, 'questions'>) =>
  ({
    name: `ask-details ${courtId}`,
    page: askPath(courtId, 'details'),
    schema: detailsSchema,
    keeps: [
      ...Object.values(ownQuestions).map(fieldOf),
      ...questions.map(({ id }) => fieldOf(id)),
      'delivery-frequency',
      'delivery-format',
      'practice',
      'do',
    ],
    texts: [
      fieldOf(ownQuestions.oldLogin),
      ...questions.filter(({ kind }) => kind === 'text').map(({ id }) => fieldOf(id)),
    ],
  }) satisfies FormOf<z.ZodType>

/** The first two pages on which a request is written: what is asked for, and the court's questions. */
export function askRoutes(deps: AskRouteDeps): Router {
  const { db, portal } = deps
  const router = new Router()
  router.get(
    askPath(':court', 'kind'),
    portal.page((visit) => showKind(db, visit)),
  )
  router.post(askPath(':court', 'kind'), (ctx, next) => {
    const courtId = courtIn(ctx)
    if (!courtId) return next()
    const take = portal.form(kindForm(courtId), (visit, posted) => takeKind(deps, visit, posted))
    return take(ctx, next)
  })
  router.get(
    askPath(':court', 'details'),
    portal.page(async (visit) => {
      const on = await visitWritten(db, visit)
      if (!('approach' in on)) return on
      const { courtId, approach, draft } = on
      const form = detailsForm(courtId, approach.practice)
      const saysSo = visit.ctx.query['saved'] !== undefined
      return detailsPage(on, form, {
        typed: typedAnswers(draft),
        isSaved: saysSo && isJustNow(draft.changedAt),
      })
    }),
  )
  router.post(askPath(':court', 'details'), async (ctx, next) => {
    const courtId = courtIn(ctx)
    if (!courtId) return next()
    const form = detailsForm(courtId, await findPractice(db, courtId))
    const take = portal.form(form, (visit, posted) => takeDetails(deps, visit, posted, form))
    return take(ctx, next)
  })
  return router
}

/** A kind, or a kind and a role, as the value of one choice. */
function choiceOf({ kind, role }: Asked): string {
  return kind === 'non-attorney' ? `${kind}.${role}` : kind
}

async function showKind(
  db: Database,
  visit: PortalVisit,
  again: { readonly typed?: string; readonly problem?: FormTrouble; readonly status?: number } = {},
): Promise<AfterPage> {
  const on = await visitDraft(db, visit)
  if (!('approach' in on)) return on
  const { approach, courtId, draft, inWork } = on
  if (approach.bar || inWork?.state === 'open') return { to: accountCourtPath(courtId) }
  const { entry, granted, practice } = approach
  const askable = listAskable(practice).map((asked) => ({
    value: choiceOf(asked),
    label: askedInWords(asked),
    bar: findAskedBar(asked, granted, practice),
  }))
  const { typed = draft ? choiceOf(draft) : '', problem, status } = again
  return {
    ...kindContent({
      ...askPage(on, 'kind', kindForm(courtId)),
      typed: { asked: typed },
      problem,
      choices: askable.filter(({ bar }) => !bar),
      notToChoose: [
        ...askable.flatMap(({ label, bar }) =>
          bar ? [{ label, text: askedBarInWords(bar) }] : [],
        ),
        ...notTaken(practice),
      ],
      linkFirst: entry.status === 'none',
    }),
    status,
  }
}

/** The kinds that this court leaves to others. */
function notTaken({ takes }: Practice) {
  return requestKinds
    .filter((kind) => !takes.includes(kind))
    .map((kind) => ({
      label: requestKindLabels[kind],
      text: askedBarInWords({ reason: 'kind-not-taken' }),
    }))
}

async function takeKind(
  { db, formsPerAccount }: AskRouteDeps,
  visit: PortalVisit,
  posted: Posted<{ asked: string }>,
): Promise<AfterForm> {
  const courtId = courtIn(visit.ctx)
  if (!courtId) return noSuchContent('court')
  const form = kindForm(courtId)
  const typed = posted.ok ? posted.value.asked : (posted.typed['asked'] ?? '')
  const again = (status: number, problem: FormTrouble) =>
    showKind(db, visit, { typed, problem, status })
  if (!posted.ok) return again(422, { ...notKept, problems: posted.problems })
  const asked = readAsked(typed)
  if (!asked) return again(422, wrongChoice('Choose what you ask for'))
  const tooOften = await countForm(formsPerAccount, visit, form)
  if (tooOften) return again(429, tooOften)
  const whose = { accountId: visit.account.id, courtId }
  const begun = await inTransaction(db, (tx) => beginRequest(tx, whose, asked))
  if (begun.ok) return { to: askPath(courtId, 'details') }
  switch (begun.reason) {
    case 'no-court':
      return noSuchContent('court')
    case 'one-is-open':
      return { to: ownRequestPath(courtId, begun.number) }
    case 'kind-not-taken':
    case 'role-not-taken':
    case 'has-it-already':
      return again(422, wrongChoice(`Choose something else. ${askedBarInWords(begun)}`))
    default:
      // The page of the court says why, and what to do.
      return { to: accountCourtPath(courtId) }
  }
}

const notKept = { heading: 'Choose what you ask for' } as const

function wrongChoice(message: string): FormTrouble {
  return { ...notKept, problems: [{ path: ['asked'], message }] }
}

/** What the value of a choice says; undefined for what is none. */
function readAsked(value: string): Asked | undefined {
  const [name, named] = value.split('.')
  const kind = requestKinds.find((one) => one === name)
  const role = kind && (roleOfKind(kind) ?? nonAttorneyRoles.find((one) => one === named))
  return kind && role ? { kind, role } : undefined
}

async function takeDetails(
  deps: AskRouteDeps,
  visit: PortalVisit,
  posted: Posted<Fields>,
  form: FormOf<typeof detailsSchema>,
): Promise<AfterForm> {
  const { db } = deps
  const on = await visitWritten(db, visit)
  if (!('approach' in on)) return on
  const { courtId, draft, approach } = on
  const { practice } = approach
  const typed = posted.ok ? typedIn(form, posted.value) : posted.typed
  const again = (status: number, problem: FormTrouble) =>
    detailsPage(on, form, { typed, problem, status })
  if (!posted.ok) return again(422, { ...notSaved, problems: posted.problems })
  if (posted.value['practice'] !== String(practice.version)) return again(422, practiceChanged)
  const isComplete = posted.value['do'] !== 'later'
  const details = readDetails(practice, draft.kind, posted.value, { isComplete })
  if (!details.ok) return again(422, { ...notSaved, problems: details.problems })
  const tooOften = await countForm(deps.formsPerAccount, visit, form)
  if (tooOften) return again(429, tooOften)
  const whose = { accountId: visit.account.id, courtId }
  const saved = await inTransaction(db, (tx) =>
    saveAnswers(tx, whose, details.value, practice.version),
  )
  if (!saved.ok) return { to: accountCourtPath(courtId) }
  if (!isComplete) return { to: `${askPath(courtId, 'details')}?saved` }
  if (practice.oldAccounts === 'link-instead' && saysFiledBefore(details.value.answers)) {
    return again(422, linkTrouble)
  }
  const hasDocuments = documentQuestions(practice, draft.kind).length > 0
  return { to: askPath(courtId, hasDocuments ? 'documents' : 'check') }
}

const notSaved = { heading: 'Your answers were not saved yet' } as const

export const practiceChanged: FormTrouble = {
  heading: 'The court has changed its questions or terms',
  text: 'Look through this page again: what you typed is kept. Then send it once more.',
}

export const linkTrouble: FormTrouble = {
  heading: linkInstead.label,
  text: `${linkInstead.text} ${linkInstead.lost} If you did not file here before, change your answer to the first question.`,
}
