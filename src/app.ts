import type Application from 'koa'
import { createSignInCodes } from './accounts/registration/sign-in-codes.ts'
import { createUsernameTries } from './accounts/username-tries.ts'
import type { Config } from './config/config.ts'
import { redactionAcknowledgements } from './efiling/acknowledge-redaction.ts'
import { healthRoutes, serveInTime } from './health.ts'
import { assets } from './http/assets.ts'
import { answerFaults } from './http/faults.ts'
import { hostCheck } from './http/host-check.ts'
import { limitPages } from './http/limit-pages.ts'
import { refuseSpellings, spellPaths } from './http/one-spelling.ts'
import { outsideEngine } from './http/outside.ts'
import { requestContext } from './http/request-context.ts'
import { securityHeaders } from './http/security-headers.ts'
import { createEngine, type Engine } from './oidc/server.ts'
import { linkingDeps, ownPages, registrationMailing } from './own-pages.ts'
import type { Services } from './services.ts'
import { createEndInteraction } from './sessions/interaction-end.ts'
import { createShortLivedPostgres } from './sessions/short-lived-postgres.ts'
import { createShortLivedRedis } from './sessions/short-lived-redis.ts'
import { createBrowserCookie } from './signin/browser-cookie.ts'
import { createDoor } from './signin/door.ts'
import { answerRefusal, renderFault } from './signin/fault-pages.ts'
import { interactionRoutes } from './signin/interaction-routes.ts'
import { leadToDueStep } from './signin/lead-to-due-step.ts'
import { createNetworkNoise } from './signin/network-noise.ts'
import { signOutPages } from './signin/sign-out-pages.ts'
import { createThrottle } from './signin/throttle.ts'
import { turnAwayStrangers } from './signin/turn-away.ts'
import { createWaitingLine, lanesFor } from './signin/waiting-line.ts'
import { createCookieKeys } from './signing/cookie-keys.ts'
import { isStorageFault } from './storage/db.ts'
import { createWindowCounter } from './storage/window-counter.ts'

export type App = {
  /** Answers every request. */
  readonly application: Application
  readonly engine: Engine
}

/** The whole application: every slice is wired here and nowhere else, lowest first. */
export function createApp(config: Config, services: Services): App {
  const { issuer, limits } = config
  const { db, redis, directory, log, outages, refusals } = services
  const { secrets } = services.keys
  const pagesPerAddress = createWindowCounter('pages', limits.pagesPerAddress, { db, redis })
  const clientFailures = createWindowCounter('client-failures', limits.clientFailures, {
    db,
    redis,
  })

  const sessions = {
    db,
    shortLived: redis ? createShortLivedRedis(redis) : createShortLivedPostgres(db),
    endInteraction: createEndInteraction(redactionAcknowledgements),
  }

  const engine = createEngine({
    config,
    keys: services.keys,
    db,
    stores: sessions,
    directory,
    log,
    refusals,
    clientFailures,
    pagesPerAddress,
    answerRefusal,
    signOutPages: signOutPages(),
  })

  const { lanes, capacity } = lanesFor(config.password)
  const isHttps = issuer.startsWith('https:')
  const browserCookie = createBrowserCookie({ keys: createCookieKeys(secrets.cookies), isHttps })
  const noise = createNetworkNoise(limits.failuresPerWideNetwork)
  const credentials = {
    db,
    throttle: createThrottle({ db, redis, limits, key: secrets.identifiers }),
    passwords: services.passwords,
    line: createWaitingLine({ lanes, capacity }),
    noise,
    refusals,
    identifierKey: secrets.identifiers,
    browserCookie,
  }
  const signIn = {
    ...credentials,
    passwordPolicy: services.passwordPolicy,
    usernameTries: createUsernameTries({ db, redis }),
    addressCodes: createSignInCodes(registrationMailing(config, services)),
    linking: linkingDeps(config, services),
    storedId: engine.storedId,
    directory,
    interactions: engine.interactions,
    csrfKey: secrets.csrf,
    sealing: secrets.sealing,
    issuer,
  }

  // In the order in which a request passes.
  const application = engine.behind([
    requestContext({ trustedProxies: config.trustedProxies, log }),
    answerFaults({ log, outages, isUnavailable: isStorageFault, renderPage: renderFault }),
    spellPaths(),
    securityHeaders({ issuer }),
    hostCheck({ issuer, log }),
    turnAwayStrangers({
      door: createDoor({ places: lanes + capacity, noise }),
      browserCookie,
      refusals,
    }),
    refuseSpellings({ renderPage: renderFault }),
    engine.documents,
    serveInTime(services.clock),
    limitPages({ counter: pagesPerAddress, prefetchSignIn: engine.prefetchInteraction }),
    leadToDueStep(signIn),
    outsideEngine([
      healthRoutes({ ...services, isPrepared: services.isPrepared }),
      assets(),
      ...ownPages(config, services, engine, credentials),
      interactionRoutes(signIn).routes(),
    ]),
  ])
  return { application, engine }
}
