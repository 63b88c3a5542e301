import { z } from 'zod'
import { hasUnseen } from '../../accounts/person/text.ts'
import { roles } from '../../courts/roles.ts'
import type { Day } from '../../days.ts'
import { denialReasons, questionReasons } from '../../efiling/requests/decision-reasons.ts'
import { clerkWaits } from '../../efiling/requests/let-request-wait.ts'
import type { Action } from '../../efiling/right.ts'
import type { FormOf } from '../../http/form-kit.ts'
import { typedDay } from '../typed-day.ts'
import { courtRequestPath, requestActPath } from './request-paths.ts'

/** What a clerk can do with an open request, each on a page of its own. */
export const requestActs = ['approve', 'ask', 'deny', 'wait', 'hand'] as const
export type RequestAct = (typeof requestActs)[number]
/** The acts that say something to the filer, and change no right. */
export type AnswerAct = Exclude<RequestAct, 'approve' | 'hand'>

export function isRequestAct(text: string): text is RequestAct {
  return (requestActs as readonly string[]).includes(text)
}

/** In code points: so many of the longest ones are within what a form's field may have in bytes. */
const most = 250

const line = z
  .string()
  .trim()
  .refine(
    (text) => !hasUnseen(text),
    'Type this again by hand: it has characters that cannot be seen',
  )
  .refine((text) => [...text].length <= most, `Enter ${most} characters at most`)

const optionalLine = line.default('')
const requiredLine = (missing: string) => line.min(1, missing).prefault('')

/** The version of the request that was on the page; what is none fits no request. */
const version = z.coerce.number().int().catch(0)

/** Who had taken it on when the page was shown; empty for nobody. */
const from = z.string().default('')

/** An empty field is no day. */
const optionalDay = z
  .string()
  .default('')
  .transform((text, context): Day | undefined => {
    if (text.trim() === '') return undefined
    const day = typedDay(text)
    if (!day) context.addIssue('Enter the day as month, day and year, for example 12/31/2029')
    return day
  })

/** What is granted, in one choice: a court gives these together. */
export const grants = {
  file: ['file', 'receive-notices'],
  notices: ['receive-notices'],
  apply: ['apply'],
} as const satisfies Readonly<Record<string, readonly Action[]>>
export type GrantChoice = keyof typeof grants

/** Which CM/ECF account it is: none yet, one that the account had here, the one that the filer named, or another. */
export const filerChoices = ['none', 'former', 'named', 'other'] as const
export type FilerChoice = (typeof filerChoices)[number]

const namesOf = <Names extends object>(names: Names) =>
  Object.keys(names) as [keyof Names & string, ...(keyof Names & string)[]]

const approve = z
  .object({
    version,
    role: z.enum(roles, { error: 'Choose the role' }),
    grants: z.enum(namesOf(grants), { error: 'Choose what is granted' }),
    admitted: z.enum(['yes', 'no'], { error: 'Choose whether this person is admitted' }),
    admittedUntil: optionalDay,
    endsOn: optionalDay,
    as: z.enum(filerChoices, { error: 'Choose the CM/ECF account' }),
    filerId: z
      .string()
      .trim()
      .max(64, 'Enter 64 characters at most')
      .refine(
        (text) => !hasUnseen(text),
        'Type this again by hand: it has characters that cannot be seen',
      )
      .default(''),
    message: optionalLine,
  })
  .superRefine((typed, context) => {
    const add = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (typed.admitted === 'no' && typed.admittedUntil) {
      add('admittedUntil', 'Choose “Admitted”, or leave the last day of the admission empty')
    }
    if (typed.as === 'other' && typed.filerId === '') {
      add('filerId', 'Enter the name of the CM/ECF account, or choose another line above')
    }
    if (typed.as !== 'other' && typed.filerId !== '') {
      add('filerId', 'Choose “Another one” above, or leave this empty')
    }
  })

const schemas = {
  approve,
  ask: z.object({
    version,
    reason: z.enum(namesOf(questionReasons), { error: 'Choose what the question is about' }),
    message: requiredLine('Enter what you ask'),
  }),
  deny: z.object({
    version,
    reason: z.enum(namesOf(denialReasons), { error: 'Choose the reason' }),
    message: requiredLine('Enter what the filer is told'),
  }),
  wait: z.object({
    version,
    waitsFor: z.enum(clerkWaits, { error: 'Choose what it waits for' }),
    message: optionalLine,
  }),
  hand: z.object({ version, to: requiredLine('Choose the colleague'), from }),
} as const
export type ActForm<Act extends RequestAct> = z.output<(typeof schemas)[Act]>

/** The form of an act; nothing that is typed into it is lost where a session ends meanwhile. */
export function actForm<Act extends RequestAct>(courtId: string, number: string, act: Act) {
  return {
    name: `request ${act} ${courtId} ${number}`,
    page: requestActPath(courtId, number, act),
    schema: schemas[act],
    keeps: Object.keys(schemas[act].shape),
  } satisfies FormOf<z.ZodType>
}

/** Takes a request on, or gives it back. */
export function assignForm(courtId: string, number: string) {
  return {
    name: `request assign ${courtId} ${number}`,
    page: courtRequestPath(courtId, number),
    schema: z.object({ version, to: z.enum(['me', 'nobody']), from }),
    keeps: [],
  } satisfies FormOf<z.ZodType>
}
