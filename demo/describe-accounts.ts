import { parse } from 'yaml'
import { dayAt } from '../src/days.ts'

type Account = {
  username: string
  password?: string
  type?: string
  upgraded?: boolean
  disabled?: boolean
  standings?: { court: string; status: string; ends_on?: string }[]
  staff_roles?: { role: string; court?: string }[]
}

/**
 * The people of an apply file (YAML text) as a plain-text table: with what they sign in, and what
 * they are at the given courts.
 */
export function describeAccounts(file: string, courtIds: readonly string[]): string {
  const accounts = (parse(file, { schema: 'core' }).accounts as Account[]).filter(
    (account) => account.password,
  )
  const rows = accounts.map((account) => [
    account.username,
    account.password!,
    ...courtIds.map((courtId) => standingAt(account, courtId)),
    kindOf(account),
  ])
  return table([['username', 'password', ...courtIds, 'remark'], ...rows])
}

function standingAt(account: Account, courtId: string): string {
  const standing = account.standings?.find(({ court }) => court === courtId)
  if (!standing || standing.status === 'none') return 'not linked'
  // The courts of the demo are in Charlotte and Richmond.
  const today = dayAt(new Date(), 'America/New_York')
  return standing.status === 'active' && standing.ends_on && standing.ends_on < today
    ? 'lapsed'
    : standing.status
}

function kindOf({ type, upgraded, disabled, staff_roles: staffRoles = [] }: Account): string {
  if (disabled) return 'disabled: may not sign in'
  if (type === 'shared') return 'shared account: searches only'
  if (type === 'firm') return 'firm account: pays only'
  if (upgraded === false) return 'legacy account'
  return staffRoles.map(({ role, court }) => (court ? `${role} of ${court}` : role)).join(', ')
}

function table(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd()
  const [head, ...body] = rows
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
