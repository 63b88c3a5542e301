import { countryNames } from '../../country-names.ts'
import type { Fields } from '../../http/read-form.ts'
import { stateNames } from '../../state-names.ts'
import { countBarRows, mostBarNumbers } from './bar-numbers.ts'
import { months } from './birth-date.ts'
import { addressStates } from './postal-address.ts'

/** What the parts of pages of `accountTemplates` choose from. */
export const personLists = {
  months,
  countries: Object.entries(countryNames),
  states: Object.entries(addressStates),
  barStates: Object.entries(stateNames),
} as const

/** The rows for bar numbers: as many as were sent, and one more where it was asked for. */
export function barRowsOf(typed: Fields, isOneMore = false) {
  const rows = Math.min(mostBarNumbers, countBarRows(typed) + (isOneMore ? 1 : 0))
  return { barRows: rows, canAddBar: rows < mostBarNumbers }
}
