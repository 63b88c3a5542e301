import type { Context } from 'koa'
import { errorPage } from '../http/error-page.ts'
import { respond } from '../http/form-kit.ts'
import { referenceOf, requestOf } from '../http/request-context.ts'
import type { AccountId } from '../ids.ts'
import { paths } from '../paths.ts'
import { findRoleFor, type NeededRole, type StaffRole } from './role.ts'

/**
 * Lets staff through, and tells everybody else in words; it stands behind the gate of our own pages,
 * which knows who is signed in. It records nothing: what staff does is recorded where it is done.
 * @param listRoles the roles in force at this moment, asked at every request.
 * @param needed what the page asks for, given its request; undefined where any role opens it.
 * @param show the page or the form, with the role that opened it.
 */
export function forStaff<
  Session extends { readonly accountId: AccountId },
  Rest extends readonly unknown[],
>(
  listRoles: (accountId: AccountId) => Promise<readonly StaffRole[]>,
  needed: (ctx: Context) => NeededRole | undefined,
  show: (ctx: Context, session: Session, role: StaffRole, ...rest: Rest) => unknown,
) {
  return async (ctx: Context, session: Session, ...rest: Rest): Promise<unknown> => {
    const held = await listRoles(session.accountId)
    const asked = needed(ctx)
    const role = asked ? findRoleFor(held, asked) : held[0]
    return role ? show(ctx, session, role, ...rest) : respond(ctx, 403, notStaffPage(ctx))
  }
}

function notStaffPage(ctx: Context): string {
  return errorPage({
    nonce: requestOf(ctx).nonce,
    reference: referenceOf(requestOf(ctx)),
    status: 403,
    heading: 'This page is for court staff',
    explanation:
      'You are signed in, but your account does not have the role that this page needs, or has it at another court.',
    whatToDo: [
      'If you need the page for your work, ask the head of your office to have the role given to your account.',
      'Your own account, and what courts decided about you, is on your account page.',
    ],
    action: { id: 'own-account', url: paths.account, label: 'Open your account' },
  })
}
