import type { Context, Middleware, Next } from 'koa'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { writeProblem } from '../http/program-problem.ts'
import { readBody } from '../http/read-body.ts'
import { requestOf } from '../http/request-context.ts'
import type { Log } from '../log.ts'
import { enginePaths } from '../paths.ts'

/**
 * Caps in bytes on what a request may carry, before anything is stored for it: without them an
 * unauthenticated request writes as much as it likes. Every parameter that the engine keeps has one;
 * what it does not know it does not keep. ASP.NET sends a `state` of 1,800 bytes and more.
 */
const parameterLimits: Readonly<Record<string, number>> = {
  state: 4096,
  nonce: 256,
  login_hint: 256,
  scope: 512,
  claims: 4096,
  client_id: 128,
  redirect_uri: 512,
  acr_values: 512,
  resource: 512,
  id_token_hint: 8192,
  request_uri: 512,
  response_type: 64,
  response_mode: 32,
  code_challenge: 128,
  code_challenge_method: 16,
  dpop_jkt: 128,
  prompt: 64,
  max_age: 16,
  display: 32,
  ui_locales: 256,
  claims_locales: 256,
}
const maximumPushedBytes = 32 * 1024
/** As an address it still fits into one buffer of 16 KiB of a proxy. A `state` may be all escapes. */
const maximumPostedBytes = 15 * 1024

/** The first parameter that is too long, or undefined; one that is given several times counts whole. */
export function oversizedParameter(
  parameters: Readonly<Record<string, unknown>>,
): string | undefined {
  return Object.entries(parameterLimits).find(([name, limit]) => {
    const values = [parameters[name] ?? []].flat()
    return Buffer.byteLength(values.map(String).join(' ')) > limit
  })?.[0]
}

/**
 * The first parameter with a character that PostgreSQL does not keep, a NUL or half a surrogate pair,
 * or undefined. JSON may spell one as an escape, which is undone before it is stored.
 */
export function unstorableParameter(
  parameters: Readonly<Record<string, unknown>>,
): string | undefined {
  return Object.entries(parameters).find(([name, value]) => {
    const texts = [value ?? []].flat().map(String)
    return !texts.every((text) => isStorable(text) && (name !== 'claims' || isJsonStorable(text)))
  })?.[0]
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function isJsonStorable(text: string): boolean {
  let isGood = true
  try {
    JSON.parse(text, (key, value) => {
      isGood &&= isStorable(key) && (typeof value !== 'string' || isStorable(value))
      return value
    })
  } catch {
    // Not JSON: the engine says so.
  }
  return isGood
}

/**
 * Runs for every authorization request, pushed ones included: the engine calls the validator of an
 * extra parameter whether it is there or not, and has no other hook at that place.
 */
export const extraParams = {
  cso_request_rules(ctx: KoaContextWithOIDC) {
    const name = oversizedParameter(ctx.oidc.params ?? {})
    if (name) throw new errors.InvalidRequest(`${name} is too long`)
    const unstorable = unstorableParameter(ctx.oidc.params ?? {})
    if (unstorable)
      throw new errors.InvalidRequest(`${unstorable} has a character that is not kept`)
  },
}

/** Refuses oversized and unstorable requests before the engine stores anything of them. */
export function refuseUnfitRequests({ log }: { readonly log: Log }): Middleware {
  return async (ctx, next) => {
    const isCapped = ctx.path.startsWith(enginePaths.authorization) && ctx.method !== 'POST'
    const oversized = isCapped ? oversizedParameter(ctx.query) : undefined
    const unstorable = oversized ? undefined : unstorableParameter(ctx.query)
    if (oversized ?? unstorable) {
      const detail = oversized ? `${oversized} is too long` : `${unstorable} cannot be stored`
      // The page that the person sees says nothing of it: who asks why finds it here.
      const { requestId } = requestOf(ctx)
      log.info({ requestId, reason: 'invalid_request', detail }, 'request refused')
      // Not sent back to the court's address: nothing of this request has been checked yet.
      ctx.throw(400, detail, { expose: true })
    }
    if (
      ctx.path === enginePaths.pushed_authorization_request &&
      (ctx.request.length ?? 0) > maximumPushedBytes
    ) {
      return writeProblem(ctx, 413, 'the request is too large')
    }
    await next()
  }
}

/**
 * OpenID Connect Core requires the authorization endpoint to take POST. A POST from a court's page
 * carries no SameSite=Lax cookie, so it is turned into the GET that does: 303 with the same
 * parameters. Source: OpenID Connect Core 1.0 section 3.1.2.1.
 */
export function acceptPosts(): Middleware {
  return async (ctx: Context, next: Next) => {
    if (ctx.method !== 'POST' || ctx.path !== enginePaths.authorization) return next()
    const form = await readPostedRequest(ctx)
    ctx.status = 303
    ctx.redirect(`${ctx.path}?${new URLSearchParams(form)}`)
    ctx.status = 303
  }
}

async function readPostedRequest(ctx: Context): Promise<[string, string][]> {
  if (!ctx.is('application/x-www-form-urlencoded')) ctx.throw(415, 'a form is expected')
  return [...new URLSearchParams(await readBody(ctx, maximumPostedBytes))]
}
