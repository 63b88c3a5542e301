import { createHash } from 'node:crypto'
import type { Passwords } from '../../accounts/password.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import { goLiveStateOf } from '../../courts/go-live-plan.ts'
import { findGoLivePlan } from '../../courts/go-live-store.ts'
import { findCourt, markTakesLinks } from '../../courts/store.ts'
import type { CourtId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import { accountsImported } from '../events.ts'
import { compareImport, type ImportRowRead } from './compare-import.ts'
import {
  insertAccountImport,
  insertImported,
  lockImports,
  updateImported,
  writeImportCounts,
} from './import-store.ts'
import { importEncoding, type LineNote, readImport } from './read-import.ts'

/** A file of accounts of one court's old system. */
export type ImportFile = {
  readonly courtId: CourtId
  /** Without a path. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** What a file changes, or would. */
export type ImportReport = {
  /** SHA-256 in hexadecimal: which file this was said of. */
  readonly digest: string
  readonly encoding: 'UTF-8' | 'Windows-1252'
  readonly rows: number
  readonly added: number
  readonly changed: number
  /** As they were. */
  readonly same: number
  /** Linked or decided since: nothing of them is touched. By line, and the first thousands of them. */
  readonly taken: number
  readonly takenLines: readonly LineNote[]
  /** The court links by password no more, so the hashes of the file were left. */
  readonly leavesPasswords: boolean
}

export type ImportRefusal =
  /** With every line that is wrong, as far as the file was read; nothing was taken. */
  | {
      readonly reason: 'wrong-lines'
      readonly lines: readonly LineNote[]
      readonly rows: number
      /** Behind the last of these lines nothing was read: too many are wrong. */
      readonly isCut: boolean
    }
  | { readonly reason: 'unknown-court' }
  /** Another file of this court is being taken. */
  | { readonly reason: 'under-way' }

export type ImportDeps = {
  readonly db: Database
  readonly passwords: Pick<Passwords, 'inThread' | 'peppers'>
}

/** Hears how many accounts are done; from the beginning again, where the database made it start anew. */
type Progress = (done: number, all: number) => void

/** So many rows are compared and written by one statement, which has less than a second. */
const perBatch = 500
/** Fewer where hashes are to be wrapped: PostgreSQL ends a transaction that asks nothing for five seconds. */
const hashesPerBatch = 100
/** All or nothing: one transaction takes a file as a whole, however long its hashes take. */
const transactionMilliseconds = 10 * 60_000
/** Of thousands of statements one meets a busy disk: it waits for that, and the file is not sent again. */
const statementMilliseconds = 30_000
/** Of what is only told. */
const mostNotes = 10_000

/** What a file would change; reads and writes nothing else. */
export async function checkImport(
  { db, passwords }: ImportDeps,
  file: ImportFile,
  told: Progress = () => {},
): Promise<Outcome<ImportReport, ImportRefusal>> {
  const read = await readWhole(db, file)
  if (!read.ok) return read
  const report = newReport(file, read.value)
  for await (const rows of batches(file.bytes)) {
    const { added, changed, taken, same } = await compareImport(db, passwords, file.courtId, {
      rows,
      leavesPasswords: report.leavesPasswords,
    })
    count(report, { rows: rows.length, added: added.length, changed: changed.length, same, taken })
    told(report.rows, read.value.rows)
  }
  return ok(report)
}

/**
 * Takes a file of accounts as a whole or not at all. The same file again changes nothing; an account that
 * was linked, or whose CM/ECF account a right of the court names by now, is left as it is, and so is one that
 * the file does not have.
 */
export async function importAccounts(
  { db, passwords }: ImportDeps,
  file: ImportFile,
  by: By,
  told: Progress = () => {},
): Promise<Outcome<ImportReport, ImportRefusal>> {
  const read = await readWhole(db, file)
  if (!read.ok) return read
  return inTransaction(
    db,
    async (tx): Promise<Outcome<ImportReport, ImportRefusal>> => {
      if (!(await lockImports(tx, file.courtId))) return refused('under-way')
      const report = newReport(file, read.value)
      const at = now()
      let importId: number | undefined
      for await (const rows of batches(file.bytes)) {
        const { leavesPasswords } = report
        const compared = await compareImport(tx, passwords, file.courtId, { rows, leavesPasswords })
        const { added, changed, same, taken } = compared
        let written = 0
        if (added.length + changed.length > 0) {
          importId ??= await begin(tx, file, report.digest, by, at)
          const writing = { importId, at }
          if (added.length > 0) await insertImported(tx, file.courtId, added, writing)
          if (changed.length > 0) {
            written = await updateImported(tx, file.courtId, changed, writing)
          }
        }
        count(report, { rows: rows.length, added: added.length, changed: written, same, taken })
        report.taken += changed.length - written
        told(report.rows, read.value.rows)
      }
      if (importId !== undefined) await end(tx, file, importId, report, by)
      return ok(report)
    },
    { milliseconds: transactionMilliseconds, statementMilliseconds },
  )
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }
type Report = Mutable<Omit<ImportReport, 'takenLines'>> & { readonly takenLines: LineNote[] }

function newReport(file: ImportFile, { leavesPasswords }: ReadWhole): Report {
  return {
    digest: importDigest(file.bytes),
    encoding: importEncoding(file.bytes),
    rows: 0,
    added: 0,
    changed: 0,
    same: 0,
    taken: 0,
    takenLines: [],
    leavesPasswords,
  }
}

/** By which a file is known again. */
export function importDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function count(
  report: Report,
  batch: {
    readonly rows: number
    readonly added: number
    readonly changed: number
    readonly same: number
    readonly taken: readonly LineNote[]
  },
): void {
  report.rows += batch.rows
  report.added += batch.added
  report.changed += batch.changed
  report.same += batch.same
  report.taken += batch.taken.length
  report.takenLines.push(...batch.taken.slice(0, mostNotes - report.takenLines.length))
}

type ReadWhole = { readonly rows: number; readonly leavesPasswords: boolean }

/** Every line, before anything is written: what is wrong in the last one stops the first one. */
async function readWhole(
  db: Database,
  { courtId, bytes }: ImportFile,
): Promise<Outcome<ReadWhole, ImportRefusal>> {
  const [court, plan] = await Promise.all([findCourt(db, courtId), findGoLivePlan(db, courtId)])
  if (!court) return refused('unknown-court')
  const lines: LineNote[] = []
  let rows = 0
  let isCut = false
  for await (const read of readImport(bytes)) {
    if ('row' in read) {
      rows += 1
      continue
    }
    lines.push(...read.problems.map((text) => ({ line: read.line, text })))
    isCut = read.isCut === true
  }
  if (lines.length > 0) return refused('wrong-lines', { lines, rows, isCut })
  return ok({ rows, leavesPasswords: goLiveStateOf(court, plan, now()) === 'legacy-closed' })
}

async function* batches(bytes: Uint8Array): AsyncGenerator<readonly ImportRowRead[]> {
  let rows: ImportRowRead[] = []
  let hashes = 0
  for await (const read of readImport(bytes)) {
    if (!('row' in read)) throw new Error('a file of accounts was read in two ways')
    rows.push({ line: read.line, ...read.row })
    hashes += Number(read.row.oldHash !== undefined)
    if (rows.length < perBatch && hashes < hashesPerBatch) continue
    yield rows
    rows = []
    hashes = 0
  }
  if (rows.length > 0) yield rows
}

function begin(
  tx: Transaction,
  { courtId, name }: ImportFile,
  digest: string,
  { actor }: By,
  at: Date,
): Promise<number> {
  const by = actor.kind === 'account' ? actor.id : undefined
  return insertAccountImport(tx, courtId, { name, digest, at, by })
}

async function end(
  tx: Transaction,
  { courtId }: ImportFile,
  importId: number,
  { rows, added, changed, same, taken, digest }: ImportReport,
  by: By,
): Promise<void> {
  await writeImportCounts(tx, importId, { rows, added, changed, kept: same + taken })
  await markTakesLinks(tx, courtId)
  await recordEvent(tx, accountsImported({ courtId, importId, rows, added, changed, digest, by }))
}
