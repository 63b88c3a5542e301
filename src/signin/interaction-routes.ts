import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { Context } from 'koa'
import type { InteractionResults } from 'oidc-provider'
import { consentGiven } from '../audit/events.ts'
import { recordEvent } from '../audit/store.ts'
import type { Client } from '../clients/client.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import { epochSeconds, now } from '../clock.ts'
import { courtLoginAddress } from '../courts/court.ts'
import { isLive } from '../courts/go-live.ts'
import { formatDay } from '../days.ts'
import { acknowledgeRedaction } from '../efiling/acknowledge-redaction.ts'
import { efilingClaim, type Facts, findFacts } from '../efiling/facts.ts'
import { mayFile } from '../efiling/standing.ts'
import { UnavailableError } from '../errors.ts'
import { csrfToken, isOwnForm } from '../http/csrf.ts'
import { goOn } from '../http/go-on-page.ts'
import { type FormProblem, readForm } from '../http/read-form.ts'
import { requestOf } from '../http/request-context.ts'
import type { AccountId, ClientId } from '../ids.ts'
import type { Database } from '../storage/db.ts'
import { askedBy, cancelLabel } from './asked-by.ts'
import { type AuthenticateDeps, authenticate } from './authenticate.ts'
import type { BrowserCookie } from './browser-cookie.ts'
import { consentSentences } from './consent-words.ts'
import {
  type CourtLink,
  consentPage,
  deniedPage,
  expiredPage,
  legacyNoticePage,
  notLiveNoticePage,
  redactionNoticePage,
  signInPage,
} from './pages.ts'
import { refusalAnswer } from './refusal-answer.ts'
import type { SignInProblem } from './sign-in-problem.ts'

/** What the authorization server tells of an interaction that a browser is in. */
export type Interaction = {
  readonly uid: string
  readonly clientId: ClientId
  readonly loginHint: string | undefined
  readonly scopes: readonly string[]
  /** Claims that are asked for one by one, covered by a scope or not. */
  readonly claims: readonly string[]
  /** The scopes whose contents are asked for, whichever parameter asks: what consent is about. */
  readonly wants: readonly string[]
  readonly prompt: { readonly name: string; readonly reasons: readonly string[] }
  /** The sign-in it belongs to; undefined before there is one. */
  readonly signIn:
    | { readonly accountId: AccountId; readonly sessionUid: string; readonly signedInAt: number }
    | undefined
}

/** The authorization server as these pages need it; `app.ts` provides it. */
export type Interactions = {
  /** The interaction of this browser; undefined when it expired or belongs to another browser. */
  find(ctx: Context): Promise<Interaction | undefined>
  /** Hands over the answer; returns where the browser goes on. */
  finish(ctx: Context, result: InteractionResults): Promise<string>
  /** Saves the person's consent to everything this interaction asks for; returns the grant's id. */
  consent(ctx: Context): Promise<string>
  readonly password: { readonly acr: string; readonly amr: readonly string[] }
}

export type InteractionRouteDeps = AuthenticateDeps & {
  readonly db: Database
  readonly directory: ClientDirectory
  readonly interactions: Interactions
  readonly browserCookie: BrowserCookie
  readonly csrfKey: KeyObject
  readonly issuer: string
  /** The page for a form that cannot be taken. */
  renderRefusal(ctx: Context, status: number, reason: FormProblem | 'foreign-form'): string
}

type Visit = { interaction: Interaction; client: Client; path: string; csrf: string }

const formName = 'interaction'

/** `/sign-in/{interaction}`: shows the one form that is due, and takes its answer. */
export function interactionRoutes(deps: InteractionRouteDeps): Router {
  const router = new Router()

  router.get('/sign-in/:uid', async (ctx) => {
    const visit = await openVisit(deps, ctx)
    if (!visit) return renderExpired(deps, ctx)
    await renderForm(deps, ctx, visit)
  })

  router.post('/sign-in/:uid', async (ctx) => {
    const visit = await openVisit(deps, ctx)
    if (!visit) return renderExpired(deps, ctx)
    const fields = await takeForm(deps, ctx, visit)
    if (!fields) return
    switch (visit.interaction.prompt.name) {
      case 'login':
        return takeCredentials(deps, ctx, visit, fields)
      case 'notice':
        return takeNotice(deps, ctx, visit, fields)
      default:
        return takeConsent(deps, ctx, visit)
    }
  })

  router.post('/sign-in/:uid/cancel', async (ctx) => {
    const visit = await openVisit(deps, ctx)
    if (!visit) return renderExpired(deps, ctx)
    if (!(await takeForm(deps, ctx, visit))) return
    const refusal = {
      error: 'access_denied',
      error_description: 'the person went back without signing in',
    }
    if (visit.interaction.prompt.name !== 'consent') return finish(deps, ctx, refusal)
    // Who did not allow something is told what became of it, before going back.
    const goOnTo = await deps.interactions.finish(ctx, refusal)
    const { nonce } = requestOf(ctx)
    respond(ctx, 200, deniedPage({ nonce, client: { name: visit.client.name }, goOnTo }))
  })

  return router
}

async function openVisit(deps: InteractionRouteDeps, ctx: Context): Promise<Visit | undefined> {
  const interaction = await deps.interactions.find(ctx)
  if (!interaction || interaction.uid !== ctx['params'].uid) return undefined
  const client = await deps.directory.find(interaction.clientId)
  if (!client) return undefined
  return {
    interaction,
    client,
    path: `/sign-in/${interaction.uid}`,
    csrf: csrfToken(deps.csrfKey, interaction.uid, formName),
  }
}

/** The fields of the posted form; undefined when it was refused and the refusal is rendered. */
async function takeForm(deps: InteractionRouteDeps, ctx: Context, visit: Visit) {
  const form = await readForm(ctx)
  if (!form.ok) {
    const status = form.reason === 'too-large' ? 413 : 400
    return respond(ctx, status, deps.renderRefusal(ctx, status, form.reason))
  }
  const isOurs = isOwnForm(ctx, {
    key: deps.csrfKey,
    visit: visit.interaction.uid,
    form: formName,
    token: form.value['csrf'],
    issuer: deps.issuer,
  })
  if (!isOurs) return respond(ctx, 403, deps.renderRefusal(ctx, 403, 'foreign-form'))
  return form.value
}

function respond(ctx: Context, status: number, page: string): undefined {
  ctx.status = status
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = page
  return undefined
}

async function finish(deps: InteractionRouteDeps, ctx: Context, result: InteractionResults) {
  goOn(ctx, await deps.interactions.finish(ctx, result))
}

/** Expired, used already, or of another browser; the court it began at is in the address. */
async function renderExpired(deps: InteractionRouteDeps, ctx: Context) {
  const clientId = ctx.query['client']
  const client = typeof clientId === 'string' ? await deps.directory.find(clientId) : undefined
  const { nonce } = requestOf(ctx)
  respond(ctx, 410, expiredPage({ nonce, askedBy: client && courtLink(client) }))
}

/** The registered way back into a client; never an address that came with the request. */
export function courtLink(client: Client): CourtLink {
  const { initiate_login_uri, client_uri, redirect_uris } = client.metadata
  const [redirectUri] = redirect_uris
  const url = initiate_login_uri ?? client_uri ?? (redirectUri && new URL(redirectUri).origin)
  return { name: client.courts[0]?.name ?? client.name, url }
}

// ── each form: show, take ──────────────────────────────────────────────────────────────────────

async function renderForm(deps: InteractionRouteDeps, ctx: Context, visit: Visit) {
  const { interaction } = visit
  switch (interaction.prompt.name) {
    case 'login':
      return respond(ctx, 200, renderSignIn(ctx, visit, { username: interaction.loginHint }))
    case 'notice':
      return renderNotice(deps, ctx, visit, 200)
    default:
      return respond(ctx, 200, renderConsent(ctx, visit))
  }
}

/** The form goes to the address that names the client, for the way back when it comes too late. */
function formOf(ctx: Context, { path, csrf, client }: Visit) {
  const action = `${path}?client=${encodeURIComponent(client.id)}`
  return {
    nonce: requestOf(ctx).nonce,
    action,
    cancelAction: `${path}/cancel`,
    cancelLabel: cancelLabel(client),
    csrf,
  }
}

function renderSignIn(
  ctx: Context,
  visit: Visit,
  state: { username?: string | undefined; problem?: SignInProblem },
): string {
  const { client } = visit
  return signInPage({
    ...formOf(ctx, visit),
    askedBy: askedBy(client),
    ...state,
  })
}

async function takeCredentials(
  deps: InteractionRouteDeps,
  ctx: Context,
  visit: Visit,
  fields: Readonly<Record<string, string>>,
) {
  const { password = '' } = fields
  const username = fields['username']?.trim() ?? ''
  const again = (status: number, problem: SignInProblem) => {
    if ('retryAfterSeconds' in problem) ctx.set('Retry-After', String(problem.retryAfterSeconds))
    respond(ctx, status, renderSignIn(ctx, visit, { username, problem }))
  }
  if (!username || !password) return again(422, { kind: 'missing-fields' })

  const { acr, amr } = deps.interactions.password
  const by = originOf(ctx)
  try {
    const outcome = await authenticate(
      deps,
      { username, password },
      {
        ...by,
        address: by.ip,
        clientId: visit.client.id,
        amr,
        browser: deps.browserCookie.read(ctx),
      },
    )
    if (outcome.ok) {
      const { accountId, browser } = outcome.value
      deps.browserCookie.write(ctx, browser)
      const login = { accountId, acr, amr: [...amr], remember: false, ts: epochSeconds() }
      return finish(deps, ctx, { login })
    }
    const { status, problem } = refusalAnswer(outcome)
    return again(status, problem)
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    return again(503, { kind: 'busy', retryAfterSeconds: error.retryAfterSeconds })
  }
}

async function renderNotice(
  deps: InteractionRouteDeps,
  ctx: Context,
  visit: Visit,
  status: number,
  mustCheck = false,
) {
  const form = formOf(ctx, visit)
  const [notice] = visit.interaction.prompt.reasons
  if (notice === 'legacy-account')
    return respond(ctx, status, legacyNoticePage({ ...form, askedBy: askedBy(visit.client) }))

  const facts = await factsOf(deps, visit)
  if (!facts) return renderExpired(deps, ctx)
  if (notice === 'court-not-live') {
    const court = facts.courts.find((candidate) => !isLive(candidate, now()))
    const name = court?.name ?? visit.client.name
    const goLiveOn = court?.goLiveOn && formatDay(court.goLiveOn)
    const page = notLiveNoticePage({
      ...form,
      court: { name, loginUrl: court && courtLoginAddress(court), goLiveOn },
    })
    return respond(ctx, status, page)
  }
  const name = filingCourt(facts)?.name ?? visit.client.name
  respond(ctx, status, redactionNoticePage({ ...form, court: { name }, mustCheck }))
}

async function takeNotice(
  deps: InteractionRouteDeps,
  ctx: Context,
  visit: Visit,
  fields: Readonly<Record<string, string>>,
) {
  const [notice = ''] = visit.interaction.prompt.reasons
  if (notice === 'redaction') {
    if (fields['acknowledged'] !== 'yes') return renderNotice(deps, ctx, visit, 422, true)
    const facts = await factsOf(deps, visit)
    const court = facts && filingCourt(facts)
    const { signIn } = visit.interaction
    if (signIn && court) {
      const by = { ...originOf(ctx), clientId: visit.client.id, courtId: court.id }
      await acknowledgeRedaction(deps.db, signIn, { ...by, accountId: signIn.accountId })
    }
  }
  await finish(deps, ctx, { notice: { seen: [notice] } })
}

function renderConsent(ctx: Context, visit: Visit): string {
  const { client, interaction } = visit
  return consentPage({
    ...formOf(ctx, visit),
    client: { name: client.name },
    courts: client.courts.map(({ name }) => ({ name })),
    wants: consentSentences(interaction.wants),
    canStayConnected: interaction.scopes.includes('offline_access'),
  })
}

async function takeConsent(deps: InteractionRouteDeps, ctx: Context, visit: Visit) {
  const { interaction, client } = visit
  if (!interaction.signIn) return renderExpired(deps, ctx)
  const { accountId } = interaction.signIn
  const { scopes, claims } = interaction
  const about = { ...originOf(ctx), accountId, clientId: client.id, scopes, claims }
  const grantId = await deps.interactions.consent(ctx)
  await recordEvent(deps.db, consentGiven(about))
  await finish(deps, ctx, { consent: { grantId } })
}

async function factsOf(deps: InteractionRouteDeps, visit: Visit): Promise<Facts | undefined> {
  const { signIn } = visit.interaction
  if (!signIn) return undefined
  const courtIds = visit.client.courts.map((court) => court.id)
  return findFacts(deps.db, signIn.accountId, courtIds, signIn.sessionUid)
}

/** The court of the asking client where this person may file. */
function filingCourt(facts: Facts) {
  const entries = efilingClaim(facts, now())
  return facts.courts.find((court) => mayFile(entries[court.id]!))
}

function originOf(ctx: Context) {
  const { address, requestId } = requestOf(ctx)
  return { ip: address, requestId }
}
