import { inDigits } from '../../count-in-words.ts'
import { importColumns, neededColumns } from '../../efiling/imported/import-row.ts'
import type { LineNote } from '../../efiling/imported/read-import.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { ConsoleContent } from '../frame.ts'
import type { ImportedCourt } from './imported-page.ts'
import { importedPath, importPath } from './imported-paths.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** So many lines are shown; whoever has more to mend begins with these. */
const mostLines = 1000

/** What came of a file. */
export type CheckedFile = {
  readonly name: string
  readonly sentences: readonly string[]
  /** What is wrong, or left alone, by line. */
  readonly lines: readonly LineNote[]
  /** Undefined where it cannot be imported, or would change nothing. */
  readonly digest?: string | undefined
}

export type ImportProblem = {
  readonly heading: string
  readonly text?: string | undefined
  /** What is said at the field of the file. */
  readonly atFile?: string | undefined
}

/** A file is sent, is checked, and is sent again to be imported. */
export function importContent(model: {
  court: ImportedCourt
  csrf: string
  maximumMegabytes: number
  checked?: CheckedFile | undefined
  problem?: ImportProblem | undefined
}): ConsoleContent {
  const { court, checked, problem } = model
  const lines = checked?.lines ?? []
  const title = checked?.digest ? 'Import this file' : 'Import accounts'
  return {
    title: `${problem ? 'Error: ' : ''}${title}`,
    body: template('import', {
      ...model,
      title,
      action: importPath(court.id),
      back: { url: importedPath(court.id), label: 'All imported accounts' },
      summary: problem && {
        heading: problem.heading,
        text: problem.text,
        problems: problem.atFile ? [{ path: ['file'], message: problem.atFile }] : [],
      },
      fileProblem: problem?.atFile,
      lines: lines.slice(0, mostLines),
      moreLines: inDigits(Math.max(0, lines.length - mostLines)),
      hasMore: lines.length > mostLines,
      columns: importColumns.join(', '),
      needed: neededColumns.join(', '),
    }),
  }
}
