import { now } from '../../clock.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok } from '../../outcome.ts'
import { unlessRefused } from '../../storage/constraints.ts'
import type { Queryable, Statement, Transaction } from '../../storage/db.ts'
import type { Link, LinkReader } from './link.ts'

/** `Link`, for a row under that alias. */
function linkColumns(alias: string): string {
  const of = (column: string) => `${alias}.${column}`
  return `${of('id')}::text AS id, ${of('court_id')} AS "courtId",
    ${of('imported_id')}::text AS "importedId", ${of('account_id')}::text AS "accountId", ${of('way')},
    ${of('names_differ')} AS "namesDiffer", ${of('reason')}, ${of('linked_at')} AS "linkedAt",
    ${of('linked_by')}::text AS "linkedBy", ${of('contested_at')} AS "contestedAt",
    ${of('contested_by')} AS "contestedBy", ${of('settled_at')} AS "settledAt",
    ${of('settled_by')}::text AS "settledBy", ${of('settle_reason')} AS "settleReason",
    ${of('ended_at')} AS "endedAt", ${of('ended_by')}::text AS "endedBy",
    ${of('end_reason')} AS "endReason"`
}

const insertOne: Statement = {
  name: 'link-account-insert',
  text: `INSERT INTO account_links AS l (court_id, imported_id, account_id, way, names_differ, reason,
      linked_at, linked_by)
    VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6, $7, $8::uuid) RETURNING ${linkColumns('l')}`,
}

/** @returns why not, where one of the two sides has a link by now. */
export async function insertLink(
  tx: Transaction,
  link: Pick<
    Link,
    'courtId' | 'importedId' | 'accountId' | 'way' | 'namesDiffer' | 'reason' | 'linkedBy'
  >,
): Promise<Outcome<Link, 'imported-taken' | 'linked-already'>> {
  const { courtId, importedId, accountId, way, namesDiffer, reason, linkedBy } = link
  const values = [courtId, importedId, accountId, way, namesDiffer, reason, now(), linkedBy]
  const constraints = {
    account_links_imported_key: 'imported-taken',
    account_links_account_key: 'linked-already',
  } as const
  const inserted = await unlessRefused(constraints, () => tx.query<Link>(insertOne, values))
  return inserted.ok ? ok(inserted.value[0]!) : inserted
}

const selectOne: Statement = {
  name: 'link-account-find',
  text: `SELECT ${linkColumns('l')} FROM account_links l WHERE l.id = $1::bigint`,
}

/** @param id the digits of it. */
export async function findLinkById(db: Queryable, id: string): Promise<Link | undefined> {
  const [row] = await db.query<Link>(selectOne, [id])
  return row
}

const lockOne: Statement = { name: 'link-account-lock', text: `${selectOne.text} FOR UPDATE` }

/** The same, which nobody else contests, settles or ends until the transaction ends. */
export async function lockLink(tx: Transaction, id: string): Promise<Link | undefined> {
  const [row] = await tx.query<Link>(lockOne, [id])
  return row
}

const selectOfAccount: Statement = {
  name: 'link-account-of-account',
  text: `SELECT ${linkColumns('l')} FROM account_links l
    WHERE l.account_id = $1::uuid AND l.court_id = $2 AND l.ended_at IS NULL`,
}

/** The link that an account has at a court. */
export async function findLinkOf(
  db: Queryable,
  accountId: AccountId,
  courtId: CourtId,
): Promise<Link | undefined> {
  const [row] = await db.query<Link>(selectOfAccount, [accountId, courtId])
  return row
}

const selectOfImported: Statement = {
  name: 'link-account-of-imported',
  text: `SELECT ${linkColumns('l')} FROM account_links l
    WHERE l.imported_id = $1::uuid AND l.ended_at IS NULL`,
}

/** The link of an account of the old system. */
export async function findLinkOfImported(
  db: Queryable,
  importedId: string,
): Promise<Link | undefined> {
  const [row] = await db.query<Link>(selectOfImported, [importedId])
  return row
}

const selectEverLinked: Statement = {
  name: 'link-ever-of-imported',
  text: 'SELECT 1 FROM account_links WHERE imported_id = $1::uuid LIMIT 1',
}

/** Whether an account of the old system is linked, or was. */
export async function wasEverLinked(db: Queryable, importedId: string): Promise<boolean> {
  return (await db.query(selectEverLinked, [importedId])).length > 0
}

const selectAllOf: Statement = {
  name: 'link-account-list-of',
  text: `SELECT ${linkColumns('l')} FROM account_links l
    WHERE l.account_id = $1::uuid ORDER BY l.court_id, l.id`,
}

/** Every link that an account has or had. */
export function listLinksOf(db: Queryable, accountId: AccountId): Promise<Link[]> {
  return db.query<Link>(selectAllOf, [accountId])
}

const updateContested: Statement = {
  name: 'link-account-contest',
  text: `UPDATE account_links SET contested_at = $2, contested_by = $3, settled_at = NULL,
      settled_by = NULL, settle_reason = NULL
    WHERE id = $1::bigint`,
}

/** Somebody said that the link, which is locked, is wrong. */
export async function markContested(
  tx: Transaction,
  id: string,
  reader: LinkReader,
): Promise<void> {
  await tx.query(updateContested, [id, now(), reader])
}

const updateSettled: Statement = {
  name: 'link-account-settle',
  text: `UPDATE account_links SET settled_at = $2, settled_by = $3::uuid, settle_reason = $4
    WHERE id = $1::bigint`,
}

/** A clerk lets the link, which is locked, stand. */
export async function markSettled(
  tx: Transaction,
  id: string,
  { by, reason }: { readonly by: AccountId; readonly reason: string },
): Promise<void> {
  await tx.query(updateSettled, [id, now(), by, reason])
}

const updateEnded: Statement = {
  name: 'link-account-end',
  text: `UPDATE account_links SET ended_at = $2, ended_by = $3::uuid, end_reason = $4
    WHERE id = $1::bigint`,
}

/** Ends the link, which is locked: either side may have another one. */
export async function markEnded(
  tx: Transaction,
  id: string,
  { by, reason }: { readonly by: AccountId; readonly reason: string },
): Promise<void> {
  await tx.query(updateEnded, [id, now(), by, reason])
}
