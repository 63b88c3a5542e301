import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import { type Checked, together, wrong } from '../../problem.ts'
import type { UserType } from '../account.ts'
import { barNumberFields, readBarNumbers } from '../person/bar-numbers.ts'
import { readBirthDate } from '../person/birth-date.ts'
import { readName } from '../person/name.ts'
import { readPhone } from '../person/phone.ts'
import { readPostalAddress } from '../person/postal-address.ts'
import { readUsername } from '../person/username.ts'
import { rulesVersion } from '../rules-of-use.ts'

/** What somebody wants the account for, and what courts are told of that. */
export const kinds = {
  attorney: 'attorney',
  other: 'individual',
  search: 'search-only',
} as const satisfies Readonly<Record<string, UserType>>

/** What was typed, as it is stored; the password aside. */
export type RegistrationForm =
  ReturnType<typeof readRegistrationForm> extends Checked<infer Form> ? Form : never

/** Every field but the password, with all problems at once in the order of the page. */
export function readRegistrationForm(
  fields: Fields,
  about: { readonly at: Date; readonly confirmedEmail: string },
) {
  return together({
    name: readName(fields),
    birthDate: readBirthDate(fields, about.at),
    address: readPostalAddress(fields),
    phone: readPhone(fields),
    userType: readKind(fields),
    barNumbers: readBarNumbers(fields),
    username: readUsername(fields, about.confirmedEmail),
    rules: readRules(fields),
  })
}

function readKind(fields: Fields): Checked<UserType> {
  const kind = fields['kind'] ?? ''
  return Object.hasOwn(kinds, kind)
    ? ok(kinds[kind as keyof typeof kinds])
    : wrong('kind', 'Choose what you need the account for')
}

/** The version that was on the page: another one may hold since. */
function readRules(fields: Fields): Checked<string> {
  const version = fields['rules'] ?? ''
  if (version === rulesVersion) return ok(version)
  return version === ''
    ? wrong('rules', 'Accept the rules of use: without that there is no account')
    : wrong('rules', 'The rules of use have changed since: read and accept them again')
}

/** As they stand on the page. */
export const fieldOrder: readonly string[] = [
  'givenName',
  'familyName',
  'birthMonth',
  'birthDay',
  'birthYear',
  'country',
  'addressLine1',
  'addressLine2',
  'city',
  'state',
  'postalCode',
  'phone',
  'kind',
  ...barNumberFields,
  'username',
  'password',
  'rules',
  'second',
]

/** The fields that are shown again. */
export const keptFields = fieldOrder.filter((field) => field !== 'password')
