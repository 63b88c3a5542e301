import { roleLabel } from '../../courts/roles.ts'
import { formatDay } from '../../days.ts'
import type { ImportedAccount, ImportedStatus } from '../../efiling/imported/imported-account.ts'
import { isContested, type Link, type LinkReader } from '../../efiling/linking/link.ts'
import { oldAddressWords } from '../../efiling/right-history.ts'
import { actionLabel } from '../../efiling/standing-words.ts'
import type { Tone } from '../people/person-words.ts'

export const statusLabels: Readonly<Record<ImportedStatus, string>> = {
  active: 'Active',
  suspended: 'Suspended: it is linked as suspended',
  inactive: 'Not in use: it cannot be linked',
}

/** Who says that a link is wrong. */
export const readerWords: Readonly<Record<LinkReader, string>> = {
  holder: 'The holder of the PACER account, by the link in the mail',
  'old-address': `${oldAddressWords[0]?.toUpperCase()}${oldAddressWords.slice(1)}`,
}

type Stands = Pick<Link, 'contestedAt' | 'settledAt' | 'endedAt'>

/** How a link stands, in a list. */
export function linkState(link: Stands): { readonly label: string; readonly tone: Tone } {
  if (link.endedAt) return { label: 'Undone', tone: 'lapsed' }
  if (isContested(link)) return { label: 'Disputed', tone: 'suspended' }
  return { label: 'Linked', tone: 'active' }
}

/** An account of the old system as the court exported it, in words. */
export function importedFacts(
  imported: ImportedAccount,
): readonly (readonly [label: string, text: string])[] {
  const { role, isAdmitted, admittedUntil, actions, endsOn, barNumber } = imported
  return [
    ['CM/ECF account', imported.login],
    ['Name', imported.name],
    ['E-mail', imported.email ?? 'None'],
    ['Bar number', barNumber ?? 'None'],
    ['State', statusLabels[imported.status]],
    ['Role', roleLabel(role)],
    [
      'Admission',
      isAdmitted
        ? admittedUntil
          ? `Until ${formatDay(admittedUntil)}`
          : 'Admitted'
        : 'Not admitted',
    ],
    ['May', actions.map(actionLabel).join('; ') || 'Nothing'],
    ['Last day', endsOn ? formatDay(endsOn) : 'None'],
  ]
}
