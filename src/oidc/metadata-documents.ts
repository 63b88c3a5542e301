import { createHash } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import { documentPaths } from '../paths.ts'

const maxAgeSeconds = 300

/**
 * Discovery and JWKS are constants between two key rotations: made once by the engine, then served
 * from memory, without a store, also while every store is down. CORS is open: they are public.
 */
export function serveDocuments(): Middleware {
  const documents = new Map<string, { body: string; etag: string }>()

  return async (ctx, next) => {
    if (!documentPaths.includes(ctx.path)) return next()
    if (ctx.method === 'OPTIONS') return answerPreflight(ctx)
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next()
    if (!documents.has(ctx.path)) {
      await next()
      if (ctx.status !== 200) return
      const body = JSON.stringify(corrected(ctx.body as Record<string, unknown>))
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
      documents.set(ctx.path, { body, etag })
    }
    const { body, etag } = documents.get(ctx.path)!
    ctx.set('Access-Control-Allow-Origin', '*')
    ctx.set('Cache-Control', `public, max-age=${maxAgeSeconds}`)
    ctx.etag = etag
    ctx.status = 200
    if (ctx.fresh) {
      ctx.status = 304
      return
    }
    ctx.type = 'application/json; charset=utf-8'
    ctx.body = body
  }
}

/**
 * A request object is not taken, signed or not. The list says that an unsigned one is not either: left
 * out, a client may believe so. Source: OpenID Connect Discovery 1.0 section 3.
 */
const requestObjects = {
  request_parameter_supported: false,
  request_object_signing_alg_values_supported: ['RS256', 'ES256', 'PS256'],
}

/** The documents are for everybody's scripts; a preflight learns the same from every origin. */
function answerPreflight(ctx: Context): void {
  ctx.status = 204
  ctx.set('Allow', 'GET, HEAD, OPTIONS')
  ctx.set('Access-Control-Allow-Origin', '*')
  ctx.set('Access-Control-Allow-Methods', 'GET')
  ctx.set('Access-Control-Max-Age', String(maxAgeSeconds))
}

/**
 * The engine lists what its code can do; discovery says what a client here may use: no `fragment`,
 * and the response type `none` belongs to our own pages alone. A JWKS passes unchanged.
 */
function corrected(document: Record<string, unknown>): Record<string, unknown> {
  const without = (member: string, value: string) =>
    Array.isArray(document[member]) && {
      [member]: (document[member] as string[]).filter((each) => each !== value),
    }
  // Left out, a revocation endpoint takes client_secret_basic alone, and an introspection endpoint
  // says nothing. Source: RFC 8414 section 2.
  const likeToken = (member: string) =>
    document[`token_endpoint_${member}`] !== undefined && {
      [`revocation_endpoint_${member}`]: document[`token_endpoint_${member}`],
      [`introspection_endpoint_${member}`]: document[`token_endpoint_${member}`],
    }
  return {
    ...document,
    ...likeToken('auth_methods_supported'),
    ...likeToken('auth_signing_alg_values_supported'),
    ...(document['issuer'] !== undefined && requestObjects),
    ...without('response_modes_supported', 'fragment'),
    ...without('response_types_supported', 'none'),
  }
}
