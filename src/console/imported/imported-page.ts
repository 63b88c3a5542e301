import { displayName } from '../../accounts/account.ts'
import { inDigits } from '../../count-in-words.ts'
import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { roleLabel } from '../../courts/roles.ts'
import { formatDay } from '../../days.ts'
import type { LinkOfImported, TakenFile } from '../../efiling/imported/import-list.ts'
import type { ImportedAccount, ImportedStatus } from '../../efiling/imported/imported-account.ts'
import { actionLabel } from '../../efiling/standing-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import { staffCourtPath } from '../court/court-paths.ts'
import type { ConsoleContent } from '../frame.ts'
import { courtLinkPath } from '../links/link-paths.ts'
import { exportPath, importedAccountPath, importedPath, importPath } from './imported-paths.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type ImportedCourt = Pick<Court, 'id' | 'name' | 'timeZone'>

const statusLabels: Readonly<Record<ImportedStatus, string>> = {
  active: 'Active',
  suspended: 'Suspended',
  inactive: 'Inactive',
}

/** The imported accounts of a court, searched and page by page. */
export function importedContent(model: {
  court: ImportedCourt
  isManager: boolean
  query: string
  count: number
  accounts: readonly ImportedAccount[]
  files: readonly TakenFile[]
  isLater: boolean
  /** The login of the last one, where more follow. */
  after: string | undefined
}): ConsoleContent {
  const { court, query, after, isManager } = model
  const path = importedPath(court.id)
  const addressOf = (more: Readonly<Record<string, string>>) => {
    const parameters = new URLSearchParams({ ...(query && { q: query }), ...more })
    return parameters.size > 0 ? `${path}?${parameters}` : path
  }
  return {
    title: 'Imported accounts',
    body: template('imported', {
      ...model,
      path,
      count: inDigits(model.count),
      back: { url: staffCourtPath(court.id), label: 'Your court' },
      accounts: model.accounts.map((account) => ({
        url: importedAccountPath(court.id, account.id),
        login: account.login,
        name: account.name,
        status: statusLabels[account.status],
        role: roleLabel(account.role),
        email: account.email,
      })),
      files: model.files.map((file) => ({
        name: file.fileName,
        at: momentAtCourt(file.importedAt, court),
        by: file.importedBy ?? 'an operator, by a command',
        what: `${inDigits(file.added)} new, ${inDigits(file.changed)} changed, of ${inDigits(file.rows)}`,
      })),
      importUrl: isManager ? importPath(court.id) : undefined,
      exportUrl: exportPath(court.id),
      first: addressOf({}),
      next: after && addressOf({ after }),
    }),
  }
}

/** One imported account: what the old system said of it, and whose it is. */
export function importedAccountContent(model: {
  court: ImportedCourt
  account: ImportedAccount
  links: readonly LinkOfImported[]
  /** What a clerk can do with it. */
  acts: readonly { readonly id: string; readonly url: string; readonly label: string }[]
}): ConsoleContent {
  const { court, account, links } = model
  return {
    title: `Imported account ${account.login}`,
    body: template('imported-account', {
      ...model,
      back: { url: importedPath(court.id), label: 'All imported accounts' },
      facts: factsOf(account, court),
      links: links.map((link) => ({
        name: displayName(link),
        number: link.number,
        url: courtLinkPath(court.id, link.id),
        since: momentAtCourt(link.linkedAt, court),
        until: link.endedAt && momentAtCourt(link.endedAt, court),
      })),
    }),
  }
}

function factsOf(
  account: ImportedAccount,
  court: ImportedCourt,
): readonly (readonly [string, string])[] {
  const { admittedUntil, endsOn, actions, triedAt, addressRefusedAt } = account
  const admitted = admittedUntil ? `Yes, until ${formatDay(admittedUntil)}` : 'Yes'
  return [
    ['CM/ECF login', account.login],
    ['Status', statusLabels[account.status]],
    ['Role', roleLabel(account.role)],
    ['What it may do', actions.map(actionLabel).join(', ') || 'Nothing'],
    ['Last day', endsOn ? formatDay(endsOn) : 'None'],
    ['Admitted to practice', account.isAdmitted ? admitted : 'No'],
    ['Bar number', account.barNumber ?? 'None'],
    ['E-mail', account.email ?? 'None'],
    ...(addressRefusedAt
      ? [['E-mail refused', momentAtCourt(addressRefusedAt, court)] as const]
      : []),
    ['Old password', account.hasPassword ? 'Can be checked here' : 'Cannot be checked here'],
    ...(triedAt ? [['Last try that was refused', momentAtCourt(triedAt, court)] as const] : []),
    ['Imported', momentAtCourt(account.importedAt, court)],
    ['Last changed', momentAtCourt(account.changedAt, court)],
  ]
}

export function unknownImportedContent(court: ImportedCourt): ConsoleContent {
  return {
    title: 'There is no such imported account',
    body: template('no-imported', { court, back: importedPath(court.id) }),
  }
}
