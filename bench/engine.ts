/**
 * The yardstick: oidc-provider as its documentation shows it, in its own process, with the plain Redis
 * adapter that most installations copy. No accounts, no claims, no audit, every password is right.
 * Environment: PORT, REDIS_URL, BENCH_CLIENTS (JSON, see `BenchClient`), BENCH_ALGORITHM (ES256 | RS256).
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { type Adapter, type AdapterPayload, type JWK, Provider } from 'oidc-provider'
import { type BenchClient, scopeOf } from './clients.ts'

const port = Number(process.env['PORT'])
const algorithm = process.env['BENCH_ALGORITHM'] === 'RS256' ? 'RS256' : 'ES256'
const clients = JSON.parse(process.env['BENCH_CLIENTS'] ?? '[]') as BenchClient[]
const redis = new Redis(process.env['REDIS_URL'] ?? '', { keyPrefix: 'engine:' })

const consumable = new Set(['AuthorizationCode', 'RefreshToken'])
const grantable = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken'])

/** Deliberately plain: one MULTI per upsert, a list of keys per grant, check-then-set consumption. */
class PlainAdapter implements Adapter {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
  key(id: string) {
    return `${this.name}:${id}`
  }
  async upsert(id: string, payload: AdapterPayload, expiresIn: number) {
    const key = this.key(id)
    const transaction = redis.multi()
    if (consumable.has(this.name)) transaction.hset(key, { payload: JSON.stringify(payload) })
    else transaction.set(key, JSON.stringify(payload))
    if (expiresIn) transaction.expire(key, expiresIn)
    if (grantable.has(this.name) && payload.grantId) {
      const list = `grant:${payload.grantId}`
      transaction.rpush(list, key)
      if (expiresIn > (await redis.ttl(list))) transaction.expire(list, expiresIn)
    }
    if (payload.uid) {
      transaction.set(`uid:${payload.uid}`, id)
      transaction.expire(`uid:${payload.uid}`, expiresIn)
    }
    await transaction.exec()
  }
  async find(id: string): Promise<AdapterPayload | undefined> {
    if (!consumable.has(this.name)) {
      const text = await redis.get(this.key(id))
      return text ? JSON.parse(text) : undefined
    }
    const { payload, ...rest } = await redis.hgetall(this.key(id))
    return payload ? { ...rest, ...JSON.parse(payload) } : undefined
  }
  async findByUid(uid: string) {
    const id = await redis.get(`uid:${uid}`)
    return id ? this.find(id) : undefined
  }
  async findByUserCode() {
    return undefined
  }
  async consume(id: string) {
    await redis.hset(this.key(id), 'consumed', Math.floor(Date.now() / 1000))
  }
  async destroy(id: string) {
    await redis.del(this.key(id))
  }
  async revokeByGrantId(grantId: string) {
    const list = `grant:${grantId}`
    const transaction = redis.multi()
    for (const key of await redis.lrange(list, 0, -1)) transaction.del(key)
    transaction.del(list)
    await transaction.exec()
  }
}

const { privateKey } =
  algorithm === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 3072 })

const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: PlainAdapter,
  clients: clients.map((client) => ({
    client_id: client.id,
    client_secret: client.secret,
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: algorithm,
    redirect_uris: [client.redirectUri],
    grant_types: ['authorization_code', ...(client.canRefresh ? ['refresh_token'] : [])],
    response_types: ['code'],
    scope: scopeOf(client),
  })),
  jwks: {
    keys: [{ ...(privateKey.export({ format: 'jwk' }) as JWK), alg: algorithm, use: 'sig' }],
  },
  cookies: { keys: ['a key that only the benchmark uses'] },
  scopes: ['openid', 'offline_access', 'profile', 'email', 'pacer', 'efiling'],
  claims: { openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'] },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  rotateRefreshToken: false,
  ttl: {
    AccessToken: 300,
    IdToken: 300,
    AuthorizationCode: 60,
    RefreshToken: 43_200,
    Interaction: 900,
    Session: 43_200,
    Grant: 43_200,
  },
  routes: {
    authorization: '/oidc/auth',
    token: '/oidc/token',
    userinfo: '/oidc/userinfo',
    introspection: '/oidc/introspection',
    revocation: '/oidc/revocation',
    jwks: '/oidc/jwks',
  },
  interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc
    if (!client || !session?.accountId) return undefined
    const known = session.grantIdFor(client.clientId)
    if (known) return ctx.oidc.provider.Grant.find(known)
    const grant = new ctx.oidc.provider.Grant({
      clientId: client.clientId,
      accountId: session.accountId,
    })
    grant.addOIDCScope(client.scope ?? 'openid')
    await grant.save()
    return grant
  },
})

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/sign-in/')) return next()
  const { prompt, uid } = await provider.interactionDetails(ctx.req, ctx.res)
  if (ctx.method === 'GET') {
    ctx.type = 'html'
    ctx.body = `<form method="post" action="/sign-in/${uid}"><input name="username"><input type="password" name="password"><button>Sign in</button></form>`
    return
  }
  let body = ''
  for await (const chunk of ctx.req) body += chunk
  const accountId = new URLSearchParams(body).get('username') || randomUUID()
  const result = prompt.name === 'login' ? { login: { accountId } } : { consent: {} }
  ctx.redirect(
    await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: true }),
  )
})

provider.on('server_error', (_ctx, error) => console.error(error))
provider.listen(port, '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
