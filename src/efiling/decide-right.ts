import { lockAccount } from '../accounts/store.ts'
import { findHolder, tellHolder } from '../accounts/tell-holder.ts'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now } from '../clock.ts'
import { findCourt } from '../courts/store.ts'
import type { AccountId, CourtId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { listRolesInForce } from '../staff/store.ts'
import type { Transaction } from '../storage/db.ts'
import { applyDecision, type DecidingRefusal, type Decision, inForceAt } from './apply-decision.ts'
import { rightDecided } from './events.ts'
import { findLinkOf } from './linking/link-store.ts'
import { type DecisionKind, isLinkKind, transitionOf } from './right-machine.ts'
import { rightDecidedFacts, rightDecidedMail } from './right-mails.ts'
import { insertDecision, lockRight } from './right-store.ts'

export type RightRefusal =
  | DecidingRefusal
  /** Nobody decides about himself, except that a holder gives up. */
  | { readonly reason: 'not-own' }
  /** Who decides is neither clerk nor manager of this court (any more), or not its holder. */
  | { readonly reason: 'not-yours' }
  | { readonly reason: 'unknown-account' }
  | { readonly reason: 'unknown-court' }
  /** Somebody else has that CM/ECF account at this court. */
  | { readonly reason: 'filer-taken' }
  /** The CM/ECF account came with a link, and goes when that is undone or corrected. */
  | { readonly reason: 'is-linked' }

/**
 * Decides about one person's right at one court: the only way in which it changes, but for what an
 * operator's file says (`sync-standing.ts`). The transition is looked up in the machine, one row is added,
 * with its audit event, and the holder is written to. Of many at once one is first, and the others decide on
 * what that one left.
 * @param by an account: of a clerk or manager who holds the role now, or of the holder.
 * @returns the version of the decision. A refusal leaves nothing written.
 */
export async function decideRight(
  tx: Transaction,
  about: {
    readonly accountId: AccountId
    readonly courtId: CourtId
    readonly decision: Decision
    readonly by: By
  },
): Promise<Outcome<{ readonly version: number }, RightRefusal>> {
  const { accountId, courtId, decision, by } = about
  const holder = await lockAccount(tx, accountId)
  if (!holder) return refused('unknown-account')
  const court = await findCourt(tx, courtId)
  if (!court) return refused('unknown-court')
  const decider = await findDecider(tx, about)
  if (!decider.ok) return decider

  const at = now()
  const history = await lockRight(tx, accountId, courtId, at)
  const isHolder = decider.value === accountId
  const decided = applyDecision(decision, { history, holder, court, at, isHolder })
  if (!decided.ok) return decided
  const next = decided.value
  const { kind, reason = null, message = null } = decision
  const filerId = inForceAt(history, at)?.filerId ?? null
  const losesFiler = filerId !== null && next.filerId !== filerId && !isLinkKind(kind)
  if (losesFiler && (await findLinkOf(tx, accountId, courtId))) return refused('is-linked')
  const written = await insertDecision(tx, {
    ...next,
    accountId,
    courtId,
    kind,
    reason,
    message,
    decidedBy: decider.value,
    decidedAt: at,
  })
  if (!written.ok) return refused(written.reason)
  await recordEvent(tx, rightDecided({ accountId, courtId, decision, next, by }))
  // Whoever reads the mails of somebody who has died is not written to.
  if (!isLinkKind(kind) && reason !== 'died') {
    const facts = rightDecidedFacts({ ...decision, kind }, next, court)
    await tellHolder(tx, await findHolder(tx, accountId), rightDecidedMail, facts)
  }
  return ok({ version: next.version })
}

/** The account of who decides, if it may; null for who reads the mail of an account of the old system. */
async function findDecider(
  tx: Transaction,
  about: {
    readonly accountId: AccountId
    readonly courtId: CourtId
    readonly decision: { readonly kind: DecisionKind }
    readonly by: By
  },
): Promise<
  Outcome<AccountId | null, { readonly reason: 'not-own' } | { readonly reason: 'not-yours' }>
> {
  const { actor } = about.by
  // Whoever reads the mail of the old account has no account here that is known.
  if (about.decision.kind === 'contest' && actor.kind === 'system') return ok(null)
  if (actor.kind !== 'account') return refused('not-yours')
  const { who } = transitionOf(about.decision.kind)
  const isHolder = actor.id === about.accountId
  if (isHolder) return who.includes('holder') ? ok(actor.id) : refused('not-own')
  const roles = await listRolesInForce(tx, actor.id)
  const isOfCourt = roles.some(({ role, courtId }) => {
    return courtId === about.courtId && (who as readonly string[]).includes(role)
  })
  return isOfCourt ? ok(actor.id) : refused('not-yours')
}
