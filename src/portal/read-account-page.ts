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
import { officeList } from '../courts/office-list.ts'
import { findOfficesToAsk, type OfficesToAsk } from '../courts/offices-to-ask.ts'
import { roleLabel } from '../courts/roles.ts'
import { dayAt, formatDay } from '../days.ts'
import { decisionLabels } from '../efiling/decision-words.ts'
import type { CourtFacts, PersonFacts } from '../efiling/facts.ts'
import { listDecisionsOf } from '../efiling/right-store.ts'
import { type EfilingStatus, efilingEntry } from '../efiling/standing.ts'
import {
  accountLimit,
  actionLabel,
  closedFilingText,
  describeStanding,
  isMendedByClerk,
  statusWords,
} from '../efiling/standing-words.ts'
import { staffRoleLabels } from '../staff/role.ts'
import { listStaffPosts } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import type { AccountOnPage, StandingOnPage } from './account-page.ts'
import { ownDecisionsPath } from './rights/right-paths.ts'

/**
 * What `/account` tells of one person besides the session and the vendors.
 * @param facts with every court that has decided something about the person.
 * @param signedInAt when this session began; the sign-in before it is named.
 */
export async function readAccountPage(db: Database, facts: PersonFacts, signedInAt: Date) {
  const { account } = facts
  const courtIds = facts.courts.map((court) => court.id)
  const [changes, decisions, entrances, offices, posts, previousSignInAt] = await Promise.all([
    listStandingChanges(db, account.id),
    listDecisionsOf(db, account.id),
    findCourtEntrances(db, courtIds),
    findOfficesToAsk(db, courtIds),
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
      describeCourt(court, account, historyOf(court, changes, decisions), {
        entrance: entrances.get(court.id),
        offices: offices.get(court.id),
      }),
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
  history: StandingOnPage['changes'],
  { entrance, offices }: { entrance: string | undefined; offices: OfficesToAsk | undefined },
): StandingOnPage {
  const { right } = court
  const entry = efilingEntry(court, account, right, undefined, now())
  const isNotLive = entry.status === 'not-live'
  // Of a court where there is nothing to say, a row from before says nothing either.
  const isStated = !isNotLive && entry.status !== 'none' && canHoldFilingRights(account)
  return {
    courtName: court.name,
    courtId: court.id,
    status: entry.status,
    ...describeStanding(entry, account, closedFilingText(court, now())),
    role: entry.role && roleLabel(entry.role),
    filerId: entry.filer_id,
    actions: entry.actions.map(actionLabel),
    ...(isStated && {
      firstDay: right?.sinceOn ? formatDay(right.sinceOn) : undefined,
      lastDay: right?.endsOn ? formatDay(right.endsOn) : undefined,
      isPast: entry.status === 'lapsed',
    }),
    offices:
      offices && isMendedByClerk(entry, account)
        ? officeList(`clerk-${court.id}`, offices)
        : undefined,
    changes: isStated ? history : [],
    decisionsUrl: right ? ownDecisionsPath(court.id) : undefined,
    entrance: {
      url: (!isNotLive && entrance) || courtLoginAddress(court),
      isOldLogin: isNotLive,
    },
  }
}

/** What was recorded, the newest first: from files, as the audit tells it, and each decision of its own. */
function historyOf(
  court: CourtFacts,
  changes: readonly StandingChange[],
  decisions: Awaited<ReturnType<typeof listDecisionsOf>>,
): StandingOnPage['changes'] {
  const isHere = ({ courtId }: { readonly courtId: string }) => courtId === court.id
  const ofFiles = changes.filter(isHere).map(({ status, recordedAt }) => {
    return { label: statusWords[status as EfilingStatus]?.label ?? status, at: recordedAt }
  })
  const made = decisions.filter(isHere).flatMap(({ kind, holdsFrom, decidedAt }) => {
    if (kind === 'apply' || kind === 'migrate') return []
    const label = decisionLabels[kind]
    const from = `, from ${formatDay(dayAt(holdsFrom, court.timeZone))} on`
    return [{ label: holdsFrom > decidedAt ? `${label}${from}` : label, at: decidedAt }]
  })
  return [...ofFiles, ...made]
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .map(({ label, at }) => ({ label, on: formatDay(dayAt(at, court.timeZone)) }))
}
