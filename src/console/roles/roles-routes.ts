import Router from '@koa/router'
import { listCourts } from '../../courts/store.ts'
import type { CourtId } from '../../ids.ts'
import { paths } from '../../paths.ts'
import { listStaffOf } from '../../staff/listed-staff-store.ts'
import { listEndedProposals, listWaitingProposals } from '../../staff/role-proposal-store.ts'
import type { Database } from '../../storage/db.ts'
import type { ConsoleAnswer, ConsoleGate, ConsoleVisit } from '../console-gate.ts'
import { roleReaders } from '../entries.ts'
import { type CourtChoice, rolesContent } from './roles-page.ts'

export type RoleRouteDeps = { readonly db: Database; readonly console: ConsoleGate }

const perPage = 50

/** `/staff/roles`: who has which role, for registrars and auditors. */
export function rolesRoutes(deps: RoleRouteDeps): Router {
  const router = new Router()
  router.get(
    paths.staffRoles,
    deps.console.page(roleReaders, (visit) => list(deps.db, visit)),
  )
  return router
}

async function list(db: Database, { ctx, account, roles }: ConsoleVisit): Promise<ConsoleAnswer> {
  const courts = await listCourtChoices(db)
  const court = courts.find(([id]) => id === ctx.query['court'])
  const asked = ctx.query['after']
  const after = typeof asked === 'string' && /^\d{1,18}$/.test(asked) ? asked : '0'
  const [waiting, ended, rows] = await Promise.all([
    listWaitingProposals(db),
    listEndedProposals(db),
    listStaffOf(db, (court?.[0] ?? null) as CourtId | null, { after, limit: perPage + 1 }),
  ])
  const staff = rows.slice(0, perPage)
  return rolesContent({
    readerId: account.id,
    isRegistrar: roles.some(({ role }) => role === 'registrar'),
    waiting,
    ended,
    courts,
    court,
    staff,
    after: rows.length > perPage ? staff.at(-1)?.id : undefined,
    isLater: after !== '0',
  })
}

/** Every court, by its name. */
export async function listCourtChoices(db: Database): Promise<CourtChoice[]> {
  const courts = await listCourts(db)
  return courts
    .map(({ id, name }): CourtChoice => [id, name])
    .sort(([, one], [, other]) => one.localeCompare(other))
}
