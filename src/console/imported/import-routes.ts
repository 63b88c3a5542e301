import Router from '@koa/router'
import {
  checkImport,
  type ImportDeps,
  type ImportFile,
  type ImportRefusal,
  type ImportReport,
  importAccounts,
  importDigest,
} from '../../efiling/imported/import-accounts.ts'
import { importRefusalText, importSentences } from '../../efiling/imported/import-words.ts'
import type { UploadedFile } from '../../http/read-upload.ts'
import type { PostedFile, UploadForm } from '../../http/upload-form.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { type CheckedFile, type ImportProblem, importContent } from './import-page.ts'
import { importedPath, importPath } from './imported-paths.ts'

export type ImportRouteDeps = ImportDeps & { readonly courtGate: CourtGate }

/** About 25,000 accounts with hashes, which take a browser's patience; larger files are for the command. */
const maximumMegabytes = 8
const manager = ['court-manager'] as const
/** What is imported says who may link what: a browser that was left open is not enough. */
const fresh = { isFresh: true }
const longestName = 100

const importForm = (courtId: string): UploadForm => ({
  name: `import-accounts ${courtId}`,
  kind: 'accounts',
  page: importPath(courtId),
  maximumBytes: maximumMegabytes * 1024 * 1024,
})

/** `/staff/courts/:court/accounts/import`: a file is checked; the same file, sent again, is imported. */
export function importRoutes(deps: ImportRouteDeps): Router {
  const { courtGate } = deps
  const router = new Router()
  const path = importPath(':court')
  router.get(
    path,
    courtGate.page(manager, (visit) => show(visit), fresh),
  )
  router.post(
    path,
    courtGate.upload(
      manager,
      ({ court }) => importForm(court),
      (visit, posted) => take(deps, visit, posted),
      fresh,
    ),
  )
  return router
}

function show(
  { court, tokenFor }: CourtVisit,
  again: {
    readonly checked?: CheckedFile
    readonly problem?: ImportProblem | undefined
    readonly status?: number
  } = {},
): ConsoleAnswer {
  const { checked, problem, status } = again
  const csrf = tokenFor(importForm(court.id))
  return { ...importContent({ court, csrf, maximumMegabytes, checked, problem }), status }
}

async function take(
  deps: ImportRouteDeps,
  visit: CourtVisit,
  posted: PostedFile,
): Promise<AfterStaffForm> {
  if (!posted.ok) {
    const status = posted.reason === 'busy' ? 503 : 422
    const problem = { heading: 'The file was not read', atFile: fileProblems[posted.reason] }
    return show(visit, { problem, status })
  }
  const { file: sent, fields } = posted.value
  const { court, by } = visit
  const file = { courtId: court.id, name: nameOf(sent), bytes: sent.bytes }
  const wanted = fields['digest']
  if (wanted && wanted === importDigest(sent.bytes)) {
    const done = await importAccounts(deps, file, by)
    return done.ok ? { to: importedPath(court.id) } : refuse(visit, file, done)
  }
  const would = await checkImport(deps, file)
  if (!would.ok) return refuse(visit, file, would)
  const problem = wanted
    ? { heading: 'This is another file than the one that was checked', text: lookAgain }
    : undefined
  return show(visit, {
    checked: checkedFile(file, would.value),
    problem,
    status: wanted ? 422 : 200,
  })
}

const lookAgain = 'Nothing was imported. Below stands what this file would change.'

const fileProblems: Readonly<Record<Extract<PostedFile, { reason: string }>['reason'], string>> = {
  'no-file': 'Choose a file first',
  'too-large': `Choose a smaller file: ${maximumMegabytes} MB at most. An operator imports a larger one by a command`,
  busy: 'Many files are being sent at this moment. Wait a minute, then choose the file again',
  'other-sign-in': 'You have signed in since this page was opened. Choose the file again',
}

function checkedFile({ name }: ImportFile, report: ImportReport): CheckedFile {
  const isNothing = report.added + report.changed === 0
  return {
    name,
    sentences: importSentences(report, 'would'),
    lines: report.takenLines,
    digest: isNothing ? undefined : report.digest,
  }
}

function refuse(visit: CourtVisit, { name }: ImportFile, refusal: ImportRefusal): ConsoleAnswer {
  const lines = refusal.reason === 'wrong-lines' ? refusal.lines : []
  const problem = { heading: 'Nothing was imported', text: importRefusalText(refusal) }
  const status = refusal.reason === 'under-way' ? 409 : 422
  return show(visit, { checked: { name, sentences: [], lines }, problem, status })
}

/** Without a path, which some browsers send, and no longer than it is shown. */
function nameOf({ name }: UploadedFile): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  return last.replace(/\p{C}/gu, '').slice(0, longestName) || 'accounts.csv'
}
