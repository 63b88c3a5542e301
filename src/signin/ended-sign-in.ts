import { may } from '../accounts/account-state.ts'
import { isSignInGood, lockSignInStand } from '../accounts/sign-in-stand.ts'
import { type By, byAccount } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, refused } from '../outcome.ts'
import { inTransaction, type Transaction } from '../storage/db.ts'
import { openVisit, originOf, type Visit } from './visit.ts'

// Who proved a password here is signed in only at the end. What ends the sign-ins of the account meanwhile
// ends this one, too (decision 0098), and nothing is written for an account that nobody may sign in to.

/**
 * The visit as it counts now: with nothing of what was proved and said, where the account's sign-ins ended
 * since, or where nobody may sign in to it. The password is asked for then.
 */
export async function withoutEnded(visit: Visit): Promise<Visit> {
  const { person, progress, interaction, session, client, deps, ctx } = visit
  if (!person) return visit
  const { login } = progress
  const account = (await visit.facts())?.account
  const isBarred = !account || !may(account, 'sign-in')
  if (!isBarred && (!login || isSignInGood(account, login.stand))) return visit
  const { choice } = progress
  const kept = isBarred && person.session ? undefined : session
  const about = { interaction, client, session: kept, progress: choice ? { choice } : {} }
  return { ...openVisit(deps, ctx, about), hasEnded: true }
}

/**
 * Writes what the person of a sign-in says, in one transaction.
 * @returns `ended` where the sign-ins of the account ended since the password was typed; nothing is written.
 */
export function writeInSignIn<Value, Reason extends string>(
  { deps, ctx, progress: { login } }: Visit,
  write: (tx: Transaction, accountId: AccountId, by: By) => Promise<Outcome<Value, Reason>>,
): Promise<Outcome<Value, Reason | 'ended'>> {
  return inTransaction(deps.db, async (tx): Promise<Outcome<Value, Reason | 'ended'>> => {
    const account = login && (await lockSignInStand(tx, login.accountId))
    if (!account || !isSignInGood(account, login.stand)) return refused('ended')
    return write(tx, login.accountId, byAccount(login.accountId, originOf(ctx)))
  })
}
