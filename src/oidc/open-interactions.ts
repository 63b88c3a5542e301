import type { KeyObject } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import Provider, {
  type Adapter,
  type AdapterPayload,
  errors,
  type InteractionResults,
} from 'oidc-provider'
import { epochSeconds } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { LostCause, Progress } from '../signin/interaction.ts'
import type { InteractionCookie } from './interaction-cookie.ts'
import { lifetimes } from './lifetimes.ts'
import { createSeal } from './stores/sealed-text.ts'
import type { ShortLivedStore } from './stores/short-lived.ts'

// An interaction is one row: the engine's part of it, whose browser it belongs to, and what the person
// has done so far. Nothing of that has an effect before the browser comes to the interaction's end. There the
// engine is entered once, and one statement marks the interaction used, saves the session and records
// everything (see `session-store.ts`), so that it is used up with the session or not at all.

/** What is stored of an interaction. */
export type InteractionRow = AdapterPayload & {
  /** The stored form of the browser's mark. */
  readonly browser?: string
  readonly progress?: Progress
  /** It came to its end; by whom, if somebody came in by it. */
  readonly isUsed?: true
  readonly usedBy?: AccountId | undefined
}

export type FoundRow =
  | { readonly ok: true; readonly value: InteractionRow }
  | { readonly ok: false; readonly reason: LostCause; readonly usedBy?: AccountId | undefined }

/** A session of somebody else in the same browser, which ends when this person's begins. */
export type OtherSession = {
  readonly uid: string
  readonly accountId: string
  readonly authorizations?: Readonly<Record<string, unknown>> | undefined
}

/** The end of one interaction, in one request. */
export type Ending = {
  readonly uid: string
  readonly row: InteractionRow
  readonly result: InteractionResults
  readonly other: OtherSession | undefined
}

/** What of the engine's session is read and made here. */
export type SessionLike = {
  readonly uid: string
  readonly accountId?: string | undefined
  readonly loginTs?: number | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  readonly authorizations?: Readonly<Record<string, unknown>> | undefined
}

export type OpenInteractions = {
  /** The engine's adapter for its interactions. */
  readonly adapter: Adapter
  /** Stands around the engine: its own two cookies per interaction are ours, one per browser. */
  middleware(options: {
    authorization: string
    pageOf(uid: string, clientId: unknown): string
  }): Middleware
  find(ctx: Context, uid: string): Promise<FoundRow>
  saveProgress(uid: string, row: InteractionRow, progress: Progress): Promise<void>
  /** At the end of an interaction: the session it goes on with, the browser's own or a new one. */
  admit<Session extends SessionLike>(
    ctx: Context,
    uid: string,
    session: Session,
    newSession: () => Session,
  ): Promise<Session>
  /** The interaction that this request brings to its end, as long as its session is not saved. */
  ending(ctx: object): Ending | undefined
  /** The session is saved, and the interaction used with it; or somebody was faster. */
  settle(ctx: object, outcome: 'saved' | 'used', accountId?: string): void
}

type Visit = {
  readonly ending?: Ending
  lost?: LostCause
  isSaved?: boolean
  usedBy?: AccountId | undefined
}

const model = 'Interaction'

export function createOpenInteractions(deps: {
  shortLived: ShortLivedStore
  storedId(id: string): string
  cookie: InteractionCookie
  /** Seals what would be a credential in clear. */
  identifierKey: KeyObject
}): OpenInteractions {
  const { shortLived, storedId, cookie } = deps
  const requestUris = createSeal(deps.identifierKey, 'request_uri')
  const visits = new WeakMap<object, Visit>()

  const find = async (ctx: Context, uid: string): Promise<FoundRow> => {
    const row = (await shortLived.find(model, storedId(uid))) as InteractionRow | undefined
    if (!row?.exp || row.exp <= epochSeconds()) return { ok: false, reason: 'expired' }
    const browser = cookie.read(ctx)
    if (!browser) return { ok: false, reason: 'no-cookie' }
    if (storedId(browser) !== row.browser) return { ok: false, reason: 'other-browser' }
    if (row.isUsed) return { ok: false, reason: 'used', usedBy: row.usedBy }
    return { ok: true, value: row }
  }

  const secondsLeft = (row: InteractionRow) => Math.max(1, (row.exp ?? 0) - epochSeconds())

  const opened = (id: string, row: AdapterPayload | undefined) =>
    row &&
    withId(
      id,
      convertRequestUri(row, (uri) => requestUris.open(uri, storedId(id))),
    )

  const adapter: Adapter = {
    async upsert(id, payload, expiresIn) {
      const { ctx } = Provider
      const row: InteractionRow = {
        ...convertRequestUri(withoutId(payload), (uri) => requestUris.seal(uri, storedId(id))),
        ...(ctx && { browser: storedId(cookie.ensure(ctx as unknown as Context)) }),
      }
      await shortLived.upsert(model, storedId(id), row, expiresIn ?? lifetimes.interaction)
    },
    async find(id) {
      const ending = Provider.ctx && visits.get(Provider.ctx)?.ending
      if (ending?.uid === id) {
        // Whose session it is was decided when the session was looked up.
        const { session: _, ...row } = ending.row
        return opened(id, { ...row, result: ending.result })
      }
      return opened(id, await shortLived.find(model, storedId(id)))
    },
    async destroy(id) {
      // At its end the engine does so before the session is saved: it is used up with the session.
      if (Provider.ctx && visits.get(Provider.ctx)?.ending) return
      await shortLived.destroy(model, storedId(id))
    },
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    consume: async () => undefined,
    revokeByGrantId: async () => undefined,
  }

  return {
    adapter,
    find,

    async saveProgress(uid, row, progress) {
      const at = epochSeconds()
      const longest = (row.iat ?? at) + lifetimes.interactionAbsolute
      const exp = Math.max(row.exp ?? at, Math.min(at + lifetimes.interaction, longest))
      const next = { ...row, exp, progress }
      await shortLived.upsert(model, storedId(uid), next, Math.max(1, exp - at))
    },

    async admit(ctx, uid, session, newSession) {
      const found = await find(ctx, uid)
      if (!found.ok) {
        visits.set(ctx, { lost: found.reason })
        return session
      }
      const row = found.value
      const { login } = row.progress ?? {}
      const isOther = login && session.accountId && session.accountId !== login.accountId
      const current = isOther ? newSession() : session
      visits.set(ctx, {
        ending: {
          uid,
          row,
          result: resultOf(row, current),
          other: isOther ? otherSession(session) : undefined,
        },
      })
      return current
    },

    ending(ctx) {
      const visit = visits.get(ctx)
      // Whoever gives up leaves the session as it was.
      const isOver = visit?.isSaved || visit?.ending?.row.progress?.hasGivenUp
      return isOver ? undefined : visit?.ending
    },

    settle(ctx, outcome, accountId) {
      const visit = visits.get(ctx)
      if (!visit) return
      if (outcome === 'used') visit.lost = 'used'
      else {
        visit.isSaved = true
        visit.usedBy = accountId as AccountId | undefined
      }
    },

    middleware({ authorization, pageOf }) {
      return async (ctx, next) => {
        const isEnd = ctx.path.startsWith(`${authorization}/`)
        if (ctx.path !== authorization && !isEnd) return next()
        ctx.cookies = cookiesFor(ctx, () => visits.get(ctx)?.ending?.uid)
        try {
          await next()
        } catch (error) {
          if (visits.get(ctx)?.lost === undefined) {
            withdraw(ctx)
            throw error
          }
        }
        const visit = visits.get(ctx)
        if (!visit) {
          if (isFault(ctx)) withdraw(ctx)
          return
        }
        if (visit.lost) {
          withdraw(ctx)
          // A page says which of the causes it was, and who is signed in by now. What is no interaction
          // of ours may be anything that was put there by mistake, and is not sent on.
          const isKnown = visit.lost !== 'expired'
          const uid = isKnown ? ctx.path.slice(authorization.length + 1) : 'expired'
          ctx.redirect(pageOf(uid, ctx.query['client']))
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
  async function keepUsed({ uid, row }: Ending, { isSaved, usedBy }: Visit): Promise<void> {
    const { browser, iat, exp, kind } = row
    const used = { browser, iat, exp, kind, isUsed: true, usedBy }
    try {
      await shortLived.upsert(model, storedId(uid), used as never, secondsLeft(row))
    } catch (error) {
      if (!isSaved) throw error
    }
  }
}

function otherSession({ uid, accountId, authorizations }: SessionLike): OtherSession {
  return { uid, accountId: accountId ?? '', authorizations }
}

/** What the engine is told at the end: the person's progress, if it is this person's. */
function resultOf(row: InteractionRow, session: SessionLike): InteractionResults {
  const progress = row.progress ?? {}
  if (progress.hasGivenUp) {
    return {
      error: 'access_denied',
      error_description: 'the person went back without signing in',
    }
  }
  const { login } = progress
  const accountId = login?.accountId ?? session.accountId
  const began = row.session as { uid?: string } | undefined
  const isSameSession = began?.uid === undefined || began.uid === session.uid
  const earlier = isSameSession ? (row['lastSubmission'] as InteractionResults | undefined) : {}
  const isTheirs = progress.accountId === undefined || progress.accountId === accountId
  if (!isTheirs) return {}
  return {
    ...earlier,
    // What was proved before this interaction is in the session.
    ...(earlier?.login && session.accountId && { login: restated(session) }),
    ...(progress.choice && { select_account: {} }),
    ...(login && {
      select_account: {},
      login: {
        accountId: login.accountId,
        acr: login.acr,
        amr: [...login.amr],
        ts: login.at,
        remember: false,
      },
    }),
    ...((progress.seen || progress.redaction) && {
      notice: { seen: progress.seen ?? [], isRedactionAcknowledged: Boolean(progress.redaction) },
    }),
    ...(progress.hasConsented && { consent: {} }),
  }
}

function restated({ accountId, acr, amr, loginTs }: SessionLike) {
  return { accountId: accountId!, acr: acr!, amr: [...(amr ?? [])], ts: loginTs!, remember: false }
}

/** The engine's two cookies per interaction are not set, and asked for they are the browser's own. */
function cookiesFor(ctx: Context, admitted: () => string | undefined): Context['cookies'] {
  const { cookies } = ctx
  const isEngines = (name: string) =>
    name === engineCookies.interaction || name === engineCookies.resume
  return new Proxy(cookies, {
    get(target, key) {
      if (key === 'get') {
        return (name: string, options: object) =>
          isEngines(name) ? admitted() : target.get(name, options as never)
      }
      if (key === 'set') {
        return (name: string, value: string | null, options: object) =>
          isEngines(name) ? cookies : target.set(name, value, options as never)
      }
      return Reflect.get(target, key)
    },
  })
}

/** Names that the engine insists on for cookies which are never set. */
export const engineCookies = { interaction: 'engine-interaction', resume: 'engine-resume' } as const

function isFault(ctx: Context): boolean {
  return ctx.state['fault'] !== undefined || ctx.status >= 500
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

/**
 * The payload without the identifier it is stored under. An interaction repeats its own identifier
 * in the address to return to, and the session's as `cookie`, which nothing reads.
 */
function withoutId({ jti, ...rest }: AdapterPayload): AdapterPayload {
  const { cookie: _, ...session } = (rest.session ?? {}) as Record<string, unknown>
  return {
    ...rest,
    ...(rest.session && { session: session as NonNullable<AdapterPayload['session']> }),
    ...(rest.returnTo && { returnTo: rest.returnTo.replace(jti ?? '', '') }),
  }
}

/**
 * An interaction names the pushed request it came from, so as to use it up at its end: until then the
 * `request_uri` is good for anybody who reads it.
 */
function convertRequestUri(
  payload: AdapterPayload,
  convert: (uri: string) => string,
): AdapterPayload {
  const { parJti } = payload as { parJti?: string }
  return parJti ? ({ ...payload, parJti: convert(parJti) } as AdapterPayload) : payload
}

function withId(id: string, payload: AdapterPayload | undefined): AdapterPayload | undefined {
  if (!payload) return undefined
  const complete = { ...payload, jti: id }
  return complete.returnTo ? { ...complete, returnTo: `${complete.returnTo}${id}` } : complete
}
