import type { Context } from 'koa'
import { displayName } from '../accounts/account.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { wayBackTo } from '../clients/way-back.ts'
import { findFacts } from '../efiling/facts.ts'
import { requestOf } from '../http/request-context.ts'
import type { Database } from '../storage/db.ts'
import { inWords } from '../time-in-words.ts'
import type { Interactions, Kept, Lost } from './interaction.ts'
import { expiredPage } from './pages.ts'
import { steps } from './steps/table.ts'

/** What is true for a browser whose page of an interaction cannot be shown. */
export async function lostPage(
  deps: { db: Database; directory: ClientDirectory; interactions: Interactions },
  ctx: Context,
  lost: Lost<Kept>,
): Promise<string> {
  const clientId = ctx.query['client']
  const client = typeof clientId === 'string' ? await deps.directory.find(clientId) : undefined
  const session = await deps.interactions.findSession(ctx)
  const facts = session && (await findFacts(deps.db, session.accountId, [], undefined))
  const kept = lost.reason === 'expired' ? lost.kept : undefined
  const usedBy = lost.reason === 'used' ? lost.usedBy : undefined
  return expiredPage({
    nonce: requestOf(ctx).nonce,
    cause: lost.reason,
    askedBy: wayBackTo(client),
    kept: kept && {
      things: steps.flatMap((step) => step.kept?.(kept.progress) ?? []),
      time: inWords(kept.secondsLeft),
    },
    signedInAs: facts && {
      name: displayName(facts.account),
      username: facts.account.username,
      isWhoUsedIt: usedBy === facts.account.id,
    },
  })
}
