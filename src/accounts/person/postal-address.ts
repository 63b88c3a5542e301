import { countryNames } from '../../country-names.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import { type Checked, together, wrong } from '../../problem.ts'
import { stateNames } from '../../state-names.ts'
import { readText } from './text.ts'

/** Where mail of paper reaches a person; as it stands in `accounts.address`. */
export type PostalAddress = {
  /** One or two. */
  readonly lines: readonly string[]
  readonly city: string
  /** The postal abbreviation; in the United States only: elsewhere a region stands in the lines. */
  readonly state?: string | undefined
  readonly postalCode?: string | undefined
  /** ISO 3166-1, two letters. */
  readonly country: string
}

const unitedStates = 'US'
const zipPattern = /^\d{5}(?:-\d{4})?$/

/** Beside the states: where the post of the armed forces and of embassies goes. Source: USPS Publication 28. */
const militaryPost: Readonly<Record<string, string>> = {
  AA: 'Armed Forces Americas',
  AE: 'Armed Forces Europe',
  AP: 'Armed Forces Pacific',
}
export const addressStates: Readonly<Record<string, string>> = { ...stateNames, ...militaryPost }

/** The fields `addressLine1`, `addressLine2`, `city`, `state`, `postalCode` and `country`. */
export function readPostalAddress(fields: Fields): Checked<PostalAddress> {
  const country = fields['country'] ?? ''
  const isAtHome = country === unitedStates
  const read = together({
    line1: readText(fields, 'addressLine1', {
      missing: 'Enter your street address or P.O. box',
      called: 'the first line of your address',
      maximum: 100,
    }),
    line2: readText(fields, 'addressLine2', {
      called: 'the second line of your address',
      maximum: 100,
    }),
    city: readText(fields, 'city', {
      missing: 'Enter your city',
      called: 'your city',
      maximum: 64,
    }),
    state: isAtHome ? readState(fields) : ok(''),
    postalCode: isAtHome
      ? readZip(fields)
      : readText(fields, 'postalCode', { called: 'your postal code', maximum: 16 }),
    country: Object.hasOwn(countryNames, country)
      ? ok(country)
      : wrong('country', 'Choose your country from the list'),
  })
  if (!read.ok) return read
  const { line1, line2, city, state, postalCode } = read.value
  return ok({
    lines: line2 === '' ? [line1] : [line1, line2],
    city,
    ...(state !== '' && { state }),
    ...(postalCode !== '' && { postalCode }),
    country,
  })
}

export const addressFields = [
  'country',
  'addressLine1',
  'addressLine2',
  'city',
  'state',
  'postalCode',
] as const

/** An address as the fields of a form; where there is none yet, one in the United States. */
export function addressTyped(address: PostalAddress | null | undefined): Fields {
  const [addressLine1 = '', addressLine2 = ''] = address?.lines ?? []
  const { city = '', state = '', postalCode = '', country = unitedStates } = address ?? {}
  return { country, addressLine1, addressLine2, city, state, postalCode }
}

function readState(fields: Fields): Checked<string> {
  const state = fields['state'] ?? ''
  return Object.hasOwn(addressStates, state)
    ? ok(state)
    : wrong('state', 'Choose your state or territory from the list')
}

function readZip(fields: Fields): Checked<string> {
  const digits = (fields['postalCode'] ?? '').replace(/[\s-]/g, '')
  const zip = digits.length === 9 ? `${digits.slice(0, 5)}-${digits.slice(5)}` : digits
  return zipPattern.test(zip)
    ? ok(zip)
    : wrong('postalCode', 'Enter your ZIP Code, with five digits or nine')
}
