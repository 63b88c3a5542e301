import { z } from 'zod'
import { hasUnseen } from '../../accounts/person/text.ts'
import { type Role, roles } from '../../courts/roles.ts'
import { type Day, momentIn } from '../../days.ts'
import type { Decision } from '../../efiling/apply-decision.ts'
import { type ReasonCode, reasonCodes, transitionOf } from '../../efiling/right-machine.ts'
import type { FormOf } from '../../http/form-kit.ts'
import { typedDay } from '../typed-day.ts'
import { typedTime } from '../typed-time.ts'
import { type ActField, acts, type Grant, grants, type PersonAct } from './acts.ts'
import { personActPath } from './people-paths.ts'

const mostOfMessage = 1000
const unseen = 'Type this again by hand: it has characters that cannot be seen'

/** What was typed; a field that the form of an act does not have is never read. */
export type TypedDecision = {
  /** The newest decision on the page, and the mark of a person who was found by number and name. */
  readonly seen: number
  readonly found: string
  readonly role?: Role | ''
  readonly grants?: Grant | 'same'
  readonly filerId?: string
  readonly endsOn?: Day | undefined
  readonly admitted?: 'yes' | 'no'
  readonly admittedUntil?: Day | undefined
  readonly notices?: 'stay' | 'stop'
  readonly when?: 'now' | 'later'
  readonly from?: Day | undefined
  readonly time?: string | undefined
  readonly reason?: ReasonCode | undefined
  readonly message: string
}

/** An empty field is none. */
const optional = <Value>(read: (text: string) => Value | undefined, problem: string) =>
  z
    .string()
    .default('')
    .transform((text, context): Value | undefined => {
      if (text.trim() === '') return undefined
      const value = read(text)
      if (value === undefined) context.addIssue(problem)
      return value
    })

const dayProblem = 'Enter the day as month, day and year, for example 12/31/2029'
const optionalDay = optional(typedDay, dayProblem)
const when = {
  when: z.enum(['now', 'later'], { error: 'Choose from when it holds' }),
  from: optionalDay,
  time: optional(typedTime, 'Enter the time with a.m. or p.m., for example 9:00 a.m.'),
}

const grantNames = Object.keys(grants) as [Grant, ...Grant[]]

const shapes: Readonly<Record<ActField, z.ZodRawShape>> = {
  role: { role: z.enum(roles, { error: 'Choose the role' }) },
  grants: { grants: z.enum([...grantNames, 'same'], { error: 'Choose what is granted' }) },
  filerId: {
    filerId: z
      .string()
      .trim()
      .max(64, 'Enter 64 characters at most')
      .refine((text) => !hasUnseen(text), unseen)
      .default(''),
  },
  endsOn: { endsOn: optionalDay },
  admitted: {
    admitted: z.enum(['yes', 'no'], { error: 'Choose whether this person is admitted' }),
  },
  admittedUntil: { admittedUntil: optionalDay },
  notices: { notices: z.enum(['stay', 'stop'], { error: 'Choose what becomes of the notices' }) },
  when,
}

const always = {
  // What is none is one that nobody saw, and then the page is old.
  seen: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .catch(-1),
  found: z.string().max(200).catch(''),
  message: z
    .string()
    .trim()
    .refine((text) => !hasUnseen(text.replaceAll('\n', ' ')), unseen)
    .refine(
      (text) => [...text].length <= mostOfMessage,
      `Enter ${mostOfMessage} characters at most`,
    )
    .default(''),
}

const isReasonCode = (text: string): text is ReasonCode =>
  (reasonCodes as readonly string[]).includes(text)

function schemaOf(act: PersonAct): z.ZodType<TypedDecision> {
  const isNeeded = transitionOf(act).needs.includes('reason')
  const reason = z
    .string()
    .default('')
    .transform((text, context): ReasonCode | undefined => {
      if (isReasonCode(text)) return text
      if (text !== '' || isNeeded) context.addIssue('Choose the reason')
      return undefined
    })
  const fields = acts[act].fields.map((field) => shapes[field])
  const shape = Object.assign({}, ...fields, { ...always, reason }) as z.ZodRawShape
  return z.object(shape).superRefine((typed, context) => {
    const { when, from, time, admitted, admittedUntil, reason, message } = typed as TypedDecision
    const add = (field: string, words: string) =>
      context.addIssue({ code: 'custom', path: [field], message: words })
    if (when === 'later' && !from) add('from', 'Enter the day from which it holds')
    if (when === 'now' && (from || time)) {
      add('from', 'Choose “At a moment ahead”, or leave the day and the time empty')
    }
    if (admitted === 'no' && admittedUntil) {
      add('admittedUntil', 'Choose “Admitted”, or leave the last day of the admission empty')
    }
    if (reason === 'other' && message === '') {
      add('message', 'Say in a message what the reason is')
    }
  }) as unknown as z.ZodType<TypedDecision>
}

const schemas = Object.fromEntries(
  (Object.keys(acts) as PersonAct[]).map((act) => [act, schemaOf(act)]),
) as Readonly<Record<PersonAct, z.ZodType<TypedDecision>>>

/** The names of the fields of an act's form. */
function namesOf(act: PersonAct): string[] {
  const fields = acts[act].fields.flatMap((field) => Object.keys(shapes[field]))
  return ['seen', 'found', ...fields, 'reason', 'message']
}

/** The form of an act; nothing that is typed into it is lost where a session ends meanwhile. */
export function decideForm(courtId: string, number: string, act: PersonAct) {
  return {
    name: `person ${act} ${courtId} ${number}`,
    page: personActPath(courtId, number, act),
    schema: schemas[act],
    keeps: namesOf(act),
    texts: ['message'],
  } satisfies FormOf<z.ZodType>
}

/** The decision that was typed. @param zone of the court, whose clock the moment is meant by. */
export function decisionOf(act: PersonAct, typed: TypedDecision, zone: string): Decision {
  const has = (field: ActField) => acts[act].fields.includes(field)
  const { role, grants: grant, from, time = '00:00', admittedUntil = null } = typed
  return {
    kind: act,
    role: role || undefined,
    actions: grant && grant !== 'same' ? grants[grant] : undefined,
    ...(has('filerId') && { filerId: typed.filerId || null }),
    ...(has('endsOn') && { endsOn: typed.endsOn ?? null }),
    ...(has('admitted') && { isAdmitted: typed.admitted === 'yes' }),
    ...(has('admittedUntil') && { admittedUntil }),
    ...(has('notices') && { keepsNotices: typed.notices === 'stay' }),
    holdsFrom: typed.when === 'later' && from ? momentIn(from, time, zone) : undefined,
    reason: typed.reason,
    message: typed.message || undefined,
  }
}
