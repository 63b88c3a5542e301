import { isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'
import { type CsvError, parse } from 'csv-parse'
import { nearest } from '../../nearest.ts'
import {
  type Cells,
  type ImportColumn,
  type ImportRow,
  importColumns,
  neededColumns,
  readImportRow,
} from './import-row.ts'

/** A file of accounts has at most so many bytes: 200,000 lines of the usual length without hashes. */
export const maximumImportBytes = 32 * 1024 * 1024
/** And so many accounts: more than the largest court has. */
const maximumImportRows = 200_000
/** What is longer is no line of accounts, but a quotation mark that nothing closes. */
const longestLine = 16 * 1024
/** The library takes up to 50 microseconds for a line of another length than the first, and it reads a chunk at once. */
const chunkBytes = 1024
/** Others are served after so many lines, however short they are. */
const linesPerTurn = 250
/** Whoever has more to mend begins with these: what is said of a file takes no more memory than that. */
export const mostWrongLines = 1000

/** What is said of one line of a file, counted from 1 as editors do; of several it is the first. */
export type LineNote = { readonly line: number; readonly text: string }

/** One line of a file: an account, or what is wrong there. */
export type ReadLine = { readonly line: number } & (
  | { readonly row: ImportRow }
  | {
      readonly problems: readonly string[]
      /** So many lines are wrong that nothing was read behind this one. */
      readonly isCut?: boolean
    }
)

/** How the text of a file is written: UTF-8 where it is that, and else as Windows wrote it in these courts. */
export function importEncoding(bytes: Uint8Array): 'UTF-8' | 'Windows-1252' {
  return isUtf8(bytes) ? 'UTF-8' : 'Windows-1252'
}

/**
 * Reads a file of accounts line by line, as CSV with a first line that names the columns. Each line stands
 * for itself, except that a login comes once. Of a file whose columns are wrong no line is read; where a
 * quotation mark stands wrong, nothing behind it is, nor behind `mostWrongLines` lines that are wrong.
 */
export async function* readImport(bytes: Uint8Array): AsyncGenerator<ReadLine> {
  let wrong = 0
  for await (const read of readLines(bytes)) {
    if ('problems' in read) wrong += 1
    if (wrong === mostWrongLines) return yield { ...read, isCut: true }
    yield read
  }
}

async function* readLines(bytes: Uint8Array): AsyncGenerator<ReadLine> {
  const problem = sizeProblem(bytes)
  if (problem) return yield { line: 1, problems: [problem] }
  let head: Head | undefined
  let isEmpty = true
  let empty = 0
  const seen = new Map<string, { readonly line: number; readonly login: string }>()
  for await (const { line, cells, fault } of readCells(bytes)) {
    if (fault) {
      yield { line, problems: [fault] }
      return
    }
    if (cells.every((cell) => cell.trim() === '')) {
      empty += 1
      if (empty <= maximumImportRows) continue
      return yield { line, problems: [`the file has more than ${maximumImportRows} empty lines`] }
    }
    if (!head) {
      const read = readHead(cells)
      if (read.problems.length > 0) return yield { line, problems: read.problems }
      head = read
      continue
    }
    isEmpty = false
    const found = readLine(head, cells)
    if ('problems' in found) {
      yield { line, problems: found.problems }
      continue
    }
    const first = seen.get(found.row.loginCanonical)
    if (first) {
      const how = first.login === found.row.login ? '' : ', in other capitals'
      const text = `login: ${found.row.login} stands in line ${first.line} already${how}`
      yield { line, problems: [text] }
      continue
    }
    if (seen.size === maximumImportRows) {
      yield { line, problems: [`the file has more than ${maximumImportRows} accounts`] }
      return
    }
    seen.set(found.row.loginCanonical, { line, login: found.row.login })
    yield { line, row: found.row }
  }
  if (!head) yield { line: 1, problems: ['the file is empty: its first line names the columns'] }
  else if (isEmpty) yield { line: 2, problems: ['the file has no accounts'] }
}

function sizeProblem(bytes: Uint8Array): string | undefined {
  if (bytes.length > maximumImportBytes) {
    return `the file has more than ${maximumImportBytes / 1024 / 1024} MB: send it in parts`
  }
  // UTF-16, as some spreadsheets write it, and everything that is no text.
  if (bytes.includes(0)) return 'the file is no text in UTF-8: save it as CSV in UTF-8'
  return undefined
}

type ReadCells = {
  readonly line: number
  readonly cells: readonly string[]
  readonly fault?: string
}

/** The cells of each line; after a fault nothing more comes. */
async function* readCells(bytes: Uint8Array): AsyncGenerator<ReadCells> {
  const read: ReadCells[] = []
  let fault: CsvError | undefined
  let line = 1
  const parser = parse({
    bom: true,
    relax_column_count: true,
    record_delimiter: '\n',
    max_record_size: longestLine,
    on_record: (cells: string[], { lines }) => {
      read.push({ line, cells })
      line = lines + 1
      return null
    },
  })
  parser.on('error', (error) => {
    fault ??= error as CsvError
  })
  parser.resume()
  for (const text of readChunks(bytes)) {
    await new Promise<void>((written) => parser.write(text, () => written()))
    yield* inTurns(read.splice(0))
    if (fault) break
  }
  if (!fault) {
    await new Promise<void>((ended) => parser.end(() => ended()))
    yield* inTurns(read.splice(0))
  }
  if (fault) yield { line, cells: [], fault: faultText(fault) }
}

/** Others are served in between: a large file takes seconds. */
async function* inTurns<Line>(lines: readonly Line[]): AsyncGenerator<Line> {
  for (const [index, line] of lines.entries()) {
    if (index % linesPerTurn === 0) await setImmediate()
    yield line
  }
}

/** The text, piece by piece, with one kind of line break: files have two, and some both. */
function* readChunks(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder(importEncoding(bytes), { ignoreBOM: true })
  let isAfterReturn = false
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const text = decoder.decode(bytes.subarray(start, start + chunkBytes), { stream: true })
    const rest = isAfterReturn && text.startsWith('\n') ? text.slice(1) : text
    isAfterReturn = text.endsWith('\r')
    yield rest.replace(/\r\n?/g, '\n')
  }
}

function faultText({ code, message }: CsvError): string {
  switch (code) {
    case 'CSV_MAX_RECORD_SIZE':
      return `has more than ${longestLine} characters: perhaps a quotation mark is not closed; nothing was read from here on`
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is not closed; nothing was read from here on'
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a quotation mark stands in the middle: write the cell in quotation marks and each one in it twice; nothing was read from here on'
    default:
      throw new Error(`a file of accounts could not be read: ${message}`)
  }
}

type Head = {
  /** What each cell of a line is; undefined for a column without a name. */
  readonly columns: readonly (ImportColumn | undefined)[]
  readonly problems: readonly string[]
}

function readHead(cells: readonly string[]): Head {
  const problems: string[] = []
  if (cells.length === 1 && /[;\t]/.test(cells[0] ?? '')) {
    return { columns: [], problems: ['columns are separated by commas'] }
  }
  const columns = cells.map((cell) => {
    const name = columnName(cell)
    const known = importColumns.find((column) => column === name)
    if (known || name === '') return known
    const meant = nearest(name, importColumns)
    problems.push(
      `there is no column ${cell.trim().slice(0, 40)}${meant ? ` (did you mean ${meant}?)` : `: there are ${importColumns.join(', ')}`}`,
    )
    return undefined
  })
  for (const column of importColumns) {
    const times = columns.filter((each) => each === column).length
    if (times > 1) problems.push(`the column ${column} stands there ${times} times`)
    if (times === 0 && neededColumns.includes(column)) {
      problems.push(`the column ${column} is missing`)
    }
  }
  return { columns, problems }
}

/** `Bar number`, `BAR_NUMBER` and `bar-number` are one. */
function columnName(cell: string): string {
  const name = cell
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
  return name === 'e_mail' ? 'email' : name
}

const noCells = Object.fromEntries(importColumns.map((column) => [column, ''])) as Cells

function readLine(
  { columns }: Head,
  cells: readonly string[],
): { readonly row: ImportRow } | { readonly problems: readonly string[] } {
  if (cells.length < columns.length) {
    return {
      problems: [`has ${cells.length} cells, and the first line names ${columns.length}`],
    }
  }
  const named: Record<ImportColumn, string> = { ...noCells }
  for (const [index, cell] of cells.entries()) {
    const column = columns[index]
    if (column) named[column] = cell
    else if (cell.trim() !== '') {
      return { problems: [`cell ${index + 1} has a text, and its column has no name`] }
    }
  }
  const row = readImportRow(named)
  return 'login' in row ? { row } : { problems: row }
}
