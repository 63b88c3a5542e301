import type { Fields } from '../../http/read-form.ts'
import { type Checked, together } from '../../problem.ts'
import { readText } from './text.ts'

export type PersonName = { readonly givenName: string; readonly familyName: string }

const maximum = 64

/** The fields `givenName` and `familyName`. */
export function readName(fields: Fields): Checked<PersonName> {
  return together({
    givenName: readText(fields, 'givenName', {
      missing: 'Enter your first name',
      called: 'your first name',
      maximum,
    }),
    familyName: readText(fields, 'familyName', {
      missing: 'Enter your last name',
      called: 'your last name',
      maximum,
    }),
  })
}
