import { decodeJwt } from 'jose'
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { isAccountId } from '../ids.ts'
import { isNoticeDue, type Notice, notices } from '../signin/steps/notices.ts'
import { decideAssurance } from './assurance.ts'
import type { AccountWithFacts } from './claims.ts'
import type { EngineClient } from './engine-client.ts'

const { Check, Prompt, base } = interactionPolicy

/** What our pages answer to the `notice` prompt. */
export type NoticeResult = {
  readonly seen: readonly Notice[]
  /** Saved with the session, in the same statement. */
  readonly isRedactionAcknowledged: boolean
}

/**
 * What stands between a request and a code, in order: signing in at the level the court asks for, the
 * notices, and for software that is not a court's own the person's consent. The engine asks each
 * check again when the person comes back, so no page can be skipped.
 */
export function createInteractionPolicy() {
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
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 1)
  policy.add(
    new Prompt(
      { name: 'notice' },
      ...notices.map(
        (notice) =>
          new Check(notice, `the person has not seen the ${notice} notice`, (ctx) =>
            isPending(ctx, notice),
          ),
      ),
    ),
    2,
  )
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
      clientMinimum: (oidc.client as unknown as EngineClient).minimum_acr,
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

function isPending(ctx: KoaContextWithOIDC, notice: Notice): boolean {
  const { oidc } = ctx
  const client = oidc.client as unknown as EngineClient
  const account = oidc.account as AccountWithFacts | undefined
  if (!account) return false
  return isNoticeDue(notice, {
    clientKind: client.cso_kind,
    facts: account.facts,
    signedInAt: oidc.session?.loginTs,
    hasSeen: (name) => hasSeenNow(ctx, name) || hasSeenBefore(oidc.session, client.clientId, name),
  })
}

/** In the interaction that comes to its end here; what is left to remember is noted in the session. */
function hasSeenNow({ oidc }: KoaContextWithOIDC, notice: Notice): boolean {
  const answer = (oidc.result as { notice?: NoticeResult } | undefined)?.notice
  if (notice === 'redaction') return answer?.isRedactionAcknowledged ?? false
  if (!answer?.seen.includes(notice)) return false
  const { session, client } = oidc
  const authorization = session!.authorizationFor(client!.clientId) as Noted
  authorization.noticed = { ...authorization.noticed, [notice]: session!.loginTs ?? 0 }
  return true
}

/** Beside the client's other facts of the session: which notice was seen in which sign-in. */
type Noted = { noticed?: Partial<Record<Notice, number>> }

/**
 * A notice about the account is given once per sign-in, at whatever court it is; one about a court once
 * per court. (A confirmation of the duty to redact is kept in a table of its own.)
 */
export function hasSeenBefore(
  session: { loginTs?: number | undefined; authorizations?: object | undefined } | undefined,
  clientId: string,
  notice: Notice,
): boolean {
  const authorizations = (session?.authorizations ?? {}) as Record<string, Noted>
  const noted =
    notice === 'legacy-account' ? Object.values(authorizations) : [authorizations[clientId]]
  return noted.some(
    (one) => one?.noticed?.[notice] === session?.loginTs && session?.loginTs !== undefined,
  )
}
