import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import type { AdapterPayload } from 'oidc-provider'
import { epochSeconds } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { lifetimes } from '../sessions/lifetimes.ts'
import type { ShortLivedStore } from '../sessions/short-lived.ts'
import type { Lost, Progress } from '../signin/interaction.ts'
import type { InteractionCookie } from './interaction-cookie.ts'
import { notesOf } from './request-notes.ts'
import { createSeal } from './sealed-text.ts'

/** What is stored of an interaction. */
export type InteractionRow = AdapterPayload & {
  /** The stored form of the browser's mark. */
  readonly browser?: string
  readonly progress?: Progress
  /** When the last answer was taken, in epoch seconds. */
  readonly answeredAt?: number
  /** Counts the answers that were taken, so that two that come at once do not overwrite each other. */
  readonly revision?: number
  /** It came to its end; by whom, if somebody came in by it. */
  readonly isUsed?: true
  readonly usedBy?: AccountId | undefined
}

export type InteractionRows = {
  /**
   * The row of an interaction that this browser may go on with, or why it may not. One that is over is
   * kept where somebody proved there who it is, in this browser.
   */
  find(ctx: Context, uid: string): Promise<Outcome<InteractionRow, Lost<InteractionRow>>>
  /** Begins to read the row that this request will ask for, beside what it has to wait for first. */
  prefetch(ctx: Context, uid: string): void
  /** What the engine knows of an interaction, as the engine wrote it. */
  findPayload(uid: string): Promise<AdapterPayload | undefined>
  /** The engine's part of a row, as the engine wrote it. */
  payloadOf(uid: string, row: AdapterPayload): AdapterPayload
  /** A new interaction, of the browser of this request. */
  open(
    ctx: Context | undefined,
    uid: string,
    payload: AdapterPayload,
    expiresInSeconds: number,
  ): Promise<void>
  /**
   * Keeps what the person has done, with fifteen minutes more, up to an hour since the beginning.
   * @returns false when another answer to the same row was faster: nothing is changed.
   */
  saveProgress(ctx: Context, uid: string, row: InteractionRow, progress: Progress): Promise<boolean>
  /** The same time more for an answer that was not taken. */
  extend(uid: string, row: InteractionRow): Promise<void>
  /** The interaction came to its end, by `usedBy` if somebody came in by it. */
  markUsed(uid: string, row: InteractionRow, usedBy: AccountId | undefined): Promise<void>
  destroy(uid: string): Promise<void>
}

const model = 'Interaction'

/** The requests of one sign-in ask for the same two identifiers a dozen times. */
function rememberRecent(storedId: (id: string) => string): (id: string) => string {
  const recent = new Map<string, string>()
  return (id) => {
    const known = recent.get(id)
    if (known !== undefined) return known
    if (recent.size >= mostRecent) recent.clear()
    const stored = storedId(id)
    // What is longer than an identifier is none, and nobody fills the memory with it.
    if (id.length <= 64) recent.set(id, stored)
    return stored
  }
}
const mostRecent = 1000

/** The rows of open interactions. A row is the engine's part, the mark of its browser, and the progress. */
export function createInteractionRows(deps: {
  shortLived: ShortLivedStore
  storedId(id: string): string
  cookie: InteractionCookie
  /** Seals what would be a credential in clear. */
  identifierKey: KeyObject
}): InteractionRows {
  const { shortLived, cookie } = deps
  const storedId = rememberRecent(deps.storedId)
  const requestUris = createSeal(deps.identifierKey, 'request_uri')

  const payloadOf = (uid: string, row: AdapterPayload) =>
    withId(
      uid,
      convertRequestUri(row, (uri) => requestUris.open(uri, storedId(uid))),
    )

  const read = (uid: string) =>
    shortLived.find(model, storedId(uid)) as Promise<InteractionRow | undefined>

  const replace = (uid: string, row: InteractionRow, next: InteractionRow) =>
    shortLived.replace(model, storedId(uid), row.revision ?? 0, next, secondsKept(next))

  return {
    async find(ctx, uid) {
      const notes = notesOf(ctx)
      const begun = notes.begunRead
      // What is read a second time may have changed.
      delete notes.begunRead
      const row = await (begun?.uid === uid ? begun.row : read(uid))
      if (!row?.exp) return refused('expired')
      const browser = cookie.read(ctx)
      if (row.exp <= epochSeconds()) {
        const isKept = isUnfinished(row) && browser && storedId(browser) === row.browser
        return refused('expired', { kept: isKept ? row : undefined })
      }
      if (!browser) return refused('no-cookie')
      if (storedId(browser) !== row.browser) return refused('other-browser')
      if (row.isUsed) return refused('used', { usedBy: row.usedBy })
      return ok(row)
    },

    prefetch(ctx, uid) {
      const row = read(uid)
      // Whoever asks for it learns what went wrong; perhaps nobody does.
      row.catch(() => undefined)
      notesOf(ctx).begunRead = { uid, row }
    },

    async findPayload(uid) {
      const row = await shortLived.find(model, storedId(uid))
      return row && payloadOf(uid, row)
    },

    payloadOf,

    async open(ctx, uid, payload, expiresInSeconds) {
      const row: InteractionRow = {
        ...convertRequestUri(withoutId(payload), (uri) => requestUris.seal(uri, storedId(uid))),
        ...(ctx && { browser: storedId(cookie.ensure(ctx)) }),
      }
      await shortLived.upsert(model, storedId(uid), row, expiresInSeconds)
    },

    async saveProgress(ctx, uid, row, progress) {
      const revision = (row.revision ?? 0) + 1
      const answeredAt = epochSeconds()
      const next = { ...row, exp: extendedEnd(row), progress, answeredAt, revision }
      const isSaved = await replace(uid, row, next)
      // If the interaction ends within this request, it ends with what was saved just now.
      if (isSaved) notesOf(ctx).begunRead = { uid, row: Promise.resolve(next) }
      return isSaved
    },

    async extend(uid, row) {
      // If another answer was faster, it has given the time.
      await replace(uid, row, { ...row, exp: extendedEnd(row) })
    },

    async markUsed(uid, row, usedBy) {
      const { browser, iat, exp, kind } = row
      const used: InteractionRow = {
        ...(browser && { browser }),
        iat,
        exp,
        kind,
        isUsed: true,
        usedBy,
        revision: overRevision,
      }
      await shortLived.upsert(model, storedId(uid), used, secondsLeft(row))
    },

    async destroy(uid) {
      await shortLived.destroy(model, storedId(uid))
    },
  }
}

/** No answer comes from a row with this one, so that none takes the place of one that is over. */
const overRevision = -1

/** Fifteen minutes from now, but no more than an hour from the beginning; epoch seconds. */
function extendedEnd(row: InteractionRow): number {
  const at = epochSeconds()
  const longest = (row.iat ?? at) + lifetimes.interactionAbsolute
  return Math.max(row.exp ?? at, Math.min(at + lifetimes.interaction, longest))
}

const secondsLeft = (row: InteractionRow) => Math.max(1, (row.exp ?? 0) - epochSeconds())

/** Who proved who it is and does not come to the end in time goes on in a new interaction (decision 0056). */
function isUnfinished({ progress, isUsed }: InteractionRow): boolean {
  return progress?.login !== undefined && !progress.hasGivenUp && !isUsed
}

function secondsKept(row: InteractionRow): number {
  const left = secondsLeft(row)
  return isUnfinished(row) ? Math.max(left, lifetimes.sessionIdle) : left
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
  const { parJti } = payload
  return parJti ? { ...payload, parJti: convert(parJti) } : payload
}

function withId(id: string, payload: AdapterPayload): AdapterPayload {
  const complete = { ...payload, jti: id }
  return complete.returnTo ? { ...complete, returnTo: `${complete.returnTo}${id}` } : complete
}
