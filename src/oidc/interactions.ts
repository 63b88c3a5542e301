import type { Context } from 'koa'
import type Provider from 'oidc-provider'
import type { AccountId, ClientId } from '../ids.ts'
import { ok, refused } from '../outcome.ts'
import { resumePath } from '../paths.ts'
import type { Interaction, Interactions } from '../signin/interaction.ts'
import { isAnswered } from '../signin/steps/table.ts'
import { passwordLevel, passwordMethods } from './assurance.ts'
import { namedClaims, readClaimsRequest, scopesGiving } from './claim-scopes.ts'
import { hasSeenBefore } from './interaction-policy.ts'
import type { InteractionRow, InteractionRows } from './interaction-rows.ts'
import type { KeptInteractions } from './kept-interactions.ts'
import { notesOf } from './request-notes.ts'

/** The engine's interactions, as the sign-in pages use them. */
export function createInteractions(deps: {
  provider: Provider
  rows: InteractionRows
  kept: KeptInteractions
  storedUid(uid: string): string
}): Interactions {
  const { provider, rows, kept, storedUid } = deps
  const sessionCookie = provider.cookieName('session')
  const rowOf = (ctx: Context) => {
    const row = notesOf(ctx).interaction
    if (!row) throw new Error('the interaction was not found before')
    return row
  }

  return {
    password: { acr: passwordLevel, amr: passwordMethods },

    async find(ctx, uid) {
      const row = await rows.find(ctx, uid)
      if (row.ok) {
        const value = await kept.resume(ctx, uid, row.value)
        notesOf(ctx).interaction = value
        return ok(describe(uid, value))
      }
      if (row.reason !== 'expired') return row
      const stillCounts = row.kept && (await kept.describe(row.kept))
      if (stillCounts) kept.note(ctx, uid)
      return refused('expired', { kept: stillCounts })
    },

    save: (ctx, uid, progress) => rows.saveProgress(ctx, uid, rowOf(ctx), progress),

    extend: (ctx, uid) => rows.extend(uid, rowOf(ctx)),

    // The client is named for the page that says why, should it come too late.
    endOf: ({ uid, clientId }) => resumePath(uid, clientId),

    async enter(ctx, { uid, clientId }, facts, next) {
      if (facts) notesOf(ctx).facts.set(facts.account.id, facts)
      const { method, url } = ctx
      ctx.method = 'GET'
      ctx.url = resumePath(uid, clientId)
      try {
        await next()
      } finally {
        // The log names what the browser asked for.
        Object.assign(ctx, { method, url })
      }
    },

    async findSession(ctx) {
      // The engine makes a session where there is none, for a page that has no use for one.
      if (!ctx.cookies.get(sessionCookie, { signed: false })) return undefined
      const session = await provider.Session.get(ctx)
      const { accountId, uid, loginTs, authorizations } = session
      if (!accountId || !loginTs) return undefined
      const clientId = String(notesOf(ctx).interaction?.params?.['client_id'] ?? '')
      return {
        accountId: accountId as AccountId,
        uid: storedUid(uid),
        signedInAt: loginTs,
        hasSeen: (step, remembered) =>
          hasSeenBefore({ loginTs, authorizations }, clientId, step, remembered),
      }
    },
  }
}

function describe(
  uid: string,
  { params = {}, prompt, session, progress }: InteractionRow,
): Interaction {
  const scopes = wordsOf(params['scope'])
  const claims = namedClaims(readClaimsRequest(params['claims']))
  const { name, reasons } = prompt as { name: string; reasons: readonly string[] }
  if (!isAnswered(name)) throw new Error(`no step answers the prompt ${name}`)
  return {
    uid,
    clientId: String(params['client_id']) as ClientId,
    loginHint: typeof params['login_hint'] === 'string' ? params['login_hint'] : undefined,
    scopes,
    claims,
    wants: [...new Set([...scopes, ...scopesGiving(claims)])],
    prompts: wordsOf(params['prompt']),
    stoppedBy: { name, reasons },
    startedBy: (session as { accountId?: AccountId } | undefined)?.accountId,
    progress: progress ?? {},
  }
}

function wordsOf(value: unknown): string[] {
  return typeof value === 'string' ? value.split(' ').filter(Boolean) : []
}
