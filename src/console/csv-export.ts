import { stringify } from 'csv-stringify/sync'
import type { FileToKeep } from '../http/send-document.ts'

/** A heading, and what stands below it. */
export type CsvColumn<Row> = readonly [
  heading: string,
  read: (row: Row) => string | null | undefined,
]

/**
 * A list as a file for a spreadsheet, made page by page while it is sent, so that a long one takes no memory. What
 * a spreadsheet would compute stands there as text, with an apostrophe before it: some of it was typed by strangers.
 * Source: OWASP, CSV Injection.
 * @param list the rows after that one, and none at the end.
 */
export function csvFile<Row>(file: {
  readonly name: string
  readonly columns: readonly CsvColumn<Row>[]
  list(after: Row | undefined): Promise<readonly Row[]>
}): FileToKeep {
  const { name, columns, list } = file
  async function* bytes(): AsyncGenerator<Buffer> {
    // A spreadsheet takes a file without the mark for one of another character set.
    yield Buffer.from(`\uFEFF${write([columns.map(([heading]) => heading)])}`)
    let last: Row | undefined
    for (;;) {
      const rows = await list(last)
      if (rows.length === 0) return
      yield Buffer.from(write(rows.map((row) => columns.map(([, read]) => read(row) ?? ''))))
      last = rows.at(-1)
    }
  }
  return { name: `${name}.csv`, type: 'text/csv; charset=utf-8', bytes: bytes() }
}

function write(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  )
}
