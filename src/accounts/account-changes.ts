import { isDeepStrictEqual } from 'node:util'
import { now } from '../clock.ts'
import { countryNames } from '../country-names.ts'
import type { AccountId } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { PostalAddress } from './person/postal-address.ts'
import type { PersonRecord } from './person-store.ts'

/** What of a person a court keeps in records of its own, too. */
export const courtFacts = ['name', 'address', 'phone', 'email'] as const
export type CourtFact = (typeof courtFacts)[number]

const labels: Readonly<Record<CourtFact, string>> = {
  name: 'Name',
  address: 'Postal address',
  phone: 'Telephone',
  email: 'E-mail address',
}

/** @param fact of an event, which may be of a later release. */
export function courtFactLabel(fact: unknown): string {
  return (labels as Readonly<Record<string, string>>)[String(fact)] ?? String(fact)
}

/** A fact that was another one before, each line by line as people read it. */
export type AccountChange = {
  /** Grows with every change of whatever account. */
  readonly id: number
  readonly fact: CourtFact
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly recordedAt: Date
}

type Facts = Pick<PersonRecord, 'givenName' | 'familyName' | 'address' | 'phone'>

/** Keeps what a holder said before, of what has changed. Nobody is told by that. */
export async function recordFactChanges(
  tx: Transaction,
  accountId: AccountId,
  before: Facts,
  after: Facts,
): Promise<void> {
  const [old, present] = [linesOf(before), linesOf(after)]
  for (const fact of ['name', 'address', 'phone'] as const) {
    if (isDeepStrictEqual(old[fact], present[fact])) continue
    await insertChange(tx, accountId, { fact, before: old[fact], after: present[fact] })
  }
}

/** Keeps the confirmed address that an account had before. */
export function recordEmailChange(
  tx: Transaction,
  accountId: AccountId,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  return insertChange(tx, accountId, { fact: 'email', before: [before], after: [after] })
}

function linesOf({ givenName, familyName, address, phone }: Facts) {
  const name = [givenName, familyName].filter(Boolean).join(' ')
  return { name: name ? [name] : [], address: addressLines(address), phone: phone ? [phone] : [] }
}

/** As it stands on an envelope: `401 West Trade Street`, `Charlotte, NC 28202`. */
function addressLines(address: PostalAddress | null): readonly string[] {
  if (!address) return []
  const { lines, city, state, postalCode, country } = address
  const place = [state, postalCode].filter(Boolean).join(' ')
  const abroad =
    country === 'US' ? [] : [(countryNames as Readonly<Record<string, string>>)[country] ?? country]
  return [...lines, place ? `${city}, ${place}` : city, ...abroad]
}

const insertRow: Statement = {
  name: 'account-change-insert',
  text: `INSERT INTO account_changes (account_id, fact, before, after, recorded_at)
    VALUES ($1::uuid, $2, $3::text[], $4::text[], $5::timestamptz)`,
}

async function insertChange(
  tx: Transaction,
  accountId: AccountId,
  { fact, before, after }: Pick<AccountChange, 'fact' | 'before' | 'after'>,
): Promise<void> {
  await tx.query(insertRow, [accountId, fact, before, after, now()])
}

const selectOf: Statement = {
  name: 'account-changes-of',
  text: `SELECT id::float8 AS id, fact, before, after, recorded_at AS "recordedAt"
    FROM account_changes c WHERE account_id = $1::uuid ORDER BY c.id`,
}

/** What changed of an account within the last year, the oldest first. */
export function listAccountChanges(db: Queryable, accountId: AccountId): Promise<AccountChange[]> {
  return db.query<AccountChange>(selectOf, [accountId])
}

/** So long somebody can still tell a court what was there before. */
const keptDays = 365

export const accountChangeSweep: SweepRule = {
  table: 'account_changes',
  key: 'id',
  isOver: `recorded_at < $1::timestamptz - interval '${keptDays} days'`,
}
