import { z } from 'zod'
import type { Fields } from '../../http/read-form.ts'

/** The version that a form stands on; what is none is one that nobody has, and then the page is old. */
export const basedOn = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
  .catch(-1)

/** The version on which a form stands that is shown again. */
export function versionIn(typed: Fields): number {
  return basedOn.parse(typed['version'])
}

const turning = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const notTurned = 'Leave out the invisible characters that turn text around'

/** A line that is shown to people. @param missing what to do where it is empty. */
export function shownLine(missing: string, most: number) {
  return shownText(most, missing).refine((text) => text !== '', missing)
}

/** What is shown to people, and may be empty. */
export function shownText(most: number, missing = 'Enter a text') {
  return z
    .string({ error: missing })
    .trim()
    .max(most, `Shorten it to ${most} characters`)
    .refine((text) => !turning.test(text), notTurned)
    .transform((text) => text.normalize('NFC'))
}

const box = z.literal('yes', { error: 'Tick it, or leave it' }).optional()

/** A field for each of these values, which comes where its box is ticked. */
export function boxes<Value extends string>(
  prefix: string,
  values: readonly Value[],
): Record<string, typeof box> {
  return Object.fromEntries(values.map((value) => [`${prefix}-${value}`, box]))
}

/** The values whose boxes are ticked, in their order. */
export function ticked<Value extends string>(
  prefix: string,
  values: readonly Value[],
  fields: Readonly<Record<string, unknown>>,
): readonly Value[] {
  return values.filter((value) => fields[`${prefix}-${value}`] === 'yes')
}

/** The names of the boxes for these values. */
export function boxNames(prefix: string, values: readonly string[]): string[] {
  return values.map((value) => `${prefix}-${value}`)
}

/** The fields in which these boxes are ticked. */
export function tickedFields(prefix: string, values: readonly string[]): Fields {
  return Object.fromEntries(values.map((value) => [`${prefix}-${value}`, 'yes']))
}

/** The boxes of a list, as its template takes them. */
export function choicesOf<Value extends string>(
  prefix: string,
  values: readonly Value[],
  labelOf: (value: Value) => string,
  typed: Fields,
) {
  return values.map((value) => ({
    name: `${prefix}-${value}`,
    label: labelOf(value),
    isChecked: typed[`${prefix}-${value}`] === 'yes',
  }))
}
