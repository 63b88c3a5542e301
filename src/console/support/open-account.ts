import type { Context } from 'koa'
import type { Database } from '../../storage/db.ts'
import type { ConsoleAnswer, ConsoleVisit } from '../console-gate.ts'
import { unknownContent } from './account-page.ts'
import { ownAccountContent } from './act-page.ts'
import { findSeenAccount, type SeenAccount } from './store.ts'

/** The number in the path of a page of an account. */
export function numberOf(ctx: Context): string {
  return (ctx as Context & { params: Record<string, string> }).params['number'] ?? ''
}

/** The account in the path, for who may change it: it is there, and not one's own. */
export async function openAccount<After>(
  db: Database,
  visit: ConsoleVisit,
  show: (account: SeenAccount) => Promise<After>,
): Promise<After | ConsoleAnswer> {
  const account = await findSeenAccount(db, numberOf(visit.ctx))
  if (!account) return unknownContent()
  if (account.id === visit.account.id) {
    return { ...ownAccountContent(account.number), status: 403 }
  }
  return show(account)
}
