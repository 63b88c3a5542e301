import type { InteractionResults } from 'oidc-provider'
import type { Progress } from '../signin/interaction.ts'
import type { InteractionRow } from './interaction-rows.ts'

/** A session of somebody else in the same browser, which ends when this person's begins. */
export type OtherSession = {
  readonly uid: string
  readonly accountId: string
  readonly authorizations?: Readonly<Record<string, unknown>> | undefined
}

/** What the engine is told, and beside it what the person said; absent where that was somebody else. */
export type EndResult = InteractionResults & { readonly said?: Omit<Progress, 'login'> }

/** The end of one interaction, in one request. */
export type Ending = {
  readonly uid: string
  readonly row: InteractionRow
  readonly result: EndResult
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

export function otherSession({ uid, accountId, authorizations }: SessionLike): OtherSession {
  return { uid, accountId: accountId ?? '', authorizations }
}

/** What the engine is told at the end: the person's progress, if it is this person's. */
export function resultOf(row: InteractionRow, session: SessionLike): EndResult {
  const progress = row.progress ?? {}
  if (progress.hasGivenUp) {
    return {
      error: 'access_denied',
      error_description: 'the person went back, or did not agree',
    }
  }
  const { login, ...said } = progress
  const accountId = login?.accountId ?? session.accountId
  const began = row.session as { uid?: string } | undefined
  const isSameSession = began?.uid === undefined || began.uid === session.uid
  const earlier = isSameSession ? row.lastSubmission : {}
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
    said,
    ...(progress.hasConsented && { consent: {} }),
  }
}

function restated({ accountId, acr, amr, loginTs }: SessionLike) {
  return { accountId: accountId!, acr: acr!, amr: [...(amr ?? [])], ts: loginTs!, remember: false }
}
