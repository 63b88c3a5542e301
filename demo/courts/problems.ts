import {
  AuthorizationResponseError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'

/** A failed sign-in for people: what happened, what to do, and what a help desk will ask for. */
export type Problem = {
  readonly title: string
  readonly advice: string
  readonly canTryAgain: boolean
  /** Central Sign-On is away or overloaded; neither the person nor the court did anything wrong. */
  readonly isOutage?: boolean
  /** The protocol's own words, for example `access_denied`. */
  readonly code?: string
  readonly description?: string
}

export const attemptNotFound: Problem = {
  title: 'This sign-in can no longer be finished',
  advice:
    'It was started too long ago, in another browser, or has been finished already. Start again from here.',
  canTryAgain: true,
}

const courtIsMisconfigured = {
  title: 'This court’s application and Central Sign-On do not understand each other',
  advice: 'You did nothing wrong and cannot repair it. Tell the clerk’s office the code below.',
  canTryAgain: false,
}
const notSignedIn = {
  title: 'You are not signed in',
  advice: 'Central Sign-On needs to see you before it can tell this court who you are. Sign in.',
  canTryAgain: true,
}
const busy = {
  title: 'Central Sign-On cannot answer right now',
  advice: 'You are not signed in, and nothing is lost. Wait a moment and try again.',
  canTryAgain: true,
  isOutage: true,
}

/** Sources: RFC 6749 sections 4.1.2.1 and 5.2, OpenID Connect Core 1.0 section 3.1.2.6. */
const byCode: Readonly<Record<string, Problem>> = {
  access_denied: {
    title: 'The sign-in was not finished',
    advice:
      'You went back or did not allow it, or Central Sign-On refused. You can sign in again whenever you like.',
    canTryAgain: true,
  },
  login_required: notSignedIn,
  interaction_required: notSignedIn,
  consent_required: notSignedIn,
  account_selection_required: notSignedIn,
  unmet_authentication_requirements: {
    title: 'This court asks for a stronger sign-in',
    advice:
      'Your sign-in was weaker than this court requires. Sign in again with a second factor, such as an authenticator app or a passkey.',
    canTryAgain: true,
  },
  invalid_grant: {
    title: 'The sign-in took too long',
    advice: 'What Central Sign-On handed over has expired or was used already. Sign in again.',
    canTryAgain: true,
  },
  server_error: busy,
  temporarily_unavailable: busy,
}

/** Any error of `openid-client`, of its transport, or of our own, in words. */
export function describeProblem(error: unknown): Problem {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return {
      ...(byCode[error.error] ?? courtIsMisconfigured),
      code: error.error,
      ...(error.error_description && { description: error.error_description }),
    }
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    const code = error.cause[0]?.parameters.error
    return { ...courtIsMisconfigured, ...(code && { code }) }
  }
  const code = (error as { code?: unknown }).code
  const isUnreachable = error instanceof TypeError && error.message === 'fetch failed'
  if (isUnreachable || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') {
    return { ...busy, ...(typeof code === 'string' && { code }) }
  }
  return { ...courtIsMisconfigured, ...(typeof code === 'string' && { code }) }
}

/** Whether an access token is no longer worth anything: expired, or the session behind it ended. */
export function isSignInEnded(error: unknown): boolean {
  return error instanceof WWWAuthenticateChallengeError && error.status === 401
}
