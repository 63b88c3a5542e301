import type { AccountInput } from '../accounts/sync-account.ts'
import type { ClientInput } from '../clients/plan-client.ts'
import type { StandingInput } from '../efiling/sync-standing.ts'
import type { ClientId, CourtId } from '../ids.ts'
import type { ApplyAccount, ApplyClient, ApplyStanding } from './apply-file.ts'

/** An item of an apply file in the words of the slice that saves it. */
export function clientInput(item: ApplyClient): ClientInput {
  return {
    id: item.id as ClientId,
    kind: item.kind,
    name: item.name,
    state: item.active === undefined ? undefined : item.active ? 'active' : 'switched-off',
    courtIds: item.courts as CourtId[] | undefined,
    secrets: item.secrets,
    metadata: item.metadata,
  }
}

/** @param passwordHash the stored form of the file's password, where it is to become the account's. */
export function accountInput(item: ApplyAccount, passwordHash: string | undefined): AccountInput {
  return {
    number: item.number,
    type: item.type,
    userType: item.user_type,
    isUpgraded: item.upgraded,
    username: item.username,
    givenName: item.given_name,
    familyName: item.family_name,
    email: item.email,
    isEmailVerified: item.email_verified,
    searchStatus: item.search,
    clientCode: item.client_code,
    billedTo: item.billed_to,
    isDisabled: item.disabled,
    passwordHash,
  }
}

export function standingInput(item: ApplyStanding): StandingInput {
  return {
    state: item.status,
    role: item.role,
    filerId: item.filer_id,
    isAdmitted: item.admitted,
    admittedUntil: item.admitted === false ? null : item.admitted_until,
    actions: item.actions,
    sinceOn: item.since,
    endsOn: item.ends_on,
  }
}
