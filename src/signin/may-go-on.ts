import type { Context } from 'koa'
import type { AccountFacts } from '../accounts/account.ts'
import { type AccountState, barringState } from '../accounts/account-state.ts'
import { stateWords } from '../accounts/state-words.ts'
import { errorPage } from '../http/error-page.ts'
import { respond, seeOther } from '../http/form-kit.ts'
import { referenceOf, requestOf } from '../http/request-context.ts'
import { paths } from '../paths.ts'

/**
 * Whether somebody who is signed in may use our own pages, those for staff among them: nobody whose account
 * is closed or disabled, and nobody past a new password that is due. A sign-in asks for that, and a session
 * that was there before is led to the same.
 * @returns false where the answer is given: the state in words, or the way to the new password.
 */
export function mayGoOn(
  ctx: Context,
  account: Pick<AccountFacts, 'state' | 'mustChangePassword'>,
): boolean {
  const barring = barringState(account)
  if (barring) renderBarred(ctx, barring)
  else if (account.mustChangePassword && ctx.path !== paths.changePassword) {
    seeOther(ctx, paths.changePassword)
  } else return true
  return false
}

/** The session is this person's, so the state may be told. */
export function renderBarred(ctx: Context, state: AccountState): undefined {
  const { headline, meaning, help } = stateWords({ state, held: null })
  const page = errorPage({
    nonce: requestOf(ctx).nonce,
    reference: referenceOf(requestOf(ctx)),
    status: 403,
    heading: headline,
    explanation: meaning,
    whatToDo: [`${help}.`],
  })
  return respond(ctx, 403, page)
}
