import Router from '@koa/router'
import { recordEvent } from '../../audit/store.ts'
import { downloadName } from '../../efiling/documents/document.ts'
import { openParts } from '../../efiling/documents/sealed-parts.ts'
import { findDocumentAt } from '../../efiling/documents/store.ts'
import { documentOpened } from '../../efiling/events.ts'
import { isUuid } from '../../ids.ts'
import type { Sealing } from '../../signing/sealed-field.ts'
import type { CourtVisit, ShownToCourt } from '../court-gate.ts'
import { unknownRequestContent } from './request-page.ts'
import { requestDocumentPath } from './request-paths.ts'
import { openRequest, type RequestRouteDeps } from './request-routes.ts'

export type RequestDocumentDeps = RequestRouteDeps & { readonly sealing: Sealing }

/** A document of a request to this court, for its clerk to keep; who opened it is in the audit. */
export function requestDocumentRoutes(deps: RequestDocumentDeps): Router {
  const router = new Router()
  router.get(
    requestDocumentPath(':court', ':request', ':document'),
    deps.courtGate.page(['clerk'], (visit) => openDocument(deps, visit)),
  )
  return router
}

function openDocument(
  { db, sealing }: RequestDocumentDeps,
  visit: CourtVisit,
): Promise<ShownToCourt> {
  const { court, params, by } = visit
  return openRequest<ShownToCourt>(db, visit, async ({ accountId, number }) => {
    const { document: id = '' } = params
    const document = isUuid(id)
      ? await findDocumentAt(db, { courtId: court.id, number, id })
      : undefined
    if (!document) return { ...unknownRequestContent(court), status: 404 }
    await recordEvent(
      db,
      documentOpened({ accountId, courtId: court.id, number, document: id, by }),
    )
    const { type, size } = document
    return { name: downloadName(document), type, size, bytes: openParts(db, sealing, document) }
  })
}
