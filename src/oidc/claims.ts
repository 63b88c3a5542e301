import type { Account as EngineAccount, KoaContextWithOIDC } from 'oidc-provider'
import { canSignIn, displayName } from '../accounts/account.ts'
import { now } from '../clock.ts'
import { efilingClaim, type Facts, findFacts } from '../efiling/facts.ts'
import { type CourtId, isAccountId } from '../ids.ts'
import type { Database } from '../storage/db.ts'
import type { EngineClient } from './engine-client.ts'
import type { RequestFacts } from './request-facts.ts'

/** An account as the engine holds it during a request, with the facts its claims are made of. */
export type AccountWithFacts = EngineAccount & { readonly facts: Facts }

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

export function pacerClaim({ account }: Facts): PacerClaim {
  return {
    account_number: account.number,
    account_type: account.type,
    user_type: account.userType,
    upgraded: account.isUpgraded,
    search: account.searchStatus,
    ...(account.clientCode !== null && { client_code: account.clientCode }),
    billed_to: account.billedTo,
    // An exemption is switched on by its holder within a session and is off at every sign-in. There
    // is no such switch yet, so no session has one on.
    exempt: false,
  }
}

/** The standard claims of the `profile` and `email` scopes. OpenID Connect Core 1.0 section 5.1. */
export function standardClaims({ account }: Facts): Record<string, string | boolean> {
  const { givenName, familyName, email } = account
  return {
    name: displayName(account),
    ...(givenName !== null && { given_name: givenName }),
    ...(familyName !== null && { family_name: familyName }),
    preferred_username: account.username,
    ...(email !== null && { email, email_verified: account.isEmailVerified }),
  }
}

/**
 * Finds the account of a subject with the facts of now, for the courts of the asking client and no
 * other. Undefined when there is none or it may no longer sign in: every token of it is dead then.
 */
export function createFindAccount(
  db: Database,
  requestFacts: RequestFacts,
  storedUid: (uid: string) => string,
) {
  return async function findAccount(
    ctx: KoaContextWithOIDC,
    sub: string,
    source?: { sessionUid?: string },
  ): Promise<AccountWithFacts | undefined> {
    if (!isAccountId(sub)) return undefined
    const client = ctx.oidc.client as EngineClient | undefined
    const courtIds: CourtId[] = client?.cso_courts.map((court) => court.id) ?? []
    const uid = source?.sessionUid ?? ctx.oidc.session?.uid
    const facts =
      requestFacts.facts(ctx, sub) ??
      (await findFacts(db, sub, courtIds, uid ? storedUid(uid) : undefined))
    if (!facts || !canSignIn(facts.account)) return undefined
    return {
      accountId: facts.account.id,
      facts,
      async claims() {
        return {
          sub: facts.account.id,
          ...standardClaims(facts),
          pacer: pacerClaim(facts),
          efiling: efilingClaim(facts, now()),
        }
      },
    }
  }
}
