import Router from '@koa/router'
import { byAccount } from '../../audit/by.ts'
import {
  addFurtherDocument,
  mostFurtherDocuments,
} from '../../efiling/documents/add-further-document.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import { furtherDocumentPath, ownRequestPath } from './asking-paths.ts'
import { noSuchContent } from './courts-page.ts'
import { type DocumentRouteDeps, documentProblems } from './document-routes.ts'
import { findOwn, furtherForm, placeIn, showOwnRequest } from './request-routes.ts'

const heading = 'The file was not added'

/** One more document for a request that was sent and waits. */
export function furtherDocumentRoutes(deps: DocumentRouteDeps): Router {
  const { db, portal, sealing } = deps
  const router = new Router()
  router.post(furtherDocumentPath(':court', ':number'), (ctx, next) => {
    const place = placeIn(ctx)
    if (!place) return next()
    const form = furtherForm(place)
    const take = portal.upload(form, async (visit, posted) => {
      const again = async (status: number, problem: FormTrouble) => ({
        ...(await showOwnRequest(db, visit, { problem })),
        status,
      })
      const atField = (status: number, message: string) =>
        again(status, { heading, problems: [{ path: ['file'], message }] })
      if (!posted.ok) {
        return atField(posted.reason === 'busy' ? 503 : 422, documentProblems[posted.reason])
      }
      const tooOften = await countForm(deps.formsPerAccount, visit, form)
      if (tooOften) return again(429, tooOften)
      const found = await findOwn(db, visit)
      if (!found) return noSuchContent('request')
      const by = byAccount(visit.account.id, requestOrigin(ctx))
      const about = { request: found.request, by }
      const added = await addFurtherDocument({ db, sealing }, about, posted.value.file)
      if (added.ok) return { to: ownRequestPath(place.court, place.number) }
      switch (added.reason) {
        case 'not-from-here':
          return again(409, { heading, text: 'The request waits for something else by now.' })
        case 'changed-meanwhile':
          return atField(409, 'The court was at it at the same moment: choose the file once more')
        case 'too-many':
          return atField(
            422,
            `${mostFurtherDocuments} further documents are there already: ask the clerk how to send more`,
          )
        default:
          return atField(422, documentProblems[added.reason])
      }
    })
    return take(ctx, next)
  })
  return router
}
