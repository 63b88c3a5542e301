import { loadTemplates } from '../http/page-shell.ts'
import type { CourtId } from '../ids.ts'
import type { Queryable } from '../storage/db.ts'
import { officeList } from './office-list.ts'
import { findOfficesToAsk } from './offices-to-ask.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/**
 * Whom to call at each of several courts, for a page that sends somebody to their clerks; trusted HTML, and ''
 * where no office is known. Of one court it stands open.
 */
export async function clerkLists(
  db: Queryable,
  courts: readonly { readonly id: CourtId; readonly name: string }[],
): Promise<string> {
  const known = await findOfficesToAsk(
    db,
    courts.map(({ id }) => id),
  )
  const lists = courts.flatMap(({ id, name }) => {
    const found = known.get(id)
    const offices = found && officeList(`clerk-${id}`, found, { hasHelpLine: false })
    return offices ? [{ name, offices }] : []
  })
  return clerkListsOf(lists)
}

/** The same of lists that have been made. */
export function clerkListsOf(
  lists: readonly { readonly name: string; readonly offices: string }[],
): string {
  return lists.length > 0 ? template('clerk-lists', { lists }) : ''
}
