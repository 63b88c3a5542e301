import type { Context } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { PersonFacts } from '../efiling/facts.ts'
import type { AccountId } from '../ids.ts'
import type { GrantToSave } from '../sessions/grant-store.ts'
import type { Payload } from '../sessions/payload.ts'
import type { LostCause } from '../signin/interaction.ts'
import { currentRequest } from './engine.ts'
import type { Ending } from './interaction-end.ts'
import type { InteractionRow } from './interaction-rows.ts'

/** What one request has read and decided. Written where that becomes known, read by what comes later. */
export type RequestNotes = {
  /** Read with the token that was presented, by the identifiers that the engine asks for. */
  readonly sessions: Map<string, Payload | undefined>
  readonly grants: Map<string, Payload | undefined>
  /** Of accounts, for the courts of the asking client. */
  readonly facts: Map<string, PersonFacts>
  /** Whether the account of the session that was found is court staff. */
  readonly isStaff: Map<string, boolean>

  /** The mark that this browser has been given, to know it by in its interactions. */
  browserMark?: string
  /** The row of an interaction that will be asked for, being read beside something else. */
  begunRead?: {
    readonly uid: string
    readonly row: Promise<InteractionRow | undefined>
  }
  /** The interaction that the page of this request is about. */
  interaction?: InteractionRow
  /** What becomes of the interaction that this request brings to its end. */
  visit?: InteractionVisit

  /** Saved with the session, at the end of the same request. */
  grantToSave?: GrantToSave
  /**
   * The stored id of the pushed request that is answered. The engine uses it up before there is a code;
   * here that happens with the session, and if that cannot be saved the same `request_uri` works again.
   */
  requestToUse?: string
  /** At the end of an interaction the old identifier dies with the statement that saves the new one. */
  replacedSession?: string
  /**
   * Why the session could not be saved. The engine tries once more; the answer is a fault by then,
   * nobody should wait for it twice, and what belonged to the first try is not there any more.
   */
  sessionFault?: unknown
  /** Uses the code up, when every check of the request has passed. */
  useCode?: () => Promise<void>

  /** Why the engine refused the request. */
  refusal?: EngineRefusal
  /** The engine revoked a grant at the token endpoint: something was presented a second time. */
  isGrantRevoked?: true
  /** Whose that was. */
  reusedOf?: AccountId
}

export type InteractionVisit = {
  readonly ending?: Ending
  /** `ended`: what was proved there counts no more; the page asks again. */
  lost?: LostCause | 'ended'
  /** The page tells what of it is kept. */
  readonly isKept?: boolean
  isSaved?: boolean
  usedBy?: AccountId | undefined
}

export type EngineRefusal = {
  readonly error: string
  /** What the engine tells its listeners, and nobody else. */
  readonly detail: string
  /** The commonest mistake of all: which address came, and which was probably meant. */
  readonly redirectMismatch?:
    | { readonly redirectUri: string; readonly nearestRegistered: string | undefined }
    | undefined
}

/** The notes of a request, which are empty at its beginning. */
export function notesOf(ctx: Context | KoaContextWithOIDC): RequestNotes {
  ctx.state['notes'] ??= {
    sessions: new Map(),
    grants: new Map(),
    facts: new Map(),
    isStaff: new Map(),
  } satisfies RequestNotes
  return ctx.state['notes']
}

/** The notes of the request that the engine is answering, for what the engine calls without it. */
export function currentNotes(): RequestNotes | undefined {
  const ctx = currentRequest()
  return ctx && notesOf(ctx)
}
