import { z } from 'zod'
import { isNetwork } from '../networks.ts'

/** `on` or `off`; without one it is off. */
export const flag = z
  .enum(['on', 'off'], { error: 'must be "on" or "off"' })
  .default('off')
  .transform((value) => value === 'on')

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, { error: `must be one of ${names.join(', ')}` })
}

/** Without `max` there is none. */
export function wholeNumber({ min, max }: { readonly min: number; readonly max?: number }) {
  const error = `must be a whole number, ${max === undefined ? `at least ${min}` : `from ${min} to ${max}`}`
  return z.coerce
    .number({ error })
    .refine(
      (value) => Number.isSafeInteger(value) && value >= min && value <= (max ?? value),
      error,
    )
}

/** Texts with commas or space between them. */
export const textList = z
  .string()
  .default('')
  .transform((value) => value.split(/[\s,]+/).filter(Boolean))

export const networkList = textList.refine(
  (values) => values.every(isNetwork),
  'must be networks in CIDR form, for example 10.20.0.0/16',
)
