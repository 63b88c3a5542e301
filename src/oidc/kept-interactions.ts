import type { Context } from 'koa'
import { isSignInGood } from '../accounts/sign-in-stand.ts'
import { epochSeconds } from '../clock.ts'
import { findFacts } from '../efiling/facts.ts'
import { createOwnCookie } from '../http/own-cookie.ts'
import { sessionTime } from '../sessions/lifetimes.ts'
import type { Kept, Progress } from '../signin/interaction.ts'
import type { Database } from '../storage/db.ts'
import type { InteractionRow, InteractionRows } from './interaction-rows.ts'

export type KeptInteractions = {
  /** What is kept of an interaction that is over; undefined where it counts no more. */
  describe(row: InteractionRow): Promise<Kept | undefined>
  /** Tells the browser under which interaction its progress is kept. */
  note(ctx: Context, uid: string): void
  /** A new interaction of the browser, with the progress that is kept for it. */
  resume(ctx: Context, uid: string, row: InteractionRow): Promise<InteractionRow>
}

/** The identifier of an interaction, as the engine makes them. */
const pattern = /^[\w-]{21,64}$/

/**
 * Whoever passed the password and did not come to the end in time begins again at the court, and goes on
 * where they were (decision 0056). It counts as long as a session without use would have lasted, for
 * the browser that it was said in, and for a request that asks for nothing but somebody signed in.
 */
export function createKeptInteractions(deps: {
  db: Database
  rows: InteractionRows
  isHttps: boolean
}): KeptInteractions {
  const { db, rows, isHttps } = deps
  const cookie = createOwnCookie('kept', isHttps)

  const describe = async ({ progress, answeredAt = 0 }: InteractionRow) => {
    const login = progress?.login
    const facts = login && (await findFacts(db, login.accountId, [], undefined))
    if (!facts || !isSignInGood(facts.account, login.stand)) return undefined
    const at = epochSeconds()
    const { idleSeconds, isOver } = sessionTime(login.at, at, facts.isStaff)
    const secondsLeft = answeredAt + idleSeconds - at
    return isOver || secondsLeft <= 0 ? undefined : { progress, secondsLeft }
  }

  return {
    describe,

    note: (ctx, uid) => cookie.write(ctx, uid),

    async resume(ctx, uid, row) {
      const earlier = cookie.read(ctx)
      if (!earlier || !needsNobodyElse(row)) return row
      cookie.remove(ctx)
      if (!pattern.test(earlier)) return row
      const found = await rows.find(ctx, earlier)
      const old = !found.ok && found.reason === 'expired' ? found.kept : undefined
      const kept = old && (await describe(old))
      if (!kept) return row
      await rows.saveProgress(ctx, uid, row, progressFor(row, old, kept.progress))
      await rows.destroy(earlier)
      // Also where another request was faster.
      const now = await rows.find(ctx, uid)
      return now.ok ? now.value : row
    },
  }
}

/** Whether a session would have been enough, and nothing was said here yet. */
function needsNobodyElse({ progress, prompt }: InteractionRow): boolean {
  const { name, reasons } = prompt as { name: string; reasons: readonly string[] }
  return !progress && name === 'login' && reasons.length === 1 && reasons[0] === 'no_session'
}

/** Who it is counts at whatever client; what was said there, at the same one. A consent is given anew. */
function progressFor(row: InteractionRow, old: InteractionRow, progress: Progress): Progress {
  const { accountId, login, seen, redaction, isUpgrading } = progress
  const isSameClient = row.params?.['client_id'] === old.params?.['client_id']
  return {
    ...(accountId && { accountId }),
    ...(login && { login }),
    ...(isSameClient && seen && { seen }),
    ...(isSameClient && redaction && { redaction }),
    // Its notice was read, and is not shown again: without this it would be left out.
    ...(isSameClient && isUpgrading && { isUpgrading }),
  }
}
