import type { InteractionResults } from 'oidc-provider'
import type { InteractionRow } from './interaction-rows.ts'

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

export function otherSession({ uid, accountId, authorizations }: SessionLike): OtherSession {
  return { uid, accountId: accountId ?? '', authorizations }
}

/** What the engine is told at the end: the person's progress, if it is this person's. */
export function resultOf(row: InteractionRow, session: SessionLike): InteractionResults {
  const progress = row.progress ?? {}
  if (progress.hasGivenUp) {
    return {
      error: 'access_denied',
      error_description: 'the person went back, or did not agree',
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
