import { decodeJwt } from 'jose'
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { now } from '../clock.ts'
import { isLive } from '../courts/go-live.ts'
import { efilingClaim } from '../efiling/facts.ts'
import { mayFile } from '../efiling/standing.ts'
import { isAccountId } from '../ids.ts'
import { decideAssurance } from './assurance.ts'
import type { AccountWithFacts } from './claims.ts'
import type { EngineClient } from './engine-client.ts'

const { Check, Prompt, base } = interactionPolicy

/** What a person is told between sign-in and court, in this order. */
export const notices = ['legacy-account', 'court-not-live', 'redaction'] as const
export type Notice = (typeof notices)[number]

/** What the `notice` prompt tells the pages: the `auth_time` of the sign-in, in epoch seconds. */
export type NoticeDetails = { readonly signedInAt: number | undefined }

/** What the interaction pages answer to the `notice` prompt. */
export type NoticeResult = { readonly seen: readonly Notice[] }

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
  policy.add(
    new Prompt(
      { name: 'notice' },
      // Whose sign-in it is shown in: a statement made there belongs to that one alone.
      (ctx) => ({ signedInAt: ctx.oidc.session?.loginTs }) satisfies NoticeDetails,
      ...notices.map(
        (notice) =>
          new Check(notice, `the person has not seen the ${notice} notice`, (ctx) =>
            isPending(ctx, notice),
          ),
      ),
    ),
    1,
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
  if (!account || client.cso_kind === 'portal' || client.cso_kind === 'national') return false
  const { facts } = account

  switch (notice) {
    case 'legacy-account':
      return !facts.account.isUpgraded && !hasSeen(ctx, notice)
    case 'court-not-live':
      return (
        facts.courts.length > 0 &&
        facts.courts.every((court) => !isLive(court, now())) &&
        !hasSeen(ctx, notice)
      )
    case 'redaction': {
      const isFiler = Object.values(efilingClaim(facts, now())).some(mayFile)
      return isFiler && facts.redaction?.signedInAt !== oidc.session?.loginTs
    }
  }
}

/** Shown once per client and session; remembered beside the client's other facts of the session. */
function hasSeen(ctx: KoaContextWithOIDC, notice: Notice): boolean {
  const { session, client, result } = ctx.oidc
  const authorization = session!.authorizationFor(client!.clientId) as { seen?: Notice[] }
  const answered = (result as { notice?: NoticeResult } | undefined)?.notice?.seen ?? []
  if (answered.includes(notice) && !authorization.seen?.includes(notice)) {
    authorization.seen = [...(authorization.seen ?? []), notice]
  }
  return authorization.seen?.includes(notice) ?? false
}
