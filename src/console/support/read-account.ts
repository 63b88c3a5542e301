import type { KeyObject } from 'node:crypto'
import { accountTypeLabel, displayName, searchStatusOf } from '../../accounts/account.ts'
import { stateOf, stateSince } from '../../accounts/account-state.ts'
import { findOpenProposal } from '../../accounts/address-proposal-store.ts'
import { listHolds } from '../../accounts/hold.ts'
import type { PostalAddress } from '../../accounts/person/postal-address.ts'
import { holdWords, stateWords } from '../../accounts/state-words.ts'
import { listAccountLog } from '../../audit/account-log.ts'
import type { FoundEvent } from '../../audit/search.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import { now } from '../../clock.ts'
import { listCourts } from '../../courts/store.ts'
import { listRights } from '../../efiling/right-store.ts'
import { stateLabel } from '../../efiling/standing-words.ts'
import { failureSubject, findFailures, maximumFailures } from '../../signin/store.ts'
import { staffRoleLabels } from '../../staff/role.ts'
import { listStaffPosts } from '../../staff/store.ts'
import type { Database } from '../../storage/db.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { LoggedEvent, SeenAccountOnPage } from './account-page.ts'
import { actsFor, noteText } from './acts.ts'
import { findOpenAlert } from './alert-store.ts'
import { eventInWords } from './event-words.ts'
import { listNotes, listTwinsOf, listUsernames, type SeenAccount } from './store.ts'

export type ReadDeps = {
  readonly db: Database
  readonly directory: ClientDirectory
  /** That of the stored identifiers. */
  readonly key: KeyObject
}

/** What support looks at is recorded elsewhere; here it would hide what happened. */
const without = ['support.looked'] as const
const perPage = 25

/** What the page of an account tells, its date of birth and what happened to it aside. */
export async function readAccount(
  deps: ReadDeps,
  account: SeenAccount,
): Promise<SeenAccountOnPage> {
  const { db } = deps
  const holds = listHolds(account)
  const isInReview = holds.some(({ reason }) => reason === 'review')
  const [failures, twins, posts, standings, courts, notes, proposal, alertedAt] = await Promise.all(
    [
      findFailures(db, failureSubject(deps.key, account.usernameCanonical)),
      isInReview ? listTwinsOf(db, account.id) : [],
      listStaffPosts(db, account.id),
      listRights(db, [account.id]),
      listCourts(db),
      listNotes(db, account.id),
      findOpenProposal(db, account.id),
      findOpenAlert(db, account.id),
    ],
  )
  const state = stateOf(account)
  const words = stateWords({ state, held: heldOf(account) })
  const since = stateSince(account)
  const courtName = (id: string) => courts.find((court) => court.id === id)?.name ?? id
  return {
    name: displayName(account),
    number: account.number,
    state: words,
    isInOrder: state === 'active',
    since: since && dayAndTime(since),
    holds: holds.map((hold) => `${holdWords[hold.reason].label}, since ${dayAndTime(hold.since)}`),
    signIn: signInText(failures),
    alertedAt: alertedAt && dayAndTime(alertedAt),
    acts: actsFor(account, failures.failures, alertedAt !== undefined),
    notes: notes.map(({ act, reason, createdAt, staffUsername }) => ({
      text: noteText(act),
      reason,
      at: dayAndTime(createdAt),
      by: staffUsername ?? 'somebody',
    })),
    email: account.email,
    isConfirmed: account.isEmailVerified,
    emailRefusedAt: account.emailRefusedAt ? dayAndTime(account.emailRefusedAt) : undefined,
    hasBirthDate: account.hasBirthDate,
    isOfOnePerson: account.type === 'individual',
    addressChange:
      proposal && (proposal.approvedAt ? 'waits to be confirmed' : 'waits for approval'),
    facts: [
      ['Username', account.username],
      ['Account type', `${accountTypeLabel(account)}, ${account.userType.replace('-', ' ')}`],
      [
        'Case search',
        searchStatusOf({ ...account, state }, now()) === 'active' ? 'Active' : 'Inactive',
      ],
      ['Telephone', account.phone ?? 'None'],
      ['Address', addressText(account.address as PostalAddress | null)],
      ['Made on', dayAndTime(account.createdAt)],
      [
        'Password',
        account.passwordChangedAt
          ? `Chosen on ${dayAndTime(account.passwordChangedAt)}`
          : 'No date is known',
      ],
      ...posts.map(
        (post) =>
          [
            'Staff',
            [staffRoleLabels[post.role], post.courtName].filter(Boolean).join(', '),
          ] as const,
      ),
    ],
    courts: standings.map(({ courtId, state }) => ({
      name: courtName(courtId),
      status: stateLabel(state),
    })),
    twins: twins.map(({ account: twin, hasSameBirthDate }) => ({
      name: displayName(twin),
      number: twin.number,
      username: twin.username,
      email: twin.email ?? 'None',
      state: stateWords(twin).label,
      hasSameBirthDate,
    })),
  }
}

/** The hold that courts are told; null where there is none. */
export function heldOf(account: Parameters<typeof listHolds>[0]) {
  const [first] = listHolds(account)
  return first ? { since: Math.floor(first.since.getTime() / 1000), reason: first.reason } : null
}

function signInText({ failures, lockedUntil }: Awaited<ReturnType<typeof findFailures>>): string {
  if (failures >= maximumFailures) {
    return 'The password is no longer taken, after a hundred wrong ones in a row. Unlock the account, or ask its holder to choose a new one with “Forgot your username or password?”.'
  }
  const count = `${failures} wrong password${failures === 1 ? '' : 's'} in a row`
  if (lockedUntil && lockedUntil > now()) return `Paused until ${dayAndTime(lockedUntil)}: ${count}`
  return failures > 0 ? `Not paused; ${count}` : 'Not paused'
}

function addressText(address: PostalAddress | null): string {
  if (!address) return 'None'
  const { lines, city, state, postalCode, country } = address
  const town = [city, [state, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ')
  return [...lines, town, country].join(', ')
}

/** What happened to an account, newest first. @param olderThan the id of the last event of the page before. */
export async function readHistory(
  { db, directory }: ReadDeps,
  account: SeenAccount,
  olderThan: string | undefined,
): Promise<{ events: LoggedEvent[]; olderThan: string | undefined }> {
  const found = await listAccountLog(db, account.id, { olderThan, without, limit: perPage + 1 })
  const events = found.slice(0, perPage)
  const actorIds = events.flatMap(({ actorKind, actorId }) =>
    actorKind === 'account' && actorId ? [actorId] : [],
  )
  const [usernames, courts] = await Promise.all([
    listUsernames(db, [...new Set(actorIds)]),
    listCourts(db),
  ])
  const clientName = async (id: string) => (await directory.find(id))?.name ?? id
  const told = await Promise.all(
    events.map(async (event): Promise<LoggedEvent> => {
      const court = courts.find(({ id }) => id === event.courtId)?.name
      const where = court ?? (event.clientId ? await clientName(event.clientId) : '')
      return {
        at: dayAndTime(event.recordedAt),
        text: eventInWords(event, where),
        by: actorText(event, account.id, usernames),
        network: event.ip ?? '–',
      }
    }),
  )
  return { events: told, olderThan: found.length > perPage ? events.at(-1)?.id : undefined }
}

function actorText(
  { actorKind, actorId }: FoundEvent,
  holder: string,
  usernames: ReadonlyMap<string, string>,
): string {
  switch (actorKind) {
    case 'account':
      return actorId === holder ? 'The holder' : (usernames.get(actorId ?? '') ?? 'Another account')
    case 'operator':
      return `Operator ${actorId}`
    case 'client':
      return 'An application'
    default:
      return 'By itself'
  }
}
