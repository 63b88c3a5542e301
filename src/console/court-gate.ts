import type { Context, Middleware } from 'koa'
import type { z } from 'zod'
import type { Court } from '../courts/court.ts'
import { findCourt } from '../courts/store.ts'
import { errorPage } from '../http/error-page.ts'
import { type FormOf, type Posted, respond } from '../http/form-kit.ts'
import type { Freshness, OwnSessionGate } from '../http/own-session.ts'
import { referenceOf, requestOf } from '../http/request-context.ts'
import type { FileToKeep } from '../http/send-document.ts'
import type { PostedFile, UploadForm } from '../http/upload-form.ts'
import { type CourtId, isCourtId } from '../ids.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import type { CourtRole, StaffRole } from '../staff/role.ts'
import { listRolesInForce } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer, ConsoleVisit } from './console-gate.ts'
import { staffCourtPath } from './court/court-paths.ts'
import type { AfterStaffPage, ConsoleVisits } from './visits.ts'

/** The parameters of a path under `/staff/courts/:court`. */
export type CourtParams = { readonly court: CourtId } & Readonly<Record<string, string>>

/** One request to a page of a court, of somebody who works there. */
export type CourtVisit = ConsoleVisit & {
  readonly court: Court
  /** What this person is at this court. */
  readonly courtRoles: readonly CourtRole[]
  readonly params: CourtParams
}

/** A page of a court, or a file that was sent to it. */
export type ShownToCourt = ConsoleAnswer | FileToKeep

/**
 * What stands before every page under `/staff/courts/:court`. For whoever holds no role at that court the
 * path is none of ours: 404, the same page as for a court that is not there, before anything of the
 * court is read and before a form is looked at. Whoever works there in another role is told so. A manager may do all
 * that a clerk may.
 */
export type CourtGate = {
  page(
    roles: readonly CourtRole[],
    show: (visit: CourtVisit) => ShownToCourt | Promise<ShownToCourt>,
    options?: Freshness,
  ): Middleware
  /** @param form the form of a path: of its court, and of what else the path names. */
  form<Schema extends z.ZodType>(
    roles: readonly CourtRole[],
    form: (params: CourtParams) => FormOf<Schema>,
    take: (
      visit: CourtVisit,
      posted: Posted<z.output<Schema>>,
    ) => AfterStaffForm | Promise<AfterStaffForm>,
    options?: Freshness,
  ): Middleware
  /** A form with a file. */
  upload(
    roles: readonly CourtRole[],
    form: (params: CourtParams) => UploadForm,
    take: (visit: CourtVisit, posted: PostedFile) => AfterStaffForm | Promise<AfterStaffForm>,
    options?: Freshness,
  ): Middleware
}

export function createCourtGate(deps: {
  readonly db: Database
  readonly gate: OwnSessionGate<OwnSession>
  readonly visits: ConsoleVisits
  findSession(ctx: Context): Promise<OwnSession | undefined>
}): CourtGate {
  const { db, gate, visits, findSession } = deps

  /** What the person is at the court of the path; nothing where the path names none. */
  const rolesThere = async (ctx: Context, { accountId }: OwnSession): Promise<CourtRole[]> => {
    const { court } = paramsOf(ctx)
    return isCourtId(court) ? rolesAt(await listRolesInForce(db, accountId), court) : []
  }

  const guarded =
    <Rest extends readonly unknown[]>(
      roles: readonly CourtRole[],
      next: () => unknown,
      show: (visit: CourtVisit, ...rest: Rest) => AfterStaffPage | Promise<AfterStaffPage>,
    ) =>
    async (ctx: Context, session: OwnSession, ...rest: Rest): Promise<unknown> => {
      const params = paramsOf(ctx)
      if ((await rolesThere(ctx, session)).length === 0) return next()
      const visit = await visits.visitOf(ctx, session)
      if (!visit) return
      // The role may have gone with the account's state, which has been read again.
      const courtRoles = rolesAt(visit.roles, params.court)
      const court = courtRoles.length > 0 ? await findCourt(db, params.court) : undefined
      if (!court) return next()
      if (!courtRoles.some((role) => opens(role, roles))) return respond(ctx, 403, otherRole(ctx))
      const after = await show({ ...visit, court, courtRoles, params }, ...rest)
      await visits.answer(visit, session, after)
    }

  return {
    page: (roles, show, options) => (ctx, next) =>
      gate.page(guarded<[]>(roles, next, show), options)(ctx, next),

    form: (roles, form, take, options) => async (ctx, next) => {
      const session = await findSession(ctx)
      if (session && (await rolesThere(ctx, session)).length === 0) return next()
      const shown = guarded<[Parameters<typeof take>[1]]>(roles, next, take)
      return gate.form(form(paramsOf(ctx)), shown, options)(ctx, next)
    },

    upload: (roles, form, take, options) => async (ctx, next) => {
      const session = await findSession(ctx)
      if (session && (await rolesThere(ctx, session)).length === 0) return next()
      const shown = guarded<[PostedFile]>(roles, next, take)
      return gate.upload(form(paramsOf(ctx)), shown, options)(ctx, next)
    },
  }
}

function paramsOf(ctx: Context): CourtParams {
  return (ctx as Context & { params: CourtParams }).params
}

function rolesAt(held: readonly StaffRole[], courtId: CourtId): CourtRole[] {
  return held.flatMap((each) => (each.courtId === courtId ? [each.role] : []))
}

function opens(role: CourtRole, needed: readonly CourtRole[]): boolean {
  return needed.includes(role) || (role === 'court-manager' && needed.includes('clerk'))
}

/** For whoever works at this court, and not as what the page asks for. */
function otherRole(ctx: Context): string {
  return errorPage({
    nonce: requestOf(ctx).nonce,
    reference: referenceOf(requestOf(ctx)),
    status: 403,
    heading: 'This page is for the manager of this court',
    explanation: 'You work for this court, in a role that does not open this page.',
    whatToDo: ['Ask whoever manages these pages at your court to do it, or to give you the role.'],
    action: {
      id: 'court-home',
      url: staffCourtPath(paramsOf(ctx).court),
      label: 'Open the pages of this court',
    },
  })
}
