import { stateSql } from '../../accounts/account-state.ts'
import type { AccountId } from '../../ids.ts'
import type { Queryable, Statement } from '../../storage/db.ts'

/**
 * What answers a former address, as notes name it: somebody has looked, or has shut the account, or has
 * decided on the address. Whatever else support does with the account leaves the alert open.
 */
const answers = [
  'answer-alert',
  'hold',
  'disable',
  'close',
  'address-approved',
  'address-declined',
  'address-stopped',
] as const

/** The newest of each account that no answer came after. A closed account has nothing left to look into. */
const openAlerts = `SELECT e.account_id, max(e.recorded_at) AS recorded_at
  FROM audit_events e JOIN accounts a ON a.id = e.account_id
  WHERE e.event = 'account.old-address-reported' AND ${stateSql('a')} <> 'closed'
    AND NOT EXISTS (SELECT 1 FROM support_notes n WHERE n.account_id = e.account_id
      AND n.act IN (${answers.map((act) => `'${act}'`).join(', ')})
      AND n.created_at >= e.recorded_at)`

const mostListed = 50

/** By the partial index `audit_events_old_address_reports`. */
export const listAlertsStatement: Statement = {
  name: 'support-alerts',
  text: `SELECT a.number, o.recorded_at AS "recordedAt"
    FROM (${openAlerts} GROUP BY e.account_id) o JOIN accounts a ON a.id = o.account_id
    ORDER BY o.recorded_at LIMIT ${mostListed}`,
}

/** A reader of a former e-mail address has told support, and nobody has answered that yet. */
export type OpenAlert = { readonly number: string; readonly recordedAt: Date }

/** The open ones, of whichever account, the oldest first. */
export function listOpenAlerts(db: Queryable): Promise<OpenAlert[]> {
  return db.query<OpenAlert>(listAlertsStatement, [])
}

const selectAlert: Statement = {
  name: 'support-alert',
  text: `${openAlerts} AND e.account_id = $1::uuid GROUP BY e.account_id`,
}

/** When the newest one that is open came; undefined where none is. */
export async function findOpenAlert(
  db: Queryable,
  accountId: AccountId,
): Promise<Date | undefined> {
  const [row] = await db.query<{ recorded_at: Date }>(selectAlert, [accountId])
  return row?.recorded_at
}
