import type { CourtId } from '../../ids.ts'
import type { Queryable, Statement } from '../../storage/db.ts'

/** A file that was taken, with whoever sent it; null: the command line. */
export type TakenFile = {
  readonly fileName: string
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly importedAt: Date
  readonly importedBy: string | null
}

const selectFiles: Statement = {
  name: 'import-files',
  text: `SELECT i.file_name AS "fileName", i.rows, i.added, i.changed, i.imported_at AS "importedAt",
      nullif(concat_ws(' ', a.given_name, a.family_name), '') AS "importedBy"
    FROM account_imports i LEFT JOIN accounts a ON a.id = i.imported_by
    WHERE i.court_id = $1 ORDER BY i.id DESC LIMIT $2::integer`,
}

/** The newest files of a court that changed something. */
export function listTakenFiles(
  db: Queryable,
  courtId: CourtId,
  limit: number,
): Promise<TakenFile[]> {
  return db.query<TakenFile>(selectFiles, [courtId, limit])
}

/** Whose an imported account is or was, for the court. */
export type LinkOfImported = {
  readonly id: string
  readonly number: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly username: string
  readonly linkedAt: Date
  readonly endedAt: Date | null
}

const selectLinks: Statement = {
  name: 'imported-links',
  text: `SELECT l.id::text AS id, a.number, a.given_name AS "givenName", a.family_name AS "familyName",
      a.username, l.linked_at AS "linkedAt", l.ended_at AS "endedAt"
    FROM account_links l JOIN accounts a ON a.id = l.account_id
    WHERE l.imported_id = $1::uuid ORDER BY l.id DESC LIMIT 50`,
}

/** Every link of one imported account, the newest first. */
export function listLinksOfImported(db: Queryable, importedId: string): Promise<LinkOfImported[]> {
  return db.query<LinkOfImported>(selectLinks, [importedId])
}
