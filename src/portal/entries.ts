import { confirmEmailPath, paths } from '../paths.ts'

/** The parts of Manage My Account, by the names that people know. */
export type PortalTab = 'overview' | 'courts' | 'settings' | 'maintenance' | 'usage'

export const portalTabs: readonly {
  readonly id: PortalTab
  readonly path: string
  readonly title: string
}[] = [
  { id: 'overview', path: paths.account, title: 'Overview' },
  { id: 'courts', path: paths.accountCourts, title: 'Courts' },
  { id: 'settings', path: paths.accountSettings, title: 'Settings' },
  { id: 'maintenance', path: paths.accountMaintenance, title: 'Maintenance' },
  { id: 'usage', path: paths.accountUsage, title: 'Usage' },
]

/** A page below a tab, as the tab lists it. */
export type PortalEntry = {
  readonly tab: PortalTab
  readonly path: string
  readonly title: string
  /** What is there to see or to do, as one sentence. */
  readonly text: string
}

/** Every page below the tabs, in the order in which the tabs list them: a new one is added here. */
export const portalEntries: readonly PortalEntry[] = [
  {
    tab: 'settings',
    path: paths.changeUsername,
    title: 'Change username',
    text: 'Choose another name to sign in with.',
  },
  {
    tab: 'settings',
    path: paths.changePassword,
    title: 'Change password',
    text: 'Choose another password, and sign out everywhere else.',
  },
  {
    tab: 'settings',
    path: paths.accountEmail,
    title: 'E-mail address',
    text: 'Change the address that messages about your account go to.',
  },
  {
    tab: 'settings',
    path: paths.accountSessions,
    title: 'Sessions and devices',
    text: 'See where you are signed in, and sign out there.',
  },
  {
    tab: 'settings',
    path: paths.accountActivity,
    title: 'Activity',
    text: 'See what happened to your account, and when.',
  },
  {
    tab: 'settings',
    path: paths.accountApplications,
    title: 'Applications that may act with your account',
    text: 'See what you allowed to applications of vendors, and take it back.',
  },
  {
    tab: 'settings',
    path: paths.accountExport,
    title: 'What is kept about you',
    text: 'Download it as a file.',
  },
  {
    tab: 'settings',
    path: paths.accountClose,
    title: 'Close your account',
    text: 'See what that ends, and end it for good.',
  },
  {
    tab: 'maintenance',
    path: paths.accountPerson,
    title: 'Personal information',
    text: 'See and change your name, telephone and bar numbers.',
  },
  {
    tab: 'maintenance',
    path: paths.accountAddress,
    title: 'Postal address',
    text: 'See and change where mail on paper reaches you.',
  },
  {
    tab: 'maintenance',
    path: paths.accountCourtChanges,
    title: 'Tell courts of a change',
    text: 'Choose which courts are asked to take over a new name or address, and see what they answered.',
  },
  {
    tab: 'maintenance',
    path: paths.accountCourts,
    title: 'Courts and rights to file',
    text: 'See what each court decided, and ask a court for the right to file.',
  },
]

/** Pages that a link in a mail opens: their short paths are below no tab of their own. */
const mailed: readonly { readonly id: PortalTab; readonly path: string }[] = [
  { id: 'settings', path: confirmEmailPath('').replace(/\/$/, '') },
]

/** The tab that a path belongs to. */
export function tabOf(path: string): PortalTab {
  const below = (tab: { path: string }) => path === tab.path || path.startsWith(`${tab.path}/`)
  return [...portalTabs, ...mailed].findLast(below)?.id ?? 'overview'
}
