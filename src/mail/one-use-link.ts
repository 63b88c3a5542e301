import type { KeyObject } from 'node:crypto'
import { now } from '../clock.ts'
import { type AccountId, keyedHash, randomToken } from '../ids.ts'
import type { SweepRule } from '../jobs/sweep.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Queryable, Statement, Transaction } from '../storage/db.ts'
import type { LinkAbout } from './words.ts'

/** Of whoever says "this was not me". */
export const notMePurpose = 'not-me'

export type FoundLink = { readonly accountId: AccountId | undefined; readonly about: LinkAbout }

/** `used` also where another link did the same first; `voided`: nobody pressed it, its reason has gone. */
export type LinkRefusal = 'used' | 'voided' | 'expired' | 'unknown'

/** A link that does nothing any more; of one that is known, whose it was: what is said of it may depend on that. */
export type DeadLinkFound =
  | { readonly reason: 'unknown' }
  | { readonly reason: Exclude<LinkRefusal, 'unknown'>; readonly was: FoundLink }

/**
 * An address as a link knows it. A link that may do something to an account is bound to the mailbox that
 * it was sent to: of no use when the account has another one, however late the mail was.
 */
export function addressMark(key: KeyObject, address: string): string {
  return keyedHash(key, `mail to ${address.toLowerCase()}`)
}

/** In the stores a token is known by this alone. */
function digestOf(key: KeyObject, purpose: string, token: string): string {
  return keyedHash(key, `link ${purpose} ${token}`)
}

const insertLink: Statement = {
  name: 'link-insert',
  text: `INSERT INTO one_use_links (digest, purpose, account_id, about, created_at, expires_at)
    VALUES ($1, $2, $3::uuid, $4::jsonb, $5::timestamptz, $5 + $6::float8 * interval '1 minute')`,
}

/**
 * Makes a link that can be used once, from now on for `lifeMinutes`. In a mail it is made by the job
 * that sends it, so that a mail that was late is not dead on arrival.
 * @param key the installation's key of stored identifiers.
 * @returns the token, 256 bits: for the mail alone, it is nowhere else.
 */
export async function mintLink(
  tx: Transaction,
  key: KeyObject,
  link: {
    readonly purpose: string
    readonly accountId?: AccountId | undefined
    readonly about?: LinkAbout
    readonly lifeMinutes: number
  },
): Promise<string> {
  const { purpose, accountId, about = {}, lifeMinutes } = link
  const token = randomToken()
  const digest = digestOf(key, purpose, token)
  const values = [digest, purpose, accountId ?? null, JSON.stringify(about), now(), lifeMinutes]
  await tx.query(insertLink, values)
  return token
}

type LinkRow = {
  accountId: AccountId | null
  about: LinkAbout
  isExpired: boolean
  isUsed: boolean
  isVoided: boolean
}

const columns = `account_id AS "accountId", about, is_voided AS "isVoided",
  expires_at <= $3::timestamptz AS "isExpired"`

const selectLink: Statement = {
  name: 'link-find',
  text: `SELECT ${columns}, used_at IS NOT NULL AS "isUsed" FROM one_use_links
    WHERE digest = $1 AND purpose = $2`,
}

/** For the page that a link opens, which asks for a press: changes nothing and uses nothing up. */
export async function findLink(
  db: Queryable,
  key: KeyObject,
  purpose: string,
  token: string,
): Promise<Outcome<FoundLink, DeadLinkFound>> {
  const digest = digestOf(key, purpose, token)
  const [row] = await db.query<LinkRow>(selectLink, [digest, purpose, now()])
  return answer(row)
}

// The rows are locked in one order: two links of an account that are pressed at once do not wait for
// each other in a circle. A row whose lock was waited for is looked at anew, and is there no longer
// when the other one has used it.
const takeLink: Statement = {
  name: 'link-use',
  text: `WITH given AS MATERIALIZED (SELECT account_id, about, expires_at, used_at, is_voided
      FROM one_use_links
      WHERE digest = $1 AND purpose = $2),
    unused AS MATERIALIZED (SELECT digest FROM one_use_links
      WHERE purpose = $2 AND used_at IS NULL
        AND (digest = $1 OR account_id = (SELECT account_id FROM given)
          AND (NOT $4::boolean OR about = (SELECT about FROM given)))
        AND EXISTS (SELECT 1 FROM given WHERE expires_at > $3::timestamptz)
      ORDER BY digest FOR UPDATE),
    used AS (UPDATE one_use_links SET used_at = $3::timestamptz
      WHERE digest IN (SELECT digest FROM unused)
        AND EXISTS (SELECT 1 FROM unused WHERE digest = $1)
      RETURNING digest)
    SELECT ${columns}, used_at IS NOT NULL OR expires_at > $3::timestamptz
        AND NOT EXISTS (SELECT 1 FROM used WHERE digest = $1) AS "isUsed"
      FROM given`,
}

/**
 * Uses a link up, once however many ask at the same moment, and with it every other one of the same
 * purpose that the account has: in one statement, within the transaction of what the link is for.
 * @param options.isOfOneMatter the others only where they are about the same: what one reader said of it
 *   is not the word of the reader of another mail.
 */
export async function useLink(
  tx: Transaction,
  key: KeyObject,
  purpose: string,
  token: string,
  { isOfOneMatter = false }: { readonly isOfOneMatter?: boolean } = {},
): Promise<Outcome<FoundLink, DeadLinkFound>> {
  const digest = digestOf(key, purpose, token)
  const [row] = await tx.query<LinkRow>(takeLink, [digest, purpose, now(), isOfOneMatter])
  return answer(row)
}

function answer(row: LinkRow | undefined): Outcome<FoundLink, DeadLinkFound> {
  if (!row) return refused('unknown', {})
  const was = { accountId: row.accountId ?? undefined, about: row.about }
  if (row.isVoided) return refused('voided', { was })
  if (row.isUsed) return refused('used', { was })
  if (row.isExpired) return refused('expired', { was })
  return ok(was)
}

const voidAll: Statement = {
  name: 'link-void',
  text: `WITH unused AS MATERIALIZED (SELECT digest FROM one_use_links
      WHERE account_id = $1::uuid AND purpose = ANY($2::text[]) AND used_at IS NULL
      ORDER BY digest FOR UPDATE)
    UPDATE one_use_links SET used_at = $3::timestamptz, is_voided = true
      WHERE digest IN (SELECT digest FROM unused)`,
}

/** Ends what was sent to the account for these purposes: its reason has gone. */
export async function voidLinks(
  tx: Transaction,
  accountId: AccountId,
  purposes: readonly string[],
): Promise<void> {
  await tx.query(voidAll, [accountId, purposes, now()])
}

/** So long a page can say that a link is used or too old, and not only that it is unknown. */
const keptDays = 7

export const linkSweep: SweepRule = {
  table: 'one_use_links',
  key: 'digest',
  isOver: `expires_at < $1::timestamptz - interval '${keptDays} days'`,
}
