import Router from '@koa/router'
import { recordEvent } from '../../audit/store.ts'
import { listLinksOfImported, listTakenFiles } from '../../efiling/imported/import-list.ts'
import type { ImportedAccount } from '../../efiling/imported/imported-account.ts'
import { countImported, findImported, listImported } from '../../efiling/imported/store.ts'
import type { FileToKeep } from '../../http/send-document.ts'
import { isUuid } from '../../ids.ts'
import type { Database } from '../../storage/db.ts'
import type { ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { type CsvColumn, csvFile } from '../csv-export.ts'
import { importedExported } from '../events.ts'
import { joinAccountPath } from '../links/link-paths.ts'
import { importedAccountContent, importedContent, unknownImportedContent } from './imported-page.ts'
import { exportPath, importedAccountPath, importedPath } from './imported-paths.ts'

export type ImportedDeps = { readonly db: Database; readonly courtGate: CourtGate }

const perPage = 25
const longestSearch = 100
const shownFiles = 5
/** So many of a file are read at once. */
const perRead = 500

/** `/staff/courts/:court/accounts`: what was imported, searched, one by one, and as a file. */
export function importedRoutes({ db, courtGate }: ImportedDeps): Router {
  const router = new Router()
  router.get(
    importedPath(':court'),
    courtGate.page(['clerk'], (visit) => showList(db, visit)),
  )
  router.get(
    exportPath(':court'),
    courtGate.page(['clerk'], (visit) => exportAll(db, visit)),
  )
  router.get(
    importedAccountPath(':court', ':id'),
    courtGate.page(['clerk'], (visit) => showOne(db, visit)),
  )
  return router
}

async function showList(db: Database, visit: CourtVisit): Promise<ConsoleAnswer> {
  const { ctx, court, courtRoles } = visit
  const { q, after: place } = ctx.query
  const query = typeof q === 'string' ? q.slice(0, longestSearch).trim() : ''
  const after = typeof place === 'string' ? place : ''
  const [rows, count, files] = await Promise.all([
    listImported(db, court.id, { text: query }, { after, limit: perPage + 1 }),
    countImported(db, court.id),
    query || after ? [] : listTakenFiles(db, court.id, shownFiles),
  ])
  const accounts = rows.slice(0, perPage)
  return importedContent({
    court,
    isManager: courtRoles.includes('court-manager'),
    query,
    count,
    accounts,
    files,
    isLater: after !== '',
    after: rows.length > perPage ? accounts.at(-1)?.login : undefined,
  })
}

async function showOne(db: Database, { court, params }: CourtVisit): Promise<ConsoleAnswer> {
  const { id } = params
  const account = isUuid(id) ? await findImported(db, court.id, id) : undefined
  if (!account) return { ...unknownImportedContent(court), status: 404 }
  const links = await listLinksOfImported(db, account.id)
  const isLinked = links.some(({ endedAt }) => endedAt === null)
  const url = joinAccountPath(court.id, account.id)
  const isOpen = !isLinked && account.status !== 'inactive'
  const acts = isOpen ? [{ id: 'link-it', url, label: 'Link it to a person' }] : []
  return importedAccountContent({ court, account, links, acts })
}

async function exportAll(db: Database, { court, by }: CourtVisit): Promise<FileToKeep> {
  await recordEvent(db, importedExported({ courtId: court.id, by }))
  return csvFile({
    name: `${court.id}-accounts`,
    columns: exportColumns,
    list: (last) => {
      const page = { after: last?.login ?? '', limit: perRead }
      return listImported(db, court.id, { text: '' }, page)
    },
  })
}

/** As an import reads them, so that the file can be sent again; no hash is ever in it. */
const exportColumns: readonly CsvColumn<ImportedAccount>[] = [
  ['login', ({ login }) => login],
  ['name', ({ name }) => name],
  ['email', ({ email }) => email],
  ['bar_number', ({ barNumber }) => barNumber],
  ['role', ({ role }) => role],
  ['status', ({ status }) => status],
  ['admitted', ({ isAdmitted }) => (isAdmitted ? 'yes' : 'no')],
  ['admitted_until', ({ admittedUntil }) => admittedUntil],
  ['actions', ({ actions }) => actions.join(' ')],
  ['last_day', ({ endsOn }) => endsOn],
]
