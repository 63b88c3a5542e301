import { decodeJwt } from 'jose'
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { type AccountId, type ClientId, isAccountId } from '../ids.ts'
import { ownPrompt } from '../signin/interaction.ts'
import type { Remembered, Situation } from '../signin/steps/situation.ts'
import { isOwnStep, type Step } from '../signin/steps/step.ts'
import { decideAssurance } from './assurance.ts'
import { accountOf, endResultOf, getClient } from './engine.ts'

const { Check, Prompt, base } = interactionPolicy

/**
 * What stands between a request and a code, from the table of the steps. The engine knows itself when it
 * has to stop for what OpenID Connect knows; for every other step it asks the step, also when the person
 * comes back, so that no page can be skipped.
 */
export function createInteractionPolicy(steps: readonly Step[]) {
  const policy = base()
  const login = policy.get('login')!
  // The engine's own checks ask for a password again and again when a level cannot be reached.
  login.checks.remove('essential_acr')
  login.checks.remove('essential_acrs')
  login.checks.add(
    new Check('assurance', 'the session is below the requested level', (ctx) => needsStepUp(ctx)),
    0,
  )
  login.checks.add(
    new Check('account', 'the account of the session may no longer sign in', (ctx) =>
      Boolean(ctx.oidc.session?.accountId && !ctx.oidc.account),
    ),
  )
  login.checks.add(
    new Check('subject', 'the person asked for is not signed in', 'login_required', needsSubject),
    0,
  )
  for (const { answers } of steps) {
    // After the login prompt, which names every reason for which a session is not enough.
    if (answers && !policy.get(answers)) {
      policy.add(new Prompt({ name: answers, requestable: true }), 1)
    }
  }
  const unanswered = policy.find(({ name }) => !steps.some(({ answers }) => answers === name))
  if (unanswered) throw new Error(`no step answers the prompt ${unanswered.name}`)
  const checks = steps.filter(isOwnStep).map(
    (step) =>
      new Check(step.name, `the person has not passed the step ${step.name}`, async (ctx) => {
        const about = situationOf(ctx)
        return about !== undefined && (await step.isDue(about))
      }),
  )
  // The consent is the last one, since it gives something away.
  policy.add(new Prompt({ name: ownPrompt }, ...checks), policy.length - 1)
  return policy
}

/**
 * A request may name the person it is about, in `claims` or by an ID token. Somebody else may sign in
 * then, and the engine would ask for ever: the court is told instead, and gets nobody.
 * Source: OpenID Connect Core 1.0 sections 5.5.1 and 3.1.2.1 (id_token_hint).
 */
function needsSubject({ oidc }: KoaContextWithOIDC): boolean {
  const asked = [
    ...(['id_token', 'userinfo'] as const).map((part) => subjectsIn(part, oidc.claims?.[part])),
    hintedSubject(oidc.params?.['id_token_hint']),
  ].filter((subjects) => subjects !== undefined)
  const refuse = (description: string) => {
    throw new errors.LoginRequired(description)
  }
  if (!asked.every((subjects) => subjects.some(isAccountId))) refuse('there is no such person')
  const signedIn = oidc.session?.accountId
  const isWrong = asked.some((subjects) => !subjects.includes(signedIn ?? ''))
  const hasJustSignedIn = signedIn !== undefined && oidc.result?.['login'] !== undefined
  if (isWrong && hasJustSignedIn) refuse('somebody else signed in than was asked for')
  return isWrong
}

/** The hint was verified before its request was stored, and is not again when the person comes back. */
function hintedSubject(hint: unknown): string[] | undefined {
  return typeof hint === 'string' ? [String(decodeJwt(hint).sub)] : undefined
}

/** The subjects that one part of `claims` asks for by their values; undefined when it names none. */
function subjectsIn(part: string, claims: Record<string, unknown> | undefined) {
  const request = claims?.['sub']
  if (request === undefined || request === null) return undefined
  if (typeof request !== 'object' || Array.isArray(request)) {
    throw new errors.InvalidRequest(`claims.${part}.sub is not an object`)
  }
  const { value, values } = request as { value?: unknown; values?: unknown }
  if (value === undefined && values === undefined) return undefined
  const subjects = value === undefined ? values : [value]
  if (!Array.isArray(subjects) || subjects.some((subject) => typeof subject !== 'string')) {
    throw new errors.InvalidRequest(`claims.${part}.sub asks for no subject`)
  }
  return subjects as string[]
}

function needsStepUp(ctx: KoaContextWithOIDC): boolean {
  const { oidc } = ctx
  const request = oidc.claims?.id_token?.['acr'] as
    | { essential?: boolean; value?: string; values?: string[] }
    | null
    | undefined
  if (request?.values !== undefined && !Array.isArray(request.values)) {
    throw new errors.InvalidRequest('claims.id_token.acr.values is not an array')
  }
  const named = request?.values ?? (request?.value ? [request.value] : [])
  const decision = decideAssurance(
    {
      voluntary: request?.essential ? [] : named,
      essential: request?.essential && named.length > 0 ? named : undefined,
      clientMinimum: getClient(oidc).minimum_acr,
    },
    oidc.session?.acr,
  )
  if (decision === 'unmet') {
    throw new errors.UnmetAuthenticationRequirements(
      'the requested level of assurance is not available',
    )
  }
  return decision === 'step-up' && Boolean(oidc.session?.accountId)
}

/** What our steps decide from, at the engine's end; undefined where nobody is signed in. */
function situationOf({ oidc }: KoaContextWithOIDC): Situation | undefined {
  const client = getClient(oidc)
  const account = accountOf(oidc)
  const { session } = oidc
  if (!account || !session) return undefined
  const progress = endResultOf(oidc)?.said ?? {}
  if (progress.seen) {
    noteSeen(session.authorizationFor(client.clientId), progress.seen, session.loginTs)
  }
  return {
    client: { id: client.clientId as ClientId, kind: client.cso_kind },
    progress,
    person: {
      accountId: account.accountId as AccountId,
      signedInAt: session.loginTs,
      session: {
        hasSeen: (step, remembered) => hasSeenBefore(session, client.clientId, step, remembered),
      },
    },
    facts: async () => account.facts,
  }
}

/** Beside the client's other facts of the session: which step was passed in which sign-in. */
type Noted = { noticed?: Readonly<Record<string, number>> }

function noteSeen(authorization: object, seen: readonly string[], signedInAt = 0): void {
  const noted = authorization as Noted
  const added = Object.fromEntries(seen.map((step) => [step, signedInAt]))
  noted.noticed = { ...noted.noticed, ...added }
}

/** Whether the step was passed in the sign-in of this session, at this client or at whichever. */
export function hasSeenBefore(
  session: { loginTs?: number | undefined; authorizations?: object | undefined },
  clientId: string,
  step: string,
  remembered: Remembered,
): boolean {
  const { loginTs } = session
  const authorizations = (session.authorizations ?? {}) as Record<string, Noted>
  const noted =
    remembered === 'per-sign-in' ? Object.values(authorizations) : [authorizations[clientId]]
  return loginTs !== undefined && noted.some((one) => one?.noticed?.[step] === loginTs)
}
