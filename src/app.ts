import type { Context } from 'koa'
import type Provider from 'oidc-provider'
import { byClient, bySystem } from './audit/by.ts'
import { recordEvent } from './audit/store.ts'
import { portalClientId } from './clients/client.ts'
import { epochSeconds } from './clock.ts'
import type { Config } from './config/config.ts'
import { courtRoutes } from './courts/routes.ts'
import { redactionAcknowledgements } from './efiling/acknowledge-redaction.ts'
import { healthRoutes, serveInTime } from './health.ts'
import { assets } from './http/assets.ts'
import { faultPage } from './http/fault-page.ts'
import { answerFaults, type Fault, faultOf, writeFault } from './http/faults.ts'
import { hostCheck } from './http/host-check.ts'
import { limitPages } from './http/limit-pages.ts'
import { refuseSpellings, spellPaths } from './http/one-spelling.ts'
import { outsideEngine } from './http/outside.ts'
import { requestContext } from './http/request-context.ts'
import { securityHeaders } from './http/security-headers.ts'
import type { AccountId, ClientId } from './ids.ts'
import { type Reuse, storedId } from './oidc/adapter.ts'
import { auditTrail } from './oidc/audit-trail.ts'
import { createBrowserSessions } from './oidc/browser-session.ts'
import { clientOf, engineOf } from './oidc/engine.ts'
import { refuseEnginePages } from './oidc/engine-pages.ts'
import { tokenReused } from './oidc/events.ts'
import { createHintReader } from './oidc/id-token-hint.ts'
import { createInteractionCookie } from './oidc/interaction-cookie.ts'
import { createInteractionRows } from './oidc/interaction-rows.ts'
import { createInteractions } from './oidc/interactions.ts'
import { describeTokens } from './oidc/introspection.ts'
import { createKeptInteractions } from './oidc/kept-interactions.ts'
import { serveDocuments } from './oidc/metadata-documents.ts'
import { createOpenInteractions } from './oidc/open-interactions.ts'
import { completeAnswers } from './oidc/program-answers.ts'
import { createProvider } from './oidc/provider.ts'
import { createRequestFacts } from './oidc/request-facts.ts'
import { acceptPosts, capRequests } from './oidc/request-rules.ts'
import { signOutRoutes } from './oidc/sign-out-routes.ts'
import { listVendorGrants } from './oidc/vendor-grants.ts'
import { withdrawConsent } from './oidc/withdraw-consent.ts'
import { isSignOutPath } from './paths.ts'
import type { Services } from './services.ts'
import { createGrantStore } from './sessions/grant-store.ts'
import { createEndInteraction } from './sessions/interaction-end.ts'
import { sessionTime } from './sessions/lifetimes.ts'
import { createRefreshTokenStore } from './sessions/refresh-token-store.ts'
import { createSessionStore } from './sessions/session-store.ts'
import { createShortLivedPostgres } from './sessions/short-lived-postgres.ts'
import { createShortLivedRedis } from './sessions/short-lived-redis.ts'
import { accountRoutes } from './signin/account-routes.ts'
import { createBrowserCookie } from './signin/browser-cookie.ts'
import { createDoor } from './signin/door.ts'
import { refusalWords, signOutFault } from './signin/fault-words.ts'
import { interactionRoutes } from './signin/interaction-routes.ts'
import { createNetworkNoise } from './signin/network-noise.ts'
import { signOutPages } from './signin/sign-out-pages.ts'
import { createThrottle } from './signin/throttle.ts'
import { turnAwayStrangers } from './signin/turn-away.ts'
import { createWaitingLine, lanesFor } from './signin/waiting-line.ts'
import { createCookieKeys } from './signing/cookie-keys.ts'
import { siteRoutes } from './site/routes.ts'
import { inTransaction, isStorageFault } from './storage/db.ts'
import { createWindowCounter } from './storage/window-counter.ts'

/**
 * The whole application: every slice is wired here and nowhere else, in the order in which a request
 * passes. The engine is a Koa application itself, and ours stands in front of it.
 */
export function createApp(config: Config, services: Services): Provider {
  const { db, redis, keys, directory, log } = services
  const { secrets } = keys
  const storedUid = (uid: string) => storedId(secrets.identifiers, uid)
  const counters = { db, redis }

  const endInteraction = createEndInteraction(redactionAcknowledgements)
  const stores = {
    sessions: createSessionStore(db),
    grants: createGrantStore(db),
    refreshTokens: createRefreshTokenStore(db),
    shortLived: redis ? createShortLivedRedis(redis) : createShortLivedPostgres(db),
    endInteraction: endInteraction.bind(undefined, db),
  }

  const requestFacts = createRequestFacts({ db, directory, storedId: storedUid })

  const interactionRows = createInteractionRows({
    shortLived: stores.shortLived,
    storedId: storedUid,
    cookie: createInteractionCookie(config.issuer.startsWith('https:')),
    identifierKey: secrets.identifiers,
  })
  const openInteractions = createOpenInteractions(interactionRows)

  const provider = createProvider({
    config,
    keys,
    db,
    stores,
    directory,
    requestFacts,
    interactions: openInteractions,
    log,
    refusals: services.refusals,
    onReuse: (reuse: Reuse) =>
      recordEvent(
        db,
        tokenReused({
          by: reuse.clientId ? byClient(reuse.clientId as ClientId, {}) : bySystem(),
          model: reuse.model,
          accountId: reuse.accountId as AccountId | undefined,
          clientId: reuse.clientId as ClientId | undefined,
        }),
      ),
    pages: {
      renderError: (ctx, out, error) => {
        const fault = faultOf(error, isStorageFault)
        writeFault(ctx, fault, () =>
          faultPage(ctx, fault, {
            words: refusalWords(ctx, fault, {
              error: out.error,
              ...(config.environment === 'development' && {
                redirectMismatch: ctx.state['redirectMismatch'],
              }),
            }),
            askedBy: clientOf(engineOf(ctx))?.cso_way_back,
          }),
        )
      },
    },
  })

  const sessions = createBrowserSessions({
    provider,
    db,
    storedId: storedUid,
    isHttps: config.issuer.startsWith('https:'),
  })
  const clientFailures = createWindowCounter(
    'client-failures',
    config.limits.clientFailures,
    counters,
  )
  const pagesPerAddress = createWindowCounter('pages', config.limits.pagesPerAddress, counters)
  const throttle = createThrottle({ db, redis, limits: config.limits, key: secrets.identifiers })

  const browserCookie = createBrowserCookie({
    keys: createCookieKeys(secrets.cookies),
    isHttps: config.issuer.startsWith('https:'),
  })
  const noise = createNetworkNoise(config.limits.failuresPerWideNetwork)
  const { lanes, capacity } = lanesFor(config.password)

  const interactions = interactionRoutes({
    db,
    directory,
    throttle,
    passwords: services.passwords,
    line: createWaitingLine({ lanes, capacity }),
    noise,
    refusals: services.refusals,
    identifierKey: secrets.identifiers,
    browserCookie,
    interactions: createInteractions({
      provider,
      rows: interactionRows,
      kept: createKeptInteractions({
        db,
        rows: interactionRows,
        isHttps: config.issuer.startsWith('https:'),
      }),
      storedUid,
    }),
    csrfKey: secrets.csrf,
    issuer: config.issuer,
  })
  const account = accountRoutes({
    db,
    issuer: config.issuer,
    csrfKey: secrets.csrf,
    portalClientId,
    directory,
    vendorGrants: {
      list: (accountId) => listVendorGrants(db, storedUid, accountId),
      end: (grant, by) => inTransaction(db, (tx) => withdrawConsent(tx, grant, by)),
    },
    findSession: async (ctx) => {
      const session = await sessions.find(ctx)
      return (
        session && {
          accountId: session.accountId,
          uid: storedUid(session.uid),
          signedInAt: new Date(session.loginTs * 1000),
          async use(isStaff) {
            const time = sessionTime(session.loginTs, epochSeconds(), isStaff)
            await session.save(time.secondsLeft)
            return { idleSeconds: time.idleSeconds, endsAt: new Date(time.endsAt * 1000) }
          },
          end: () => sessions.end(ctx, session, portalClientId),
        }
      )
    },
  })
  const signOut = signOutRoutes({
    issuer: config.issuer,
    csrfKey: secrets.csrf,
    key: secrets.identifiers,
    log,
    counter: pagesPerAddress,
    sessions,
    storedId: storedUid,
    readHint: createHintReader(config.issuer, keys.signing),
    findClient: (id) => directory.find(id),
    pages: signOutPages(),
  })
  const renderFault = (ctx: Context, fault: Fault) =>
    faultPage(ctx, fault, isSignOutPath(ctx.path) ? signOutFault(fault) : {})

  provider.use(requestContext({ trustedProxies: config.trustedProxies, log }))
  provider.use(
    answerFaults({
      log,
      outages: services.outages,
      isUnavailable: isStorageFault,
      renderPage: renderFault,
    }),
  )
  provider.use(spellPaths())
  provider.use(securityHeaders({ issuer: config.issuer }))
  provider.use(hostCheck({ issuer: config.issuer, log }))
  provider.use(
    turnAwayStrangers({
      door: createDoor({ places: lanes + capacity, noise }),
      browserCookie,
      refusals: services.refusals,
    }),
  )
  provider.use(refuseSpellings({ renderPage: renderFault }))
  provider.use(serveDocuments())
  provider.use(serveInTime(services.clock))
  provider.use(limitPages({ counter: pagesPerAddress, prefetchSignIn: interactionRows.prefetch }))
  provider.use(
    outsideEngine([
      healthRoutes({ ...services, isPrepared: services.isPrepared }),
      assets(),
      courtRoutes({ db }).routes(),
      siteRoutes({ issuer: config.issuer, securityContacts: config.securityContacts }).routes(),
      account.routes(),
      interactions.routes(),
    ]),
  )
  provider.use(signOut.routes())
  provider.use(capRequests({ log }))
  provider.use(acceptPosts())
  provider.use(completeAnswers({ issuer: config.issuer }))
  provider.use(openInteractions.middleware())
  provider.use(refuseEnginePages())
  provider.use(auditTrail({ db, clientFailures, refusals: services.refusals }))
  provider.use(describeTokens({ directory, requestFacts }))
  return provider
}
