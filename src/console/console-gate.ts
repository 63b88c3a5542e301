import type { KeyObject } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import type { z } from 'zod'
import { type AccountFacts, displayName } from '../accounts/account.ts'
import { type By, byAccount } from '../audit/by.ts'
import { findFacts } from '../efiling/facts.ts'
import { csrfToken } from '../http/csrf.ts'
import { type FormOf, type Posted, respond, seeOther } from '../http/form-kit.ts'
import type { Freshness, OwnSessionGate } from '../http/own-session.ts'
import { requestOf, requestOrigin } from '../http/request-context.ts'
import { signOutFormOf } from '../http/sign-out-form.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import { mayGoOn } from '../signin/may-go-on.ts'
import { forStaff } from '../staff/gate.ts'
import type { StaffRole } from '../staff/role.ts'
import { listRolesInForce } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import { entriesFor } from './entries.ts'
import { type ConsoleContent, consolePage } from './frame.ts'

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
  readonly csrfKey: KeyObject
  readonly gate: OwnSessionGate<OwnSession>
}): ConsoleGate {
  const { db, csrfKey, gate } = deps

  const visitOf = async (ctx: Context, session: OwnSession): Promise<ConsoleVisit | undefined> => {
    const [facts, roles] = await Promise.all([
      findFacts(db, session.accountId, [], session.uid),
      listRolesInForce(db, session.accountId),
    ])
    if (!facts) throw new Error('the account of a session is gone')
    if (!mayGoOn(ctx, facts.account)) return undefined
    return {
      ctx,
      account: facts.account,
      roles,
      by: byAccount(session.accountId, requestOrigin(ctx)),
      tokenFor: ({ name }) => csrfToken(csrfKey, session.uid, name),
    }
  }

  const answer = async (
    { ctx, account, roles }: ConsoleVisit,
    session: OwnSession,
    { status = 200, ...content }: ConsoleAnswer,
  ) => {
    const { idleSeconds, endsAt } = await session.use(true)
    const page = consolePage({
      ...content,
      nonce: requestOf(ctx).nonce,
      path: ctx.path,
      entries: entriesFor(roles),
      signedInAs: {
        name: displayName(account),
        username: account.username,
        ...signOutFormOf(csrfKey, session.uid),
      },
      session: { idleMinutes: idleSeconds / 60, endsAt },
    })
    respond(ctx, status, page)
  }

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
          const visit = await visitOf(ctx, session)
          if (visit) await answer(visit, session, await show(visit))
        }),
        options,
      ),
    form: (roles, form, take, options) =>
      gate.form(
        form,
        guarded(roles, async (ctx, session, posted: Parameters<typeof take>[1]) => {
          const visit = await visitOf(ctx, session)
          if (!visit) return
          const after = await take(visit, posted)
          if ('to' in after) seeOther(ctx, after.to)
          else await answer(visit, session, after)
        }),
        options,
      ),
  }
}
