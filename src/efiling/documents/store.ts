import { now } from '../../clock.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import type { FilingDocument } from './document.ts'

const columns = `d.id::text AS id, d.request_id::text AS "requestId", d.question, d.label, d.name,
  d.type, d.size, d.created_at AS "createdAt"`

const selectAll: Statement = {
  name: 'filing-documents-of',
  text: `SELECT ${columns} FROM filing_documents d WHERE request_id = $1::uuid
    ORDER BY d.created_at, d.id`,
}

/** The documents of a request, without their bytes. */
export function listDocuments(db: Queryable, requestId: string): Promise<FilingDocument[]> {
  return db.query<FilingDocument>(selectAll, [requestId])
}

const insertRow: Statement = {
  name: 'filing-document-insert',
  text: `INSERT INTO filing_documents (id, request_id, question, label, name, type, size, sealing_key,
      created_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::integer, $8, $9::timestamptz)`,
}

/** Keeps what is known of a document; where one answers the same question, that one goes first. */
export async function insertDocument(
  tx: Transaction,
  document: Omit<FilingDocument, 'createdAt'>,
  sealingKey: string,
): Promise<void> {
  const { id, requestId, question, label, name, type, size } = document
  await deleteDocument(tx, requestId, question)
  const values = [id, requestId, question, label, name, type, size, sealingKey, now()]
  await tx.query(insertRow, values)
}

const insertPart: Statement = {
  name: 'filing-document-part-insert',
  text: `INSERT INTO filing_document_parts (document_id, part, sealed)
    VALUES ($1::uuid, $2::integer, $3::bytea)`,
}

export async function insertDocumentPart(
  tx: Transaction,
  documentId: string,
  part: number,
  sealed: Buffer,
): Promise<void> {
  await tx.query(insertPart, [documentId, part, sealed])
}

const selectPart: Statement = {
  name: 'filing-document-part',
  text: `SELECT sealed FROM filing_document_parts WHERE document_id = $1::uuid AND part = $2::integer`,
}

export async function findDocumentPart(
  db: Queryable,
  documentId: string,
  part: number,
): Promise<Buffer | undefined> {
  const [row] = await db.query<{ sealed: Buffer }>(selectPart, [documentId, part])
  return row?.sealed
}

const updatePart: Statement = {
  name: 'filing-document-part-reseal',
  text: `UPDATE filing_document_parts SET sealed = $3::bytea
    WHERE document_id = $1::uuid AND part = $2::integer`,
}

export async function replaceDocumentPart(
  tx: Transaction,
  documentId: string,
  part: number,
  sealed: Buffer,
): Promise<void> {
  await tx.query(updatePart, [documentId, part, sealed])
}

const deleteRow: Statement = {
  name: 'filing-document-delete',
  text: `DELETE FROM filing_documents WHERE request_id = $1::uuid AND question = $2`,
}

export async function deleteDocument(
  tx: Transaction,
  requestId: string,
  question: string,
): Promise<void> {
  await tx.query(deleteRow, [requestId, question])
}

const deleteOthers: Statement = {
  name: 'filing-documents-delete-others',
  text: `DELETE FROM filing_documents WHERE request_id = $1::uuid AND question <> ALL($2::text[])`,
}

/** Forgets what answers none of these questions: a court is sent what was seen before, and nothing else. */
export async function deleteOtherDocuments(
  tx: Transaction,
  requestId: string,
  questions: readonly string[],
): Promise<void> {
  await tx.query(deleteOthers, [requestId, [...questions]])
}

const selectAt: Statement = {
  name: 'filing-document-at',
  text: `SELECT ${columns} FROM filing_documents d
    JOIN filing_requests r ON r.id = d.request_id
    WHERE r.court_id = $1 AND r.number = $2 AND d.id = $3::uuid AND r.state <> 'draft'`,
}

/** A document of a request to this court; undefined for another court's, and for one of a draft. */
export async function findDocumentAt(
  db: Queryable,
  about: { readonly courtId: CourtId; readonly number: string; readonly id: string },
): Promise<FilingDocument | undefined> {
  const values = [about.courtId, about.number, about.id]
  const [document] = await db.query<FilingDocument>(selectAt, values)
  return document
}

const selectOwn: Statement = {
  name: 'filing-document-own',
  text: `SELECT ${columns} FROM filing_documents d
    JOIN filing_requests r ON r.id = d.request_id
    WHERE r.account_id = $1::uuid AND r.court_id = $2 AND d.id = $3::uuid`,
}

/** A document of a request of this person to this court, a draft among them. */
export async function findOwnDocument(
  db: Queryable,
  about: { readonly accountId: AccountId; readonly courtId: CourtId; readonly id: string },
): Promise<FilingDocument | undefined> {
  const values = [about.accountId, about.courtId, about.id]
  const [document] = await db.query<FilingDocument>(selectOwn, values)
  return document
}

const selectKeys: Statement = {
  name: 'filing-document-sealing-keys',
  text: `SELECT id FROM unnest($1::text[]) AS wanted(id)
    WHERE EXISTS (SELECT 1 FROM filing_documents WHERE sealing_key = wanted.id)`,
}

/** Those of the keys' ids with which a document is sealed. */
export async function findDocumentKeysInUse(
  db: Queryable,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(selectKeys, [[...ids]])
  return rows.map(({ id }) => id)
}

const selectOutdated: Statement = {
  name: 'filing-documents-outdated',
  text: `SELECT ${columns} FROM filing_documents d
    WHERE d.sealing_key <> $1 AND d.id > $2::uuid ORDER BY d.id LIMIT 1`,
}

/** The next document, by its id, that another key than this one seals. */
export async function findOutdatedDocument(
  db: Queryable,
  newest: string,
  after: string,
): Promise<FilingDocument | undefined> {
  const [document] = await db.query<FilingDocument>(selectOutdated, [newest, after])
  return document
}

const lockRow: Statement = {
  name: 'filing-document-lock',
  text: `UPDATE filing_documents SET sealing_key = $2 WHERE id = $1::uuid RETURNING 1`,
}

/** Notes the key that its parts are sealed with. @returns false where the document is gone. */
export async function writeSealingKey(
  tx: Transaction,
  id: string,
  sealingKey: string,
): Promise<boolean> {
  return (await tx.query(lockRow, [id, sealingKey])).length === 1
}
