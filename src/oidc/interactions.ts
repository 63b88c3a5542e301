import type { Context } from 'koa'
import { errors, type default as Provider } from 'oidc-provider'
import { epochSeconds } from '../clock.ts'
import type { AccountId, ClientId } from '../ids.ts'
import type { Interaction, Interactions } from '../signin/interaction-routes.ts'
import { passwordLevel, passwordMethods } from './assurance.ts'
import { namedClaims, readClaimsRequest, scopesGiving } from './claim-scopes.ts'
import { grantIdFor, writeGrant } from './grants.ts'
import type { NoticeDetails } from './interaction-policy.ts'
import { courtScopes } from './introspection.ts'

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

/** The engine's interactions, as the sign-in pages use them. */
export function createInteractions(
  provider: Provider,
  storedUid: (uid: string) => string,
): Interactions {
  const findDetails = async (ctx: Context): Promise<Details | undefined> => {
    try {
      return await provider.interactionDetails(ctx.req, ctx.res)
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    }
  }

  const found = new WeakMap<Context, Details>()

  return {
    password: { acr: passwordLevel, amr: passwordMethods },

    async find(ctx) {
      const details = await findDetails(ctx)
      if (details) found.set(ctx, details)
      return details && describe(details, storedUid)
    },

    async finish(ctx, result) {
      const details = found.get(ctx)
      if (!details) throw new errors.SessionNotFound('the interaction was not found before')
      // As the engine's interactionResult, without looking the same interaction up again.
      details.result = 'error' in result ? result : { ...details.lastSubmission, ...result }
      await details.save(details.exp - epochSeconds())
      return details.returnTo
    },

    async consent(ctx) {
      const details = found.get(ctx)
      if (!details) throw new errors.SessionNotFound('the interaction was not found before')
      const { params, session: of } = details
      const session = of?.uid ? await provider.Session.findByUid(of.uid) : undefined
      if (!session?.accountId) throw new errors.SessionNotFound('the session has ended')
      const clientId = String(params['client_id'])
      const known = session.grantIdFor(clientId)
      const existing = known ? await provider.Grant.find(known) : undefined
      const scopes = scopesOf(params)
      const grant = await writeGrant(provider, {
        existing,
        grantId: existing ? undefined : grantIdFor(session.uid, clientId, known),
        accountId: session.accountId,
        clientId,
        contents: {
          scope: scopes.join(' '),
          claims: namedClaims(readClaimsRequest(params['claims'])),
          resources: Object.fromEntries(
            resourcesOf(params).map((resource) => [
              resource,
              scopes.filter((scope) => courtScopes.includes(scope)).join(' '),
            ]),
          ),
        },
      })
      return grant.jti
    },
  }
}

/** The engine has just checked that the session lives, and that it is still this person's. */
function describe(
  { uid, params, prompt, session }: Details,
  storedUid: (uid: string) => string,
): Interaction {
  const scopes = scopesOf(params)
  const claims = namedClaims(readClaimsRequest(params['claims']))
  return {
    uid,
    clientId: String(params['client_id']) as ClientId,
    loginHint: text(params['login_hint']),
    scopes,
    claims,
    wants: [...new Set([...scopes, ...scopesGiving(claims)])],
    prompt: { name: prompt.name, reasons: prompt.reasons },
    // A sign-in form needs nobody; every later one needs to know whose sign-in it belongs to.
    signIn:
      prompt.name !== 'login' && session?.accountId
        ? {
            accountId: session.accountId as AccountId,
            sessionUid: storedUid(session.uid),
            signedInAt: (prompt.details as Partial<NoticeDetails>).signedInAt ?? 0,
          }
        : undefined,
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function scopesOf(params: Record<string, unknown>): string[] {
  return (text(params['scope']) ?? '').split(' ').filter(Boolean)
}

function resourcesOf(params: Record<string, unknown>): string[] {
  const { resource } = params
  return (Array.isArray(resource) ? resource : [resource]).filter(
    (value): value is string => typeof value === 'string',
  )
}
