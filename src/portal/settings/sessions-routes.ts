import Router from '@koa/router'
import { z } from 'zod'
import { endOtherSignIns } from '../../accounts/end-sign-ins.ts'
import { byAccount } from '../../audit/by.ts'
import { portalClientId } from '../../clients/client.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import type { FormOf } from '../../http/form-kit.ts'
import { requestOrigin } from '../../http/request-context.ts'
import type { ClientId } from '../../ids.ts'
import { paths } from '../../paths.ts'
import { endSession } from '../../sessions/end-session.ts'
import { listSessions } from '../../sessions/list-sessions.ts'
import { findLiveSession } from '../../sessions/session-store.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { sessionsContent } from './sessions-page.ts'

export type SessionsRouteDeps = {
  readonly db: Database
  readonly portal: PortalGate
  readonly directory: ClientDirectory
  /** The stored form of an identifier that the authorization server knows. */
  storedId(id: string): string
}

const page = paths.accountSessions

/** Ends one session; which one is in the form. Taking power away needs no sign-in of a moment ago. */
const ending = {
  name: 'end-session',
  page,
  schema: z.object({ session: z.string().default('') }),
  keeps: [],
} satisfies FormOf<z.ZodType>

const endingOthers = {
  name: 'end-other-sessions',
  page,
  schema: z.object({}),
  keeps: [],
} satisfies FormOf<z.ZodType>

/** *Sessions and devices*: where the account is signed in, and the way to end it. */
export function sessionsRoutes(deps: SessionsRouteDeps): Router {
  const { db, portal } = deps
  const router = new Router()

  router.get(
    page,
    portal.page((visit) => show(deps, visit)),
  )

  router.post(
    paths.accountSessionEnd,
    portal.form(ending, async ({ ctx, account }, posted) => {
      const uid = posted.ok ? posted.value.session : ''
      const by = byAccount(account.id, requestOrigin(ctx))
      await inTransaction(db, async (tx) => {
        // Only one's own: anybody can write a form.
        const session = await findLiveSession(tx, uid)
        if (session?.accountId === account.id) await endSession(tx, deps, { uid }, by)
      })
      return { to: page }
    }),
  )

  router.post(
    paths.accountSessionsEndOthers,
    portal.form(endingOthers, async ({ ctx, account, isStaff, session }) => {
      await session.renew(isStaff)
      const by = byAccount(account.id, requestOrigin(ctx))
      const kept = { id: account.id, kept: session.uid }
      await inTransaction(db, (tx) => endOtherSignIns(tx, deps, kept, by))
      return { to: page }
    }),
  )

  return router
}

async function show(deps: SessionsRouteDeps, visit: PortalVisit): Promise<PortalAnswer> {
  const sessions = await listSessions(deps.db, visit.account.id)
  const nameOf = async (id: ClientId) => (await deps.directory.find(id))?.name ?? id
  const described = await Promise.all(
    sessions.map(async ({ uid, signedInAt, clientIds, device }) => ({
      uid,
      isCurrent: uid === visit.session.uid,
      browser: device?.browser ?? 'An unknown browser',
      network: device?.network,
      signedInAt,
      names: await Promise.all(clientIds.filter((id) => id !== portalClientId).map(nameOf)),
    })),
  )
  return sessionsContent({
    sessions: described.toSorted((one, other) => Number(other.isCurrent) - Number(one.isCurrent)),
    end: { action: paths.accountSessionEnd, csrf: visit.tokenFor(ending) },
    endOthers: { action: paths.accountSessionsEndOthers, csrf: visit.tokenFor(endingOthers) },
  })
}
