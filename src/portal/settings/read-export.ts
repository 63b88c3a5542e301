import { searchStatusOf } from '../../accounts/account.ts'
import { stateOf } from '../../accounts/account-state.ts'
import { openBirthDate } from '../../accounts/birth-date.ts'
import { findOpenEmailChange } from '../../accounts/email-change-store.ts'
import { listHolds } from '../../accounts/hold.ts'
import {
  findKeptAccount,
  type KeptAccount,
  listKnownBrowsers,
  listUsernamesOf,
} from '../../accounts/kept-store.ts'
import { listStandingChanges } from '../../audit/account-history.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import { now } from '../../clock.ts'
import { findFacts, type PersonFacts } from '../../efiling/facts.ts'
import { listRightCourts } from '../../efiling/right-store.ts'
import { efilingEntry } from '../../efiling/standing.ts'
import type { AccountId } from '../../ids.ts'
import { listSessions } from '../../sessions/list-sessions.ts'
import type { OwnSession } from '../../sessions/own-session.ts'
import type { Sealing } from '../../signing/sealed-field.ts'
import { listStaffPosts } from '../../staff/store.ts'
import type { Database } from '../../storage/db.ts'
import type { VendorGrants } from '../vendor-grants.ts'
import { readKeptChanges } from './read-court-changes.ts'
import { listKeptRequests } from './read-requests.ts'

export type ReadExportDeps = {
  readonly db: Database
  readonly directory: ClientDirectory
  readonly vendorGrants: VendorGrants
  readonly sealing: Sealing
}

/** Grows when a member changes its meaning or goes; new ones may come without it. */
export const exportVersion = 1

/**
 * Everything that is kept of an account but its lists without an end, in the words of
 * `docs/account-export.md`. Nothing that proves who somebody is, no id that is nobody's business, and
 * nothing of other people.
 * @throws Error where the sealed date of birth cannot be opened.
 */
export async function readExport(
  deps: ReadExportDeps,
  session: OwnSession,
): Promise<Record<string, unknown>> {
  const { db, vendorGrants, sealing } = deps
  const { accountId } = session
  const courtIds = await listRightCourts(db, accountId)
  const [account, facts, usernames, change, browsers, sessions, vendors, posts, changes, requests] =
    await Promise.all([
      findKeptAccount(db, accountId),
      findFacts(db, accountId, courtIds, session.uid),
      listUsernamesOf(db, accountId),
      findOpenEmailChange(db, accountId),
      listKnownBrowsers(db, accountId),
      listSessions(db, accountId),
      vendorGrants.list(accountId),
      listStaffPosts(db, accountId),
      listStandingChanges(db, accountId),
      listKeptRequests(db, accountId),
    ])
  if (!account || !facts) throw new Error('the account of a session is gone')
  return {
    format: 'central-sign-on-account',
    version: exportVersion,
    exported_at: now(),
    account: {
      ...accountMembers(account),
      former_usernames: usernames.filter((name) => name !== account.usernameCanonical),
    },
    person: personMembers(account, sealing, accountId),
    email: {
      address: account.email,
      confirmed: account.isEmailVerified,
      refused_at: account.emailRefusedAt,
      waiting: change ? { address: change.toEmail, asked_at: change.createdAt } : null,
    },
    staff_roles: posts.map(({ role, courtName }) => ({ role, court_name: courtName })),
    courts: facts.courts.map((court) => courtMembers(court, facts, changes)),
    requests,
    ...(await readKeptChanges(db, accountId)),
    applications: vendors.map(({ clientName, courtNames, scopes, allowedAt }) => ({
      name: clientName,
      court_names: courtNames,
      allowed: scopes,
      allowed_at: allowedAt,
    })),
    sessions: await Promise.all(
      sessions.map(async ({ uid, signedInAt, clientIds, device }) => ({
        signed_in_at: signedInAt,
        browser: device?.browser ?? null,
        network: device?.network ?? null,
        signed_in_to: await Promise.all(
          clientIds.map(async (id) => (await deps.directory.find(id))?.name ?? id),
        ),
        this_one: uid === session.uid,
      })),
    ),
    remembered_browsers: browsers.map(({ createdAt, lastUsedAt }) => ({
      first_signed_in_at: createdAt,
      last_signed_in_at: lastUsedAt,
    })),
  }
}

function accountMembers(account: KeptAccount) {
  const state = stateOf(account)
  return {
    number: account.number,
    username: account.username,
    type: account.type,
    user_type: account.userType,
    upgraded: account.isUpgraded,
    state,
    holds: listHolds(account).map(({ reason, since }) => ({ reason, since })),
    created_at: account.createdAt,
    billed_to: account.billedTo,
    client_code: account.clientCode,
    search: {
      status: searchStatusOf({ ...account, state }, now()),
      switched_on: account.searchStatus === 'active',
      counted_from: account.searchUsedAt,
    },
    password_changed_at: account.passwordChangedAt,
    rules_of_use:
      account.rulesVersion === null
        ? null
        : { version: account.rulesVersion, accepted_at: account.rulesAcceptedAt },
  }
}

function personMembers(account: KeptAccount, sealing: Sealing, accountId: AccountId) {
  const { address, birthDateSealed } = account
  return {
    given_name: account.givenName,
    family_name: account.familyName,
    birth_date:
      birthDateSealed === null ? null : openBirthDate(sealing, accountId, birthDateSealed),
    phone: account.phone,
    address: address && {
      lines: address.lines,
      city: address.city,
      state: address.state ?? null,
      postal_code: address.postalCode ?? null,
      country: address.country,
    },
    bar_numbers: account.barNumbers.map(({ state, number }) => ({ state, number })),
  }
}

/** What a court decided, as it stands in its row, and the status that courts are told of it now. */
function courtMembers(
  court: PersonFacts['courts'][number],
  { account }: PersonFacts,
  changes: Awaited<ReturnType<typeof listStandingChanges>>,
) {
  const { right } = court
  return {
    court: court.id,
    court_name: court.name,
    status: efilingEntry(court, account, right, undefined, now()).status,
    decided: right && {
      status: right.state,
      role: right.role,
      filer_id: right.filerId,
      admitted: right.isAdmitted,
      admitted_until: right.admittedUntil,
      actions: right.actions,
      since: right.sinceOn,
      until: right.endsOn,
    },
    changes: changes
      .filter(({ courtId }) => courtId === court.id)
      .map(({ status, recordedAt }) => ({ status, recorded_at: recordedAt })),
  }
}
