import type { Context, Middleware } from 'koa'
import { errors } from 'oidc-provider'
import { findSignInStand, isSignInGood } from '../accounts/sign-in-stand.ts'
import { requestOf } from '../http/request-context.ts'
import type { AccountId } from '../ids.ts'
import { enginePaths, resumedUid, signInPath } from '../paths.ts'
import type { Login } from '../signin/interaction.ts'
import type { Database } from '../storage/db.ts'
import { type Ending, otherSession, resultOf, type SessionLike } from './interaction-end.ts'
import type { InteractionRows } from './interaction-rows.ts'
import { type InteractionVisit, notesOf, type RequestNotes } from './request-notes.ts'

// An interaction is one row: the engine's part of it, whose browser it belongs to, and what the person
// has done so far. Nothing of that has an effect before the browser comes to the interaction's end. There the
// engine is entered once, and one statement marks the interaction used, saves the session and records
// everything (see `session-store.ts`), so that it is used up with the session or not at all.

export type OpenInteractions = {
  /** Stands around the engine: its own two cookies per interaction are ours, one per browser. */
  middleware(): Middleware
  /** At the end of an interaction: the session it goes on with, the browser's own or a new one. */
  admit<Session extends SessionLike>(
    ctx: Context,
    uid: string,
    session: Session,
    newSession: () => Session,
  ): Promise<Session>
  /** The interaction that this request brings to its end, as long as its session is not saved. */
  ending(notes: RequestNotes): Ending | undefined
  /** The session is saved, and the interaction used with it; or somebody was faster. */
  settle(notes: RequestNotes, outcome: 'saved' | 'used', accountId?: string): void
}

export function createOpenInteractions(deps: {
  db: Database
  rows: InteractionRows
}): OpenInteractions {
  const { db, rows } = deps

  /** Most times the facts were read in this request, for the answer that ended the interaction. */
  async function isGood(ctx: Context, { accountId, stand }: Login): Promise<boolean> {
    const read = notesOf(ctx).facts.get(accountId)?.account
    const account = read ?? (await findSignInStand(db, accountId))
    return account !== undefined && isSignInGood(account, stand)
  }

  return {
    async admit(ctx, uid, session, newSession) {
      const found = await rows.find(ctx, uid)
      if (!found.ok) {
        notesOf(ctx).visit = {
          lost: found.reason,
          isKept: found.reason === 'expired' && found.kept !== undefined,
        }
        return session
      }
      const row = found.value
      const { login, hasGivenUp } = row.progress ?? {}
      if (login && !hasGivenUp && !(await isGood(ctx, login))) {
        // The page of the interaction says so, and asks for the password.
        notesOf(ctx).visit = { lost: 'ended' }
        return session
      }
      const isOther = login && session.accountId && session.accountId !== login.accountId
      const current = isOther ? newSession() : session
      notesOf(ctx).visit = {
        ending: {
          uid,
          row,
          result: resultOf(row, current),
          other: isOther ? otherSession(session) : undefined,
        },
      }
      return current
    },

    ending({ visit }) {
      // Whoever gives up leaves the session as it was.
      const isOver = visit?.isSaved || visit?.ending?.row.progress?.hasGivenUp
      return isOver ? undefined : visit?.ending
    },

    settle({ visit }, outcome, accountId) {
      if (!visit) return
      if (outcome === 'used') visit.lost = 'used'
      else {
        visit.isSaved = true
        visit.usedBy = accountId as AccountId | undefined
      }
    },

    middleware() {
      return async (ctx, next) => {
        const resumed = resumedUid(ctx.path)
        if (ctx.path !== enginePaths.authorization && resumed === undefined) return next()
        const notes = notesOf(ctx)
        ctx.cookies = cookiesFor(ctx, () => notes.visit?.ending?.uid)
        try {
          await next()
        } catch (error) {
          if (notes.visit?.lost === undefined) {
            withdraw(ctx)
            throw error
          }
        }
        const { visit } = notes
        if (!visit) {
          if (isFault(ctx)) withdraw(ctx)
          return
        }
        if (visit.lost) {
          withdraw(ctx)
          // A page says which of the causes it was, and who is signed in by now. What is no interaction
          // of ours may be anything that was put there by mistake, and is not sent on.
          const isKnown = visit.lost !== 'expired' || visit.isKept
          const uid = (isKnown && resumed) || 'expired'
          ctx.redirect(signInPath(uid, ctx.query['client']))
          ctx.status = 303
          return
        }
        if (isFault(ctx)) withdraw(ctx)
        else if (visit.ending) await keepUsed(visit.ending, visit)
      }
    },
  }

  /**
   * For the page that tells of it. Where a session was saved, PostgreSQL knows that the interaction is
   * used, whatever becomes of this row.
   */
  async function keepUsed(
    { uid, row }: Ending,
    { isSaved, usedBy }: InteractionVisit,
  ): Promise<void> {
    try {
      await rows.markUsed(uid, row, usedBy)
    } catch (error) {
      if (!isSaved) throw error
    }
  }
}

/** The engine's two cookies per interaction are not set, and asked for they are the browser's own. */
function cookiesFor(ctx: Context, admitted: () => string | undefined): Context['cookies'] {
  const { cookies } = ctx
  const isEngines = (name: string) =>
    name === engineCookies.interaction || name === engineCookies.resume
  return new Proxy(cookies, {
    get(target, key) {
      if (key === 'get') {
        return (...asked: Parameters<typeof target.get>) =>
          isEngines(asked[0]) ? admitted() : target.get(...asked)
      }
      if (key === 'set') {
        return (...given: Parameters<typeof target.set>) =>
          isEngines(given[0]) ? cookies : target.set(...given)
      }
      return Reflect.get(target, key)
    },
  })
}

/** Names that the engine insists on for cookies which are never set. */
export const engineCookies = { interaction: 'engine-interaction', resume: 'engine-resume' } as const

function isFault(ctx: Context): boolean {
  return requestOf(ctx).fault !== undefined || ctx.status >= 500
}

/** Nothing of what this request was about to hand out is handed out. */
function withdraw(ctx: Context): void {
  ctx.remove('Set-Cookie')
  ctx.remove('Location')
}

/** A second one at the same moment; for the engine the interaction is gone. */
export function usedError(): Error {
  return new errors.SessionNotFound('the interaction was used already')
}
