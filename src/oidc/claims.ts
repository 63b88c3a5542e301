import type { Account as EngineAccount, FindAccount, KoaContextWithOIDC } from 'oidc-provider'
import { displayName, searchStatusOf } from '../accounts/account.ts'
import { may } from '../accounts/account-state.ts'
import { epochSeconds, now } from '../clock.ts'
import { efilingClaim, findFacts, type PersonFacts } from '../efiling/facts.ts'
import type { EfilingEntry } from '../efiling/standing.ts'
import { type CourtId, isAccountId } from '../ids.ts'
import { sessionTime } from '../sessions/lifetimes.ts'
import type { Database } from '../storage/db.ts'
import { clientOf } from './engine.ts'
import { statesEfiling } from './id-token.ts'
import { notesOf } from './request-notes.ts'

/** An account as the engine holds it during a request, with the facts its claims are made of. */
export type AccountWithFacts = EngineAccount & { readonly facts: PersonFacts }

export type PacerClaim = {
  account_number: string
  account_type: 'individual' | 'shared' | 'firm'
  user_type: string
  upgraded: boolean
  search: 'active' | 'inactive'
  client_code?: string
  billed_to: 'self' | 'firm'
  exempt: boolean
}

export function pacerClaim({ account }: PersonFacts): PacerClaim {
  return {
    account_number: account.number,
    account_type: account.type,
    user_type: account.userType,
    upgraded: account.isUpgraded,
    search: searchStatusOf(account, now()),
    ...(account.clientCode !== null && { client_code: account.clientCode }),
    billed_to: account.billedTo,
    // An exemption is switched on by its holder within a session and is off at every sign-in. There
    // is no such switch yet, so no session has one on.
    exempt: false,
  }
}

/**
 * The standard claims of the `profile` and `email` scopes. An address that its holder has not confirmed
 * may be somebody else's, and libraries know people by it. OpenID Connect Core 1.0 section 5.1.
 */
export function standardClaims({ account }: PersonFacts): Record<string, string | boolean> {
  const { givenName, familyName, email, isEmailVerified } = account
  return {
    name: displayName(account),
    ...(givenName !== null && { given_name: givenName }),
    ...(familyName !== null && { family_name: familyName }),
    preferred_username: account.username,
    ...(email !== null && isEmailVerified && { email, email_verified: true }),
  }
}

/**
 * The `efiling` claim as courts are told it. Where it is about several courts, one that is not in it
 * means `none` (or `not-live`); where it is about one, that one is always there.
 */
export function statedEfiling(facts: PersonFacts, at: Date): Record<string, EfilingEntry> {
  const entries = efilingClaim(facts, at)
  if (facts.courts.length === 1) return entries
  const isSaying = ({ status }: EfilingEntry) => status !== 'none' && status !== 'not-live'
  return Object.fromEntries(Object.entries(entries).filter(([, entry]) => isSaying(entry)))
}

/**
 * Finds the account of a subject with the facts of now, for the courts of the asking client and no
 * other. Undefined when there is none or it may no longer sign in: every token of it is dead then.
 */
export function createFindAccount(db: Database, storedUid: (uid: string) => string) {
  return async function findAccount(
    ctx: KoaContextWithOIDC,
    sub: string,
    source: Parameters<FindAccount>[2],
  ): Promise<AccountWithFacts | undefined> {
    if (!isAccountId(sub)) return undefined
    const client = clientOf(ctx.oidc)
    const courtIds: CourtId[] = client?.cso_courts.map((court) => court.id) ?? []
    const bound = source && 'sessionUid' in source ? source.sessionUid : undefined
    const uid = bound ?? ctx.oidc.session?.uid
    const facts =
      notesOf(ctx).facts.get(sub) ??
      (await findFacts(db, sub, courtIds, uid ? storedUid(uid) : undefined))
    if (!facts || !may(facts.account, 'sign-in')) return undefined
    return {
      accountId: facts.account.id,
      facts,
      async claims(use) {
        const isIdToken = use === 'id_token'
        return {
          sub: facts.account.id,
          ...standardClaims(facts),
          pacer: pacerClaim(facts),
          ...((!isIdToken || statesEfiling(courtIds.length)) && {
            efiling: statedEfiling(facts, now()),
          }),
          ...(isIdToken && sessionExpiry(ctx, facts)),
        }
      },
    }
  }
}

/** When the session of the sign-in that is told of ends at the latest; epoch seconds. */
function sessionExpiry({ oidc }: KoaContextWithOIDC, { isStaff }: PersonFacts) {
  const { authTime } = oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken ?? {}
  if (authTime === undefined) return undefined
  return { session_expiry: sessionTime(authTime, epochSeconds(), isStaff).endsAt }
}
