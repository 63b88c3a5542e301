import type Application from 'koa'
import type { Context, Middleware } from 'koa'
import type { By } from '../audit/by.ts'
import type { RefusalTally } from '../audit/refusal-tally.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import type { Config } from '../config/config.ts'
import type { AccountId, ClientId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import type { RefusedRequest } from '../signin/fault-words.ts'
import type { Interactions } from '../signin/interaction.ts'
import type { Keys } from '../signing/key-store.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import type { WindowCounter } from '../storage/window-counter.ts'
import { type Stores, storedId } from './adapter.ts'
import { auditTrail } from './audit-trail.ts'
import { createBrowserSessions } from './browser-session.ts'
import { refuseEnginePages } from './engine-pages.ts'
import { limitFailingClients } from './failing-clients.ts'
import { createHintReader } from './id-token-hint.ts'
import { createInteractionCookie } from './interaction-cookie.ts'
import { createInteractionRows } from './interaction-rows.ts'
import { createInteractions } from './interactions.ts'
import { describeTokens } from './introspection.ts'
import { createKeptInteractions } from './kept-interactions.ts'
import { serveDocuments } from './metadata-documents.ts'
import { createOpenInteractions } from './open-interactions.ts'
import { createOwnSessions } from './own-sessions.ts'
import { completeAnswers } from './program-answers.ts'
import { createProvider } from './provider.ts'
import { createRequestFacts } from './request-facts.ts'
import { acceptPosts, refuseUnfitRequests } from './request-rules.ts'
import { type SignOutPages, signOutRoutes } from './sign-out-routes.ts'
import { listVendorGrants, type VendorGrant } from './vendor-grants.ts'
import { withdrawConsent } from './withdraw-consent.ts'

export type EngineDeps = {
  readonly config: Pick<Config, 'issuer' | 'isConformance' | 'environment' | 'outbound'>
  readonly keys: Keys
  readonly db: Database
  readonly stores: Stores
  readonly directory: ClientDirectory
  readonly log: Log
  readonly refusals: RefusalTally
  /** Failures of clients to prove themselves. */
  readonly clientFailures: WindowCounter
  /** Pages opened per network: those of signing out, too. */
  readonly pagesPerAddress: WindowCounter
  /** What people see where the engine refuses their court's request. */
  answerRefusal(ctx: Context, refused: RefusedRequest): void
  readonly signOutPages: SignOutPages
}

/** The authorization server, as the rest of the house sees it: nobody else knows that it is an engine. */
export type Engine = {
  /** A person's way from a court's request to a code, as the sign-in pages use it. */
  readonly interactions: Interactions
  /** Begins to read the interaction that this request will ask for. */
  prefetchInteraction(ctx: Context, uid: string): void
  /** The session of this browser, as our own pages use it. */
  findSession(ctx: Context): Promise<OwnSession | undefined>
  /** The stored form of an identifier that was handed to somebody. */
  storedId(id: string): string
  /** What people allowed to vendors' applications, and the way to take it back. */
  readonly vendorGrants: {
    list(accountId: AccountId): Promise<readonly VendorGrant[]>
    end(grant: { accountId: AccountId; clientId: ClientId }, by: By): Promise<void>
  }
  /** Discovery and JWKS; they need no store, and so stand before everything that does. */
  readonly documents: Middleware
  /** The application: these in front, in this order, then the endpoints below `/oidc/`. */
  behind(front: readonly Middleware[]): Application
}

/** The engine with everything that stands around it. */
export function createEngine(deps: EngineDeps): Engine {
  const { config, keys, db, stores, directory, log, refusals } = deps
  const { issuer } = config
  const { secrets } = keys
  const isHttps = issuer.startsWith('https:')
  const stored = (id: string) => storedId(secrets.identifiers, id)

  const requestFacts = createRequestFacts({ db, directory, storedId: stored })
  const rows = createInteractionRows({
    shortLived: stores.shortLived,
    storedId: stored,
    cookie: createInteractionCookie(isHttps),
    identifierKey: secrets.identifiers,
  })
  const openInteractions = createOpenInteractions({ db, rows })
  const provider = createProvider({
    config,
    keys,
    db,
    stores,
    directory,
    requestFacts,
    interactions: openInteractions,
    interactionRows: rows,
    log,
    refusals,
    answerRefusal: deps.answerRefusal,
  })
  const sessions = createBrowserSessions({ provider, db, storedId: stored, isHttps })
  const signOut = signOutRoutes({
    issuer,
    csrfKey: secrets.csrf,
    key: secrets.identifiers,
    log,
    counter: deps.pagesPerAddress,
    sessions,
    storedId: stored,
    readHint: createHintReader(issuer, keys.signing),
    findClient: (id) => directory.find(id),
    pages: deps.signOutPages,
  })

  return {
    interactions: createInteractions({
      provider,
      rows,
      kept: createKeptInteractions({ db, rows, isHttps }),
      storedUid: stored,
    }),
    prefetchInteraction: rows.prefetch,
    findSession: createOwnSessions({ sessions, storedId: stored }),
    storedId: stored,
    vendorGrants: {
      list: (accountId) => listVendorGrants(db, stored, accountId),
      end: (grant, by) => inTransaction(db, (tx) => withdrawConsent(tx, grant, by)),
    },
    documents: serveDocuments(),
    behind(front) {
      const around = [
        signOut.routes(),
        refuseUnfitRequests({ log }),
        acceptPosts(),
        completeAnswers({ issuer }),
        openInteractions.middleware(),
        refuseEnginePages(),
        auditTrail({ db }),
        limitFailingClients({ db, clientFailures: deps.clientFailures, refusals }),
        describeTokens(directory),
      ]
      for (const middleware of [...front, ...around]) provider.use(middleware)
      return provider
    },
  }
}
