import Router from '@koa/router'
import { z } from 'zod'
import type { Question } from '../../courts/practice.ts'
import { addDocument } from '../../efiling/documents/add-document.ts'
import {
  type DocumentRefusal,
  downloadName,
  maximumDocumentBytes,
} from '../../efiling/documents/document.ts'
import { removeDocument } from '../../efiling/documents/remove-document.ts'
import { openParts } from '../../efiling/documents/sealed-parts.ts'
import { findOwnDocument, listDocuments } from '../../efiling/documents/store.ts'
import { documentQuestions, fieldOf } from '../../efiling/requests/read-answers.ts'
import type { FormOf } from '../../http/form-kit.ts'
import type { UploadForm } from '../../http/upload-form.ts'
import { type CourtId, isUuid } from '../../ids.ts'
import type { Sealing } from '../../signing/sealed-field.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import type { AfterPage, PortalVisit } from '../portal-gate.ts'
import { documentsContent } from './ask-page.ts'
import type { AskRouteDeps } from './ask-routes.ts'
import { askPath, ownDocumentPath, removeDocumentPath } from './asking-paths.ts'
import { courtIn } from './court-words.ts'
import { noSuchContent } from './courts-page.ts'
import { askPage, documentOnPage, visitWritten } from './draft-visit.ts'

export type DocumentRouteDeps = AskRouteDeps & { readonly sealing: Sealing }

const uploadForm = (courtId: CourtId): UploadForm => ({
  name: `add-document ${courtId}`,
  kind: 'document',
  page: askPath(courtId, 'documents'),
  maximumBytes: maximumDocumentBytes,
})

const removeForm = (courtId: CourtId) =>
  ({
    name: `remove-document ${courtId}`,
    page: askPath(courtId, 'documents'),
    schema: z.object({ question: z.string().default('') }),
    keeps: [],
  }) satisfies FormOf<z.ZodType>

/** The documents of a draft, each sent by itself; and every document of one's own, to be kept. */
export function documentRoutes(deps: DocumentRouteDeps): Router {
  const { db, portal, sealing } = deps
  const router = new Router()

  router.get(
    askPath(':court', 'documents'),
    portal.page((visit) => show(db, visit)),
  )

  router.post(askPath(':court', 'documents'), (ctx, next) => {
    const courtId = courtIn(ctx)
    if (!courtId) return next()
    const form = uploadForm(courtId)
    const take = portal.upload(form, async (visit, posted) => {
      const on = await visitWritten(db, visit)
      if (!('approach' in on)) return on
      const questions = documentQuestions(on.approach.practice, on.draft.kind)
      const [first] = questions
      if (!first) return { to: askPath(courtId, 'check') }
      const asked = posted.ok ? posted.value.fields['question'] : posted.fields['question']
      const question = questions.find(({ id }) => id === asked) ?? first
      const again = (status: number, problem: FormTrouble) => show(db, visit, { problem, status })
      const atField = (status: number, message: string) =>
        again(status, { ...notAdded, problems: [{ path: [fieldOf(question.id)], message }] })
      if (!posted.ok)
        return atField(posted.reason === 'busy' ? 503 : 422, documentProblems[posted.reason])
      const tooOften = await countForm(deps.formsPerAccount, visit, form)
      if (tooOften) return again(429, tooOften)
      const answered = { accountId: visit.account.id, courtId, question }
      const added = await addDocument({ db, sealing }, answered, posted.value.file)
      if (added.ok) return { to: form.page }
      return added.reason === 'no-draft'
        ? { to: form.page }
        : atField(422, documentProblems[added.reason])
    })
    return take(ctx, next)
  })

  router.post(removeDocumentPath(':court'), (ctx, next) => {
    const courtId = courtIn(ctx)
    if (!courtId) return next()
    const form = removeForm(courtId)
    const take = portal.form(form, async (visit, posted) => {
      const on = await visitWritten(db, visit)
      if (!('approach' in on)) return on
      const question = posted.ok ? posted.value.question : ''
      const whose = { accountId: visit.account.id, courtId }
      await inTransaction(db, (tx) => removeDocument(tx, whose, question))
      return { to: form.page }
    })
    return take(ctx, next)
  })

  router.get(
    ownDocumentPath(':court', ':id'),
    portal.file(async ({ ctx, account }) => {
      const courtId = courtIn(ctx)
      const { id } = ctx['params'] as { id?: string }
      if (!courtId || !isUuid(id)) return noSuchContent('document')
      const document = await findOwnDocument(db, { accountId: account.id, courtId, id })
      if (!document) return noSuchContent('document')
      const { type, size } = document
      const bytes = openParts(db, sealing, document)
      return { name: downloadName(document), type, size, bytes }
    }),
  )
  return router
}

const notAdded = { heading: 'The file was not added' } as const

/** What is said at the field of a file that is not taken. */
export const documentProblems: Readonly<
  Record<DocumentRefusal | 'no-file' | 'too-large' | 'busy' | 'other-sign-in', string>
> = {
  'other-sign-in': 'You have signed in since this page was opened. Choose the file again',
  'no-file': 'Choose a file first',
  empty: 'Choose another file: this one is empty',
  'too-large': 'Choose a smaller file: 10 MB at most. A scanner can save it with less detail',
  'wrong-type':
    'Choose a PDF, JPEG or PNG file: this one is something else, whatever its name says',
  'name-with-path': 'Rename the file without / and \\, and choose it again',
  'wrong-name': 'Give the file another name, of 150 characters at most, and choose it again',
  busy: 'Many files are being sent at this moment. Wait a minute, then choose the file again',
}

async function show(
  db: Database,
  visit: PortalVisit,
  again: { readonly problem?: FormTrouble; readonly status?: number } = {},
): Promise<AfterPage> {
  const on = await visitWritten(db, visit)
  if (!('approach' in on)) return on
  const { courtId, draft, approach } = on
  const questions = documentQuestions(approach.practice, draft.kind)
  if (questions.length === 0) return { to: askPath(courtId, 'check') }
  const documents = await listDocuments(db, draft.id)
  const { problem, status } = again
  const onPage = ({ id, label, isRequired }: Question) => {
    const document = documents.find(({ question }) => question === id)
    const field = fieldOf(id)
    return {
      id,
      field,
      label,
      isRequired,
      document: document && documentOnPage(courtId, document),
      problem: problem?.problems?.find(({ path }) => path[0] === field)?.message,
    }
  }
  return {
    ...documentsContent({
      ...askPage(on, 'documents', uploadForm(courtId)),
      problem,
      questions: questions.map(onPage),
      removeAction: removeDocumentPath(courtId),
      removeCsrf: visit.tokenFor(removeForm(courtId)),
      detailsUrl: askPath(courtId, 'details'),
      nextUrl: askPath(courtId, 'check'),
    }),
    status,
  }
}
