import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Router } from '@koa/router'
import Koa from 'koa'
import * as client from 'openid-client'
import { findEntry } from './efiling.ts'
import { isLoopbackHttp } from './relying-party.ts'

const courtId = 'ca4'
/** RFC 8707: the court as a resource server; a token for somebody else is none here. */
const resource = 'https://ecf.ca4.uscourts.gov/'

/**
 * Starts the filing service of the Fourth Circuit, a resource server (RFC 6750). It keeps no
 * sessions: with every request it asks Central Sign-On what the access token is worth now.
 *
 *   POST /file   201 `{ entry, filed_by }`
 *                401 no token, or one that is not active, or not for this court
 *                403 the token is good, but `efiling.ca4.actions` does not contain `file`
 *                503 Central Sign-On cannot be asked
 *
 * @param options.port 0 takes a free one.
 */
export async function startCa4Api(options: {
  issuer: string
  port: number
  clientId: string
  clientSecret: string
}): Promise<{ url: string; stop(): Promise<void> }> {
  const introspect = createIntrospection(options)
  let entries = 0

  const router = new Router()
  router.get('/healthz', (ctx) => {
    ctx.body = 'ok'
  })
  router.post('/file', async (ctx) => {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(ctx.get('authorization'))?.[1]
    if (!token) {
      ctx.set('www-authenticate', 'Bearer')
      return refuse(ctx, 401, 'missing_token')
    }
    const facts = await introspect(token).catch((error: unknown) => {
      console.error(`ca4-api: introspection failed: ${error}`)
    })
    if (!facts) return refuse(ctx, 503, 'temporarily_unavailable')

    // A token bound to a key (`cnf`) is not to be taken without the proof. RFC 9449 section 7.2.
    if (!facts.active || facts.cnf || ![facts.aud].flat().includes(resource)) {
      ctx.set('www-authenticate', 'Bearer error="invalid_token"')
      return refuse(ctx, 401, 'invalid_token')
    }
    const entry = findEntry(facts, courtId)
    if (!entry?.actions.includes('file')) {
      ctx.set('www-authenticate', 'Bearer error="insufficient_scope"')
      return refuse(ctx, 403, 'insufficient_scope')
    }
    entries += 1
    ctx.status = 201
    ctx.body = { entry: entries, filed_by: entry.filer_id ?? facts.sub }
  })

  const app = new Koa()
  app.use(router.routes()).use(router.allowedMethods())
  const server = createServer(app.callback()).listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function refuse(ctx: Koa.Context, status: number, error: string): void {
  ctx.status = status
  ctx.body = { error }
}

/** RFC 7662, with this service's own client. Discovery is read once, when first needed. */
function createIntrospection(options: { issuer: string; clientId: string; clientSecret: string }) {
  let discovered: Promise<client.Configuration> | undefined
  return async (token: string): Promise<client.IntrospectionResponse> => {
    discovered ??= client
      .discovery(
        new URL(options.issuer),
        options.clientId,
        undefined,
        client.ClientSecretBasic(options.clientSecret),
        {
          timeout: 5,
          execute: isLoopbackHttp(options.issuer) ? [client.allowInsecureRequests] : [],
        },
      )
      .catch((error: unknown) => {
        discovered = undefined
        throw error
      })
    return client.tokenIntrospection(await discovered, token, { token_type_hint: 'access_token' })
  }
}
