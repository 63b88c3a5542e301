import { z } from 'zod'
import { officeLimits, officeZones, readTelephone } from '../courts/office.ts'
import {
  deliveryFormats,
  deliveryPreferences,
  oldAccountRules,
  practiceLimits,
  questionIdPattern,
  questionKinds,
  requestKinds,
} from '../courts/practice.ts'
import { nonAttorneyRoles } from '../courts/roles.ts'
import type { PracticeInput } from '../courts/sync-court.ts'
import { ownQuestionPrefix } from '../efiling/requests/request.ts'
import { courtId, day, line, notTurned, text } from './apply-values.ts'

/** @param keyOf what no two of the list may share. */
function listOf<Item extends z.ZodType>(
  item: Item,
  most: number,
  keyOf: (value: z.output<Item>) => unknown,
) {
  return z
    .array(item)
    .max(most)
    .refine((items) => new Set(items.map(keyOf)).size === items.length, 'names something twice')
}

/** A text of several lines. */
const lines = text
  .regex(/^[\P{Cc}\n]*$/u, 'has a control character')
  .regex(notTurned, 'has a character that turns text around')
  .trim()
  .min(1)

const itself = (value: unknown) => value

const questionSchema = z
  .strictObject({
    id: z
      .string()
      .regex(questionIdPattern, 'has small letters, digits and hyphens, up to 32')
      .refine((id) => !id.startsWith(ownQuestionPrefix), {
        error: `begins with ${ownQuestionPrefix}, as the questions do that every request has: choose another id`,
      }),
    kind: z.enum(questionKinds),
    label: line.min(1).max(practiceLimits.labelLength),
    required: z.boolean(),
    options: listOf(
      line.min(1).max(practiceLimits.optionLength),
      practiceLimits.options,
      itself,
    ).optional(),
    for_kinds: listOf(z.enum(requestKinds), requestKinds.length, itself).optional(),
  })
  .refine(
    ({ kind, options = [] }) =>
      kind === 'choice' ? options.length >= practiceLimits.fewestOptions : options.length === 0,
    { path: ['options'], error: 'stands with a choice, and only there: at least two' },
  )
  .transform(({ id, kind, label, required: isRequired, options, for_kinds: forKinds }) => ({
    id,
    kind,
    label,
    isRequired,
    ...(options && kind === 'choice' && { options }),
    ...(forKinds && forKinds.length > 0 && { forKinds }),
  }))

const practiceSchema = z
  .strictObject({
    takes: listOf(z.enum(requestKinds), requestKinds.length, itself).optional(),
    roles: listOf(
      z.string().pipe(z.enum(nonAttorneyRoles as [string, ...string[]])),
      nonAttorneyRoles.length,
      itself,
    ).optional(),
    questions: listOf(questionSchema, practiceLimits.questions, ({ id }) => id).optional(),
    terms: lines.max(practiceLimits.termsLength).nullish(),
    delivery: listOf(z.enum(deliveryPreferences), deliveryPreferences.length, itself).optional(),
    formats: listOf(z.enum(deliveryFormats), deliveryFormats.length, itself).optional(),
    old_accounts: z.enum(oldAccountRules).optional(),
    late_after_days: z.int().min(1).max(practiceLimits.lateAfterDays).optional(),
  })
  .transform(
    ({ delivery, formats, old_accounts, late_after_days, ...rest }) =>
      ({
        ...rest,
        deliveryPreferences: delivery,
        deliveryFormats: formats,
        oldAccounts: old_accounts,
        lateAfterDays: late_after_days,
      }) as PracticeInput,
  )

const telephone = z.string().transform((value, context) => {
  const read = readTelephone(value)
  if (read !== undefined) return read
  context.addIssue({ code: 'custom', message: 'must be ten digits, as (704) 555-0100' })
  return z.NEVER
})

const officeSchema = z
  .strictObject({
    name: line.min(1).max(officeLimits.nameLength),
    telephone: telephone.nullish(),
    hours: line.min(1).max(officeLimits.hoursLength).nullish(),
    time_zone: z
      .string()
      .refine(
        (zone) => Object.hasOwn(officeZones, zone),
        `must be one of ${Object.keys(officeZones).join(', ')}`,
      ),
  })
  .transform(({ name, telephone: number, hours, time_zone: timeZone }) => ({
    name,
    telephone: number ?? null,
    hours: hours ?? null,
    timeZone,
  }))

/** What a file may say of a court; what it leaves out stays as it is. */
export const courtSchema = z.strictObject({
  id: courtId,
  go_live_on: day.nullish(),
  old_login_verifier: z.url({ protocol: /^https?$/, error: 'must be an address' }).nullish(),
  practice: practiceSchema.optional(),
  offices: listOf(officeSchema, officeLimits.offices, ({ name }) => name).optional(),
})
