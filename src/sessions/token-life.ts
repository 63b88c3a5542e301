import { liveGrant } from './grant-store.ts'
import { sessionTime } from './lifetimes.ts'
import type { Payload } from './payload.ts'
import { endedSession } from './session-store.ts'

/** What the life of a code or token hangs on, as of now. */
export type Lifelines = {
  /** Of its grant; null where that is revoked, over or gone. */
  readonly grantPayload: Payload | null
  /** Its session was ended for good. One that was not used for a while ends no refresh token. */
  readonly isSessionOver: boolean
}

/**
 * `Lifelines` as members of a JSON object in SQL, for a statement that reads with them what the answer
 * is made of: a token is asked about in every request, and each statement costs as much as all the rest.
 * @param grantId,sessionUid,at name the stored ids and the moment in that statement.
 */
export function lifelinesJson(grantId: string, sessionUid: string, at: string): string {
  return `'grantPayload', (${liveGrant(grantId, at)}),
    'isSessionOver', (${endedSession(sessionUid)})`
}

/**
 * The payload of the grant under which a code or token is alive; undefined where it is dead: its grant is
 * revoked or gone, its session was ended, or its person works for a court by now and the sign-in that it
 * comes from is past what staff have. Its own end, and of an access token the idle limit of its
 * session, are the authorization server's to watch.
 */
export function grantOfLiving(
  token: Payload,
  { grantPayload, isSessionOver }: Lifelines,
  about: { readonly isStaff: boolean; readonly nowSeconds: number },
): Payload | undefined {
  if (!grantPayload || isSessionOver) return undefined
  return isSignInOver(signedInAt(token), about) ? undefined : grantPayload
}

/**
 * Whether a session is past the longest that it could have. The end that was stored with it is from its
 * last use, and whoever became staff since then has less.
 */
export function isSessionTooOld(
  { loginTs }: Payload,
  about: { readonly isStaff: boolean; readonly nowSeconds: number },
): boolean {
  return isSignInOver(loginTs, about)
}

function isSignInOver(
  at: number | undefined,
  { isStaff, nowSeconds }: { readonly isStaff: boolean; readonly nowSeconds: number },
): boolean {
  return isStaff && at !== undefined && sessionTime(at, nowSeconds, true).isOver
}

/** The sign-in that a token comes from, in epoch seconds. */
function signedInAt({ authTime, extra }: Payload): number | undefined {
  return authTime ?? (extra?.['auth_time'] as number | undefined)
}
