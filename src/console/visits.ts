import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import { displayName } from '../accounts/account.ts'
import { byAccount } from '../audit/by.ts'
import { findFacts } from '../efiling/facts.ts'
import { csrfToken } from '../http/csrf.ts'
import { respond, seeOther } from '../http/form-kit.ts'
import { requestOf, requestOrigin } from '../http/request-context.ts'
import { type FileToKeep, sendDocument } from '../http/send-document.ts'
import { signOutFormOf } from '../http/sign-out-form.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import { mayGoOn } from '../signin/may-go-on.ts'
import { listRolesInForce } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import type { AfterStaffForm, ConsoleVisit } from './console-gate.ts'
import { entriesFor } from './entries.ts'
import { consolePage } from './frame.ts'

/** What comes of a page or a form; a file is somebody else's, for staff to keep. */
export type AfterStaffPage = AfterStaffForm | FileToKeep

export type ConsoleVisits = {
  /** Who comes, with the roles of the moment; undefined where this person is not to go on, and was told. */
  visitOf(ctx: Context, session: OwnSession): Promise<ConsoleVisit | undefined>
  /** Puts what came of it into the frame, sends the browser on, or gives it a file to keep. */
  answer(visit: ConsoleVisit, session: OwnSession, after: AfterStaffPage): Promise<void>
}

/** What every page under `/staff` begins and ends with, whichever gate stands before it. */
export function createConsoleVisits(deps: {
  readonly db: Database
  readonly csrfKey: KeyObject
}): ConsoleVisits {
  const { db, csrfKey } = deps
  return {
    async visitOf(ctx, session) {
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
    },

    async answer({ ctx, account, roles }, session, after) {
      if ('to' in after) return seeOther(ctx, after.to)
      if ('bytes' in after) return sendDocument(ctx, after)
      const { status = 200, ...content } = after
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
    },
  }
}
