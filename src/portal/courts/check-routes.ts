import Router from '@koa/router'
import { z } from 'zod'
import { displayName } from '../../accounts/account.ts'
import { findPerson } from '../../accounts/person-store.ts'
import { byAccount } from '../../audit/by.ts'
import { deliveryFormatLabels, deliveryPreferenceLabels } from '../../courts/practice.ts'
import { listDocuments } from '../../efiling/documents/store.ts'
import { askedBarInWords } from '../../efiling/requests/bar-words.ts'
import {
  deliveryFields,
  documentQuestions,
  fieldOf,
  filedBeforeLabel,
  typedQuestions,
} from '../../efiling/requests/read-answers.ts'
import { type FilingRequest, ownQuestions } from '../../efiling/requests/request.ts'
import { askedInWords } from '../../efiling/requests/request-words.ts'
import { type SubmitRefusal, submitRequest } from '../../efiling/requests/submit-request.ts'
import { type FormOf, type Posted, typedIn } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { requestOrigin } from '../../http/request-context.ts'
import type { CourtId } from '../../ids.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import type { AfterForm, AfterPage, PortalVisit } from '../portal-gate.ts'
import { checkContent } from './ask-page.ts'
import { type AskRouteDeps, linkTrouble, practiceChanged } from './ask-routes.ts'
import { accountCourtPath, askPath, ownRequestPath } from './asking-paths.ts'
import { courtIn } from './court-words.ts'
import { askPage, documentOnPage, visitWritten } from './draft-visit.ts'

const checkForm = (courtId: CourtId) =>
  ({
    name: `ask-check ${courtId}`,
    page: askPath(courtId, 'check'),
    schema: z.object({
      accept: z.string().default(''),
      terms: z.string().default(''),
      practice: z.string().default(''),
    }),
    // Whether it was accepted, and what.
    keeps: ['accept', 'terms', 'practice'],
  }) satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** Everything once more, and the press that sends it: in a sign-in of a moment ago. */
export function checkRoutes(deps: AskRouteDeps): Router {
  const { db, portal } = deps
  const router = new Router()
  router.get(
    askPath(':court', 'check'),
    portal.page((visit) => show(db, visit), fresh),
  )
  router.post(askPath(':court', 'check'), (ctx, next) => {
    const courtId = courtIn(ctx)
    if (!courtId) return next()
    const form = checkForm(courtId)
    return portal.form(
      form,
      (visit, posted) => take(deps, visit, posted, courtId),
      fresh,
    )(ctx, next)
  })
  return router
}

async function show(
  db: Database,
  visit: PortalVisit,
  again: { readonly typed?: Fields; readonly problem?: FormTrouble; readonly status?: number } = {},
): Promise<AfterPage> {
  const on = await visitWritten(db, visit)
  if (!('approach' in on)) return on
  const { courtId, draft, approach } = on
  const { practice } = approach
  const { account } = visit
  const [documents, person] = await Promise.all([
    listDocuments(db, draft.id),
    findPerson(db, account.id),
  ])
  const wanted = documentQuestions(practice, draft.kind)
  const { typed = {}, problem, status } = again
  return {
    ...checkContent({
      ...askPage(on, 'check', checkForm(courtId)),
      problem,
      typed,
      asked: askedInWords(draft),
      kindUrl: askPath(courtId, 'kind'),
      detailsUrl: askPath(courtId, 'details'),
      documentsUrl: wanted.length > 0 ? askPath(courtId, 'documents') : undefined,
      answers: [
        { id: ownQuestions.filedBefore, label: filedBeforeLabel },
        ...draft.answers
          .filter(({ question }) => question === ownQuestions.oldLogin)
          .map(({ question, label }) => ({ id: question, label })),
        ...typedQuestions(practice, draft.kind),
      ]
        .map(({ id, label }) => ({ field: fieldOf(id), label, value: answerTo(draft, id) }))
        .concat(deliveryFacts(draft)),
      documents: wanted.map(({ id, label }) => ({
        field: fieldOf(id),
        label,
        documents: documents
          .filter(({ question }) => question === id)
          .map((document) => documentOnPage(courtId, document)),
      })),
      person: personFacts(account, person),
      practiceVersion: practice.version,
      terms: practice.terms
        ? { version: practice.terms.version, paragraphs: practice.terms.text.split(/\n+/) }
        : undefined,
      isTold: account.isEmailVerified,
    }),
    status,
  }
}

function answerTo({ answers }: FilingRequest, id: string): string | undefined {
  return answers.find(({ question }) => question === id)?.value
}

/** How the court is to write, as facts of a request. */
export function deliveryFacts({ deliveryFrequency, deliveryFormat }: FilingRequest) {
  const { frequency, format } = deliveryFields
  return [
    ...(deliveryFrequency
      ? [{ field: frequency, label: 'Notices', value: deliveryPreferenceLabels[deliveryFrequency] }]
      : []),
    ...(deliveryFormat
      ? [{ field: format, label: 'In the form of', value: deliveryFormatLabels[deliveryFormat] }]
      : []),
  ]
}

function personFacts(
  account: PortalVisit['account'],
  person: Awaited<ReturnType<typeof findPerson>>,
) {
  const none = 'None'
  const { address } = person ?? {}
  const bars = person?.barNumbers.map(({ state, number }) => `${state} ${number}`) ?? []
  const place = address && [address.city, address.state, address.postalCode].filter(Boolean)
  return [
    { label: 'Name', value: displayName(account) },
    { label: 'Account number', value: account.number },
    { label: 'E-mail', value: account.email ?? none },
    { label: 'Telephone', value: person?.phone ?? none },
    { label: 'Address', value: address ? [...address.lines, ...(place ?? [])].join(', ') : none },
    { label: 'Bar numbers', value: bars.length > 0 ? bars.join('; ') : none },
  ]
}

async function take(
  { db, formsPerAccount }: AskRouteDeps,
  visit: PortalVisit,
  posted: Posted<{ accept: string; terms: string; practice: string }>,
  courtId: CourtId,
): Promise<AfterForm> {
  const form = checkForm(courtId)
  const typed = posted.ok ? typedIn(form, posted.value) : posted.typed
  const again = (status: number, problem: FormTrouble) =>
    show(db, visit, { typed, problem, status })
  if (!posted.ok) return again(422, { ...notSent, problems: posted.problems })
  const { accept, terms, practice } = posted.value
  const tooOften = await countForm(formsPerAccount, visit, form)
  if (tooOften) return again(429, tooOften)
  const seen = {
    practiceVersion: Number(practice),
    termsVersion: accept === 'yes' && terms !== '' ? Number(terms) : undefined,
  }
  const { account, ctx } = visit
  const by = byAccount(account.id, requestOrigin(ctx))
  const whose = { accountId: account.id, courtId }
  const sent = await inTransaction(db, (tx) => submitRequest(tx, whose, seen, by))
  if (sent.ok) return { to: `${ownRequestPath(courtId, sent.value.number)}?sent` }
  if (sent.reason === 'one-is-open') return { to: ownRequestPath(courtId, sent.number) }
  const problem = troubleOf(sent)
  // What bars the court as a whole is said by its page.
  return problem ? again(422, problem) : { to: accountCourtPath(courtId) }
}

const notSent = { heading: 'The request was not sent' } as const

function troubleOf(refusal: Exclude<SubmitRefusal, { reason: 'one-is-open' }>) {
  switch (refusal.reason) {
    case 'practice-changed':
      return practiceChanged
    case 'link-instead':
      return linkTrouble
    case 'terms-not-accepted':
      return {
        ...notSent,
        problems: [{ path: ['accept'], message: 'Accept the terms of this court' }],
      }
    case 'has-problems':
      return { ...notSent, problems: refusal.problems }
    case 'kind-not-taken':
    case 'role-not-taken':
    case 'has-it-already':
      return { ...notSent, text: `Ask for something else. ${askedBarInWords(refusal)}` }
    default:
      return undefined
  }
}
