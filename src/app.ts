import type { Context } from 'koa'
import type { KoaContextWithOIDC, default as Provider } from 'oidc-provider'
import { tokenReused } from './audit/events.ts'
import { recordEvent } from './audit/store.ts'
import { portalClientId } from './clients/portal.ts'
import { epochSeconds } from './clock.ts'
import type { Config } from './config.ts'
import { courtRoutes } from './courts/routes.ts'
import { healthRoutes } from './health.ts'
import { assets } from './http/assets.ts'
import { csrfToken } from './http/csrf.ts'
import { answerFaults, faultOf, writeFault } from './http/faults.ts'
import { hostCheck } from './http/host-check.ts'
import { limitPages } from './http/limit-pages.ts'
import { outside } from './http/outside.ts'
import { refuseSpellings, spellPaths } from './http/paths.ts'
import { requestContext, requestOf } from './http/request-context.ts'
import { securityHeaders } from './http/security-headers.ts'
import type { AccountId, ClientId } from './ids.ts'
import { type Reuse, storedId } from './oidc/adapter.ts'
import { auditTrail } from './oidc/audit-trail.ts'
import type { EngineClient } from './oidc/engine-client.ts'
import { createInteractions } from './oidc/interactions.ts'
import { describeToken } from './oidc/introspection.ts'
import { sessionTime } from './oidc/lifetimes.ts'
import { serveDocuments } from './oidc/metadata-documents.ts'
import { completeAnswers } from './oidc/program-answers.ts'
import { createProvider, routes } from './oidc/provider.ts'
import { createRequestFacts } from './oidc/request-facts.ts'
import { acceptPosts, capRequests } from './oidc/request-rules.ts'
import { createGrantStore } from './oidc/stores/grant-store.ts'
import { createRefreshTokenStore } from './oidc/stores/refresh-token-store.ts'
import { createSessionStore } from './oidc/stores/session-store.ts'
import { createShortLivedPostgres } from './oidc/stores/short-lived-postgres.ts'
import { createShortLivedRedis } from './oidc/stores/short-lived-redis.ts'
import { endVendorGrants, listVendorGrants } from './oidc/stores/vendor-grants.ts'
import type { Services } from './services.ts'
import { accountRoutes, signOutForm } from './signin/account-routes.ts'
import { faultPage, formRefusalPage, signOutQuestion, wayBack } from './signin/fault-pages.ts'
import { interactionRoutes } from './signin/interaction-routes.ts'
import { signedOutPage } from './signin/pages.ts'
import { createThrottle } from './signin/throttle.ts'
import { isStorageFault } from './storage/db.ts'
import { createWindowCounter } from './storage/window-counter.ts'

const documents = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  routes.jwks,
]
const probes = ['/healthz', '/readyz']
const postOnly = [
  routes.token,
  routes.introspection,
  routes.revocation,
  routes.pushed_authorization_request,
]
const programPaths = [...postOnly, routes.userinfo, ...documents, ...probes]

/**
 * The whole application: every slice is wired here and nowhere else, in the order in which a request
 * passes. The engine is a Koa application itself, and ours stands in front of it.
 */
export function createApp(config: Config, services: Services): Provider {
  const { db, redis, keys, directory, log } = services
  const { secrets } = keys
  const storedUid = (uid: string) => storedId(secrets.identifiers, uid)
  const counters = { db, redis }

  const stores = {
    sessions: createSessionStore(db),
    grants: createGrantStore(db),
    refreshTokens: createRefreshTokenStore(db),
    shortLived: redis ? createShortLivedRedis(redis) : createShortLivedPostgres(db),
  }

  const requestFacts = createRequestFacts({ db, directory, storedId: storedUid })

  const html = (ctx: Context, status: number, page: string) => {
    ctx.status = status
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = page
  }

  const provider = createProvider({
    config,
    keys,
    db,
    stores,
    directory,
    requestFacts,
    log,
    isOwnSignOut: (ctx) => {
      const { session, params } = (ctx as unknown as KoaContextWithOIDC).oidc
      const expected = session && csrfToken(secrets.csrf, storedUid(session.uid), signOutForm)
      return expected !== undefined && params?.['logout_hint'] === expected
    },
    onReuse: (reuse: Reuse) =>
      recordEvent(
        db,
        tokenReused({
          model: reuse.model,
          accountId: reuse.accountId as AccountId | undefined,
          clientId: reuse.clientId as ClientId | undefined,
        }),
      ),
    pages: {
      renderError: (ctx, out, error) => {
        const { client } = (ctx as unknown as KoaContextWithOIDC).oidc
        const fault = faultOf(error, isStorageFault)
        writeFault(ctx, fault, () =>
          faultPage(ctx, fault, {
            error: out.error,
            isResuming: ctx.path.startsWith(`${routes.authorization}/`),
            askedBy: wayBack(client as EngineClient | undefined),
          }),
        )
      },
      signOut: (ctx, formHtml, isHinted) =>
        html(ctx, 200, signOutQuestion(ctx, formHtml, isHinted)),
      signedOut: (ctx) => html(ctx, 200, signedOutPage({ nonce: requestOf(ctx).nonce })),
    },
  })

  const clientFailures = createWindowCounter(
    'client-failures',
    config.limits.clientFailures,
    counters,
  )
  const pagesPerAddress = createWindowCounter('pages', config.limits.pagesPerAddress, counters)
  const throttle = createThrottle({ db, redis, limits: config.limits, key: secrets.identifiers })

  const interactions = interactionRoutes({
    db,
    directory,
    throttle,
    passwords: services.passwords,
    interactions: createInteractions(provider, storedUid),
    csrfKey: secrets.csrf,
    issuer: config.issuer,
    renderRefusal: formRefusalPage,
  })
  const account = accountRoutes({
    db,
    issuer: config.issuer,
    csrfKey: secrets.csrf,
    portalClientId,
    directory,
    vendorGrants: {
      list: (accountId) => listVendorGrants(db, storedUid, accountId),
      end: (by) => endVendorGrants(db, by),
    },
    renderRefusal: formRefusalPage,
    enginePaths: { authorization: routes.authorization, endSession: routes.end_session },
    findSession: async (ctx) => {
      const session = await provider.Session.get(ctx as unknown as KoaContextWithOIDC)
      const { accountId, loginTs, uid } = session
      if (!accountId || !loginTs) return undefined
      return {
        accountId: accountId as AccountId,
        uid: storedUid(uid),
        signedInAt: new Date(loginTs * 1000),
        async use(isStaff) {
          const time = sessionTime(loginTs, epochSeconds(), isStaff)
          await session.save(time.secondsLeft)
          return { idleSeconds: time.idleSeconds, endsAt: new Date(time.endsAt * 1000) }
        },
      }
    },
  })

  provider.use(requestContext({ trustedProxies: config.trustedProxies, log }))
  provider.use(answerFaults({ log, isUnavailable: isStorageFault, renderPage: faultPage }))
  provider.use(spellPaths({ freeBehind: ['/sign-in/', '/assets/', `${routes.authorization}/`] }))
  provider.use(securityHeaders({ issuer: config.issuer, programPaths }))
  provider.use(hostCheck({ issuer: config.issuer, exempt: probes, log }))
  provider.use(refuseSpellings({ documents, renderPage: faultPage }))
  provider.use(serveDocuments(documents))
  provider.use(
    limitPages({
      counter: pagesPerAddress,
      isPage: (path) =>
        path === routes.authorization || path === '/account' || path.startsWith('/sign-in/'),
      renderPage: faultPage,
    }),
  )
  provider.use(
    outside('/oidc/', [
      healthRoutes({ db, redis, isPrepared: services.isPrepared }),
      assets(),
      courtRoutes({ db }).routes(),
      account.routes(),
      interactions.routes(),
    ]),
  )
  provider.use(
    capRequests({
      authorization: routes.authorization,
      pushed: routes.pushed_authorization_request,
      log,
    }),
  )
  provider.use(acceptPosts([routes.authorization, routes.end_session]))
  provider.use(completeAnswers({ issuer: config.issuer, ...routes, postOnly }))
  provider.use(auditTrail({ db, clientFailures }))
  provider.use(async (ctx, next) => {
    await next()
    if ((ctx as unknown as KoaContextWithOIDC).oidc?.route === 'introspection') {
      await describeToken(ctx as unknown as KoaContextWithOIDC, { directory, requestFacts })
    }
  })
  return provider
}
