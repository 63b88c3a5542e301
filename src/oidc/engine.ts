import type { EventEmitter } from 'node:events'
import type { Context } from 'koa'
import Provider, {
  type AdapterPayload,
  type Client as EnginesClient,
  type errors,
  type Grant,
  type KoaContextWithOIDC,
  type OIDCContext,
} from 'oidc-provider'
import type { AccountWithFacts } from './claims.ts'
import type { EngineClient } from './engine-client.ts'
import type { EndResult } from './interaction-end.ts'

// What the engine does and its types do not say. Every cast toward the engine stands here, with its
// reason; the rest of the house asks these functions (`test/architecture.test.ts`).

/** The request that the engine is answering; undefined outside of one, as for our own pages. */
export function currentRequest(): KoaContextWithOIDC | undefined {
  return Provider.ctx
}

/** What the engine knows of a request; undefined for one that it does not answer. */
export function engineOf(ctx: Context | KoaContextWithOIDC): OIDCContext | undefined {
  // Its middleware hangs it on the context of Koa, whose type does not know it.
  return (ctx as Partial<KoaContextWithOIDC>).oidc
}

/** A client of the engine, with the members that our directory gave to it. */
export function ourClient(client: EnginesClient): EngineClient {
  // Every client is built from `engineMetadata`; the engine's type has an index signature for the rest.
  return client as EngineClient
}

/** The client of a request; undefined as long as it is not known. */
export function clientOf(oidc: OIDCContext | undefined): EngineClient | undefined {
  return oidc?.client && ourClient(oidc.client)
}

/** The client of a request whose client is known: behind client authentication, in the prompts. */
export function getClient(oidc: OIDCContext): EngineClient {
  const client = clientOf(oidc)
  if (!client) throw new Error('the client of this request is not known yet')
  return client
}

/** The account of a request; undefined as long as nobody is signed in, or where it may not sign in. */
export function accountOf({ account }: OIDCContext): AccountWithFacts | undefined {
  // The engine hands back what `createFindAccount` gave to it.
  return account as AccountWithFacts | undefined
}

/** How the interaction ended that this request comes from. */
export function endResultOf({ result }: OIDCContext): EndResult | undefined {
  // The engine hands back what the adapter of interactions gave to it; see `open-interactions.ts`.
  return result as EndResult | undefined
}

/** A client as the engine uses it. Its type is built without parameters. */
export function buildClient(engine: Provider, metadata: AdapterPayload): EnginesClient {
  const { Client } = engine as unknown as { Client: new (metadata: object) => EnginesClient }
  return new Client(metadata)
}

/** A new grant under an identifier of ours; the engine takes one, and its type does not. */
export function buildGrant(
  engine: Provider,
  of: { readonly accountId: string; readonly clientId: string; readonly jti: string | undefined },
): Grant {
  const { jti, ...known } = of
  return new engine.Grant({ ...known, ...(jti && { jti }) } as typeof known)
}

/** Answers `find` of a model of tokens as if those were not there that `isKept` does not take. */
export function keepFound<Token>(
  model: { readonly prototype: Token },
  isKept: (token: Token) => boolean,
): void {
  // A static method that is generic in its own `this` cannot be assigned with its type.
  const tokens = model as unknown as { find(...args: unknown[]): Promise<Token | undefined> }
  const { find } = tokens
  tokens.find = async function kept(...args) {
    const token = await find.apply(this, args)
    return token && isKept(token) ? token : undefined
  }
}

/** Tokens of this model get these identifiers; the engine's method for that is not in its types. */
export function nameTokens(model: { readonly prototype: object }, newId: () => string): void {
  Object.assign(model.prototype, { generateTokenId: newId })
}

const refusals = [
  'authorization.error',
  'grant.error',
  'introspection.error',
  'revocation.error',
  'userinfo.error',
  'pushed_authorization_request.error',
  'end_session.error',
  'end_session_confirm.error',
] as const

/** Calls the listener for every request that an endpoint of the engine refuses. */
export function onRefusal(
  engine: Provider,
  listener: (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => void,
): void {
  // Its types know a listener for one name, and none for a list of names.
  for (const name of refusals) engine.on(name as 'grant.error', listener)
}

/** Calls the listener where Koa could not answer; its event is not among those of the engine's type. */
export function onUnanswered(engine: Provider, listener: (error: Error) => void): void {
  const emitter: EventEmitter = engine
  emitter.on('error', listener)
}
