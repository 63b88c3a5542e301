import type { Context, Middleware } from 'koa'
import type { z } from 'zod'
import type { AccountFacts } from '../accounts/account.ts'
import type { By } from '../audit/by.ts'
import type { FormOf, Posted } from '../http/form-kit.ts'
import type { Freshness, OwnSessionGate } from '../http/own-session.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import { forStaff } from '../staff/gate.ts'
import type { StaffRole } from '../staff/role.ts'
import { listRolesInForce } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import type { ConsoleContent } from './frame.ts'
import type { ConsoleVisits } from './visits.ts'

/** One request to a page under `/staff`, of somebody whose role opens it. */
export type ConsoleVisit = {
  readonly ctx: Context
  readonly account: AccountFacts
  readonly roles: readonly StaffRole[]
  /** Who acts, for the audit. */
  readonly by: By
  /** The hidden token of a form on this page. */
  tokenFor(form: { readonly name: string }): string
}

/** A page, with its status where that is not 200. */
export type ConsoleAnswer = ConsoleContent & { readonly status?: number | undefined }

/** What comes of a form: a page, or where the browser is sent on to with a GET. */
export type AfterStaffForm = ConsoleAnswer | { readonly to: string }

/** Whom a page opens to: one of these roles, or whoever holds any. */
export type NeededRoles = readonly StaffRole['role'][] | 'any'

/** What stands before every page under `/staff`, and puts it into the frame. */
export type ConsoleGate = {
  page(
    roles: NeededRoles,
    show: (visit: ConsoleVisit) => ConsoleAnswer | Promise<ConsoleAnswer>,
    options?: Freshness,
  ): Middleware
  form<Schema extends z.ZodType>(
    roles: NeededRoles,
    form: FormOf<Schema>,
    take: (
      visit: ConsoleVisit,
      posted: Posted<z.output<Schema>>,
    ) => AfterStaffForm | Promise<AfterStaffForm>,
    options?: Freshness,
  ): Middleware
}

export function createConsoleGate(deps: {
  readonly db: Database
  readonly gate: OwnSessionGate<OwnSession>
  readonly visits: ConsoleVisits
}): ConsoleGate {
  const { db, gate, visits } = deps

  const guarded = <Rest extends readonly unknown[]>(
    roles: NeededRoles,
    show: (ctx: Context, session: OwnSession, ...rest: Rest) => unknown,
  ) =>
    forStaff<OwnSession, Rest>(
      (accountId) => listRolesInForce(db, accountId),
      () => (roles === 'any' ? undefined : { roles, courtId: undefined }),
      (ctx, session, _role, ...rest) => show(ctx, session, ...rest),
    )

  return {
    page: (roles, show, options) =>
      gate.page(
        guarded<[]>(roles, async (ctx, session) => {
          const visit = await visits.visitOf(ctx, session)
          if (visit) await visits.answer(visit, session, await show(visit))
        }),
        options,
      ),
    form: (roles, form, take, options) =>
      gate.form(
        form,
        guarded(roles, async (ctx, session, posted: Parameters<typeof take>[1]) => {
          const visit = await visits.visitOf(ctx, session)
          if (visit) await visits.answer(visit, session, await take(visit, posted))
        }),
        options,
      ),
  }
}
