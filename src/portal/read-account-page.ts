import {
  type AccountFacts,
  accountTypeLabel,
  canHoldFilingRights,
  displayName,
  searchStatusOf,
} from '../accounts/account.ts'
import {
  findSignInBefore,
  listStandingChanges,
  type StandingChange,
} from '../audit/account-history.ts'
import { findCourtEntrances } from '../clients/store.ts'
import { now } from '../clock.ts'
import { courtLoginAddress } from '../courts/court.ts'
import { roleLabel } from '../courts/roles.ts'
import { dayAt, formatDay } from '../days.ts'
import type { CourtFacts, PersonFacts } from '../efiling/facts.ts'
import { type EfilingStatus, efilingEntry } from '../efiling/standing.ts'
import {
  accountLimit,
  actionLabel,
  describeStanding,
  statusWords,
} from '../efiling/standing-words.ts'
import { staffRoleLabels } from '../staff/role.ts'
import { listStaffPosts } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import type { AccountOnPage, StandingOnPage } from './account-page.ts'

/**
 * What `/account` tells of one person besides the session and the vendors.
 * @param facts with every court that has decided something about the person.
 * @param signedInAt when this session began; the sign-in before it is named.
 */
export async function readAccountPage(db: Database, facts: PersonFacts, signedInAt: Date) {
  const { account } = facts
  const courtIds = facts.courts.map((court) => court.id)
  const [changes, entrances, posts, previousSignInAt] = await Promise.all([
    listStandingChanges(db, account.id),
    findCourtEntrances(db, courtIds),
    facts.isStaff ? listStaffPosts(db, account.id) : [],
    findSignInBefore(db, account.id, new Date(signedInAt.getTime() - sameSignInMilliseconds)),
  ])
  return {
    account: describeAccount(account),
    staffPosts: posts.map(({ role, courtName }) => ({
      role: staffRoleLabels[role],
      courtName: courtName ?? undefined,
    })),
    standings: facts.courts.map((court) =>
      describeCourt(
        court,
        account,
        changes.filter(({ courtId }) => courtId === court.id),
        entrances.get(court.id),
      ),
    ),
    previousSignInAt,
  }
}

/** A sign-in is recorded within moments of the time that its session bears. */
const sameSignInMilliseconds = 30_000

function describeAccount(account: AccountFacts): AccountOnPage {
  return {
    name: displayName(account),
    username: account.username,
    number: account.number,
    typeLabel: accountTypeLabel(account),
    searchStatus: account.type === 'firm' ? undefined : searchStatusOf(account, now()),
    email: account.email
      ? { address: account.email, isConfirmed: account.isEmailVerified }
      : undefined,
    cannotFileText: accountLimit(account),
  }
}

function describeCourt(
  court: CourtFacts,
  account: AccountFacts,
  changes: readonly StandingChange[],
  entrance: string | undefined,
): StandingOnPage {
  const { standing } = court
  const entry = efilingEntry(court, account, standing, undefined, now())
  const isNotLive = entry.status === 'not-live'
  // Of a court where there is nothing to say, a row from before says nothing either.
  const isStated = !isNotLive && entry.status !== 'none' && canHoldFilingRights(account)
  return {
    courtName: court.name,
    courtId: court.id,
    status: entry.status,
    ...describeStanding(entry, account),
    role: entry.role && roleLabel(entry.role),
    filerId: entry.filer_id,
    actions: entry.actions.map(actionLabel),
    ...(isStated && {
      firstDay: standing?.sinceOn ? formatDay(standing.sinceOn) : undefined,
      lastDay: standing?.endsOn ? formatDay(standing.endsOn) : undefined,
      isPast: entry.status === 'lapsed',
    }),
    changes: isStated
      ? changes.map((change) => describeChange(change, court.timeZone)).reverse()
      : [],
    entrance: {
      url: (!isNotLive && entrance) || courtLoginAddress(court),
      isOldLogin: isNotLive,
    },
  }
}

function describeChange({ status, recordedAt }: StandingChange, timeZone: string) {
  const words = statusWords[status as EfilingStatus]
  return { label: words?.label ?? status, on: formatDay(dayAt(recordedAt, timeZone)) }
}
