import { formatDay } from '../days.ts'
import { loadTemplates } from '../http/page-shell.ts'
import { callAddress, zoneInWords } from './office.ts'
import type { OfficesToAsk } from './offices-to-ask.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/**
 * The offices of a court's clerk as every page shows them, with the PACER Service Center beside them for
 * what no clerk can mend; trusted HTML, and '' where no office is known.
 * @param id of the element; an id on the page for each of its telephones comes behind it.
 */
export function officeList(
  id: string,
  { offices, asOf }: OfficesToAsk,
  options: { readonly hasHelpLine?: boolean } = {},
): string {
  if (offices.length === 0) return ''
  return template('office-list', {
    id,
    hasHelpLine: options.hasHelpLine ?? true,
    asOf: asOf && formatDay(asOf),
    offices: offices.map(({ name, telephone, hours, timeZone }) => ({
      name,
      telephone,
      call: telephone === null ? undefined : callAddress(telephone),
      hours: hours === null ? undefined : `${hours}, ${zoneInWords(timeZone)}`,
    })),
  })
}
