import { z } from 'zod'
import { firstYear, isInReach, lastYear, parseDay } from '../days.ts'
import { courtIdPattern } from '../ids.ts'

export const day = z.string().transform((value, context) => {
  const parsed = parseDay(value)
  if (parsed && isInReach(parsed)) return parsed
  const message = parsed
    ? `must lie from ${firstYear} to ${lastYear}`
    : 'must be a day of the calendar, as 2021-08-30'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

export const courtId = z
  .string()
  .regex(courtIdPattern, 'must be the id of a court, for example ncwd')

/** Half of a surrogate pair is no character: what is stored would be another text. */
export const text = z.string().refine((value) => value.isWellFormed(), 'has half of a character')

export const notTurned = /^[^\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/

/** PostgreSQL keeps no NUL, no name has a line break, and none turns the text around it. */
export const line = text
  .regex(/^\P{Cc}*$/u, 'has a control character')
  .regex(notTurned, 'has a character that turns text around')
  .refine((value) => value === value.trim(), 'begins or ends with a blank')
