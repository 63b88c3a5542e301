import { paths } from '../paths.ts'
import type { StaffRole } from '../staff/role.ts'

/** Something that staff can do, as the start page lists it. */
export type ConsoleEntry = {
  readonly roles: readonly StaffRole['role'][]
  readonly path: string
  readonly title: string
  readonly text: string
}

/** Whom the pages of the PACER Service Center open to. */
export const supportRoles: readonly StaffRole['role'][] = ['support']

/** Everything there is: a new one is added here. */
export const consoleEntries: readonly ConsoleEntry[] = [
  {
    roles: supportRoles,
    path: paths.support,
    title: 'Help the holder of an account',
    text: 'Find an account, see its state and what happened to it, and change what its holder cannot.',
  },
]

/** What somebody with these roles can do. */
export function entriesFor(roles: readonly StaffRole[]): readonly ConsoleEntry[] {
  return consoleEntries.filter((entry) => roles.some(({ role }) => entry.roles.includes(role)))
}
