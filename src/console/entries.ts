import { paths } from '../paths.ts'
import { courtRoles, type StaffRole } from '../staff/role.ts'
import type { Queryable } from '../storage/db.ts'
import { changesWaitingSource } from './changes/waiting.ts'
import { staffCourtPath } from './court/court-paths.ts'
import { linksWaitingSource } from './links/waiting.ts'
import { requestsWaitingSource } from './requests/waiting.ts'
import { rolesWaiting } from './roles/waiting.ts'
import { supportWaiting } from './support/waiting.ts'
import type { WaitingReader, WaitingSource, WaitingThing } from './waiting.ts'

/** Something that staff can do, as the start page lists it. */
export type ConsoleEntry = {
  readonly roles: readonly StaffRole['role'][]
  readonly path: string
  readonly title: string
  readonly text: string
}

/** Whom the pages of the PACER Service Center open to. */
export const supportRoles: readonly StaffRole['role'][] = ['support']

/** Whom the list of roles opens to; a registrar alone changes something there. */
export const roleReaders: readonly StaffRole['role'][] = ['registrar', 'auditor']

/** Everything there is: a new one is added here. */
export const consoleEntries: readonly ConsoleEntry[] = [
  {
    roles: supportRoles,
    path: paths.support,
    title: 'Help the holder of an account',
    text: 'Find an account, see its state and what happened to it, and change what its holder cannot.',
  },
  {
    roles: roleReaders,
    path: paths.staffRoles,
    title: 'Who has which role',
    text: 'Everybody who works for the courts here, what waits for a second registrar, and what was decided.',
  },
]

/** What somebody with these roles can do. */
export function entriesFor(roles: readonly StaffRole[]): readonly ConsoleEntry[] {
  return [
    ...consoleEntries.filter((entry) => roles.some(({ role }) => entry.roles.includes(role))),
    ...courtEntries(roles),
  ]
}

/** The pages of each court that somebody works for. */
function courtEntries(roles: readonly StaffRole[]): ConsoleEntry[] {
  const courts = new Set(roles.flatMap(({ courtId }) => courtId ?? []))
  return [...courts].map((courtId) => ({
    roles: courtRoles,
    path: staffCourtPath(courtId),
    title: courts.size === 1 ? 'Your court' : `Your court ${courtId}`,
    text: 'What the court takes and asks, where its offices are, and what its clerk’s office does here.',
  }))
}

/** What waits for people: a new feature adds its own here. */
const waitingSources: readonly WaitingSource[] = [
  rolesWaiting,
  requestsWaitingSource,
  linksWaitingSource,
  changesWaitingSource,
  supportWaiting,
]

/** What waits for somebody; nothing of which there is none. */
export async function listWaitingFor(
  db: Queryable,
  reader: WaitingReader,
): Promise<readonly WaitingThing[]> {
  const asked = waitingSources.filter((source) =>
    reader.roles.some(({ role }) => source.roles.includes(role)),
  )
  const lists = await Promise.all(asked.map((source) => source.list(db, reader)))
  return lists.flat().filter(({ count }) => count > 0)
}
