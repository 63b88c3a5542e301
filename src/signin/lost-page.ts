import type { Context } from 'koa'
import { displayName } from '../accounts/account.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { wayBackTo } from '../clients/way-back.ts'
import { findFacts } from '../efiling/facts.ts'
import { requestOf } from '../http/request-context.ts'
import type { AccountId } from '../ids.ts'
import type { Database } from '../storage/db.ts'
import type { Interactions, Kept, LostCause } from './interaction.ts'
import { expiredPage } from './pages.ts'
import { steps } from './steps/table.ts'
import { inWords } from './time-in-words.ts'

/** What is true for a browser whose page of an interaction cannot be shown. */
export async function lostPage(
  deps: { db: Database; directory: ClientDirectory; interactions: Interactions },
  ctx: Context,
  lost: { reason: LostCause; usedBy?: AccountId | undefined; kept?: Kept | undefined },
): Promise<string> {
  const clientId = ctx.query['client']
  const client = typeof clientId === 'string' ? await deps.directory.find(clientId) : undefined
  const session = await deps.interactions.findSession(ctx)
  const facts = session && (await findFacts(deps.db, session.accountId, [], undefined))
  return expiredPage({
    nonce: requestOf(ctx).nonce,
    cause: lost.reason,
    askedBy: wayBackTo(client),
    kept: lost.kept && {
      things: steps.flatMap((step) => step.kept?.(lost.kept!.progress) ?? []),
      time: inWords(lost.kept.secondsLeft),
    },
    signedInAs: facts && {
      name: displayName(facts.account),
      username: facts.account.username,
      isWhoUsedIt: lost.usedBy === facts.account.id,
    },
  })
}
