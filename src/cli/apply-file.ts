import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { userTypes } from '../accounts/account.ts'
import { parseDay } from '../days.ts'
import { actions, roles } from '../efiling/standing.ts'
import type { CourtId } from '../ids.ts'
import { staffRole, staffRoles } from '../staff/role.ts'

const maximumBytes = 64 * 1024 * 1024

const day = z.string().transform((value, context) => {
  const parsed = parseDay(value)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: 'must be a day of the calendar, as 2021-08-30' })
  return z.NEVER
})
const courtId = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,9}$/, 'must be the id of a court, for example ncwd')
/** PostgreSQL keeps no NUL, and no name has a line break. */
const line = z.string().regex(/^\P{Cc}*$/u, 'has a control character')
const nullable = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null)

const standingSchema = z.strictObject({
  court: courtId,
  status: z.enum(['none', 'pending', 'active', 'suspended', 'revoked']),
  role: nullable(z.enum(roles)),
  filer_id: nullable(line.min(1).max(64)),
  admitted: z.boolean().default(false),
  actions: z.array(z.enum(actions)).default([]),
  since: nullable(day),
  ends_on: nullable(day),
})

const staffRoleSchema = z
  .strictObject({ role: z.enum(staffRoles), court: courtId.optional() })
  .transform(({ role, court }, context) => {
    const checked = staffRole(role, (court ?? null) as CourtId | null)
    if (checked.ok) return checked.value
    context.addIssue({ code: 'custom', message: `${role}: ${checked.reason}` })
    return z.NEVER
  })

const accountSchema = z.strictObject({
  number: z.string().regex(/^\d{7}$/, 'must be seven digits'),
  type: z.enum(['individual', 'shared', 'firm']).default('individual'),
  user_type: z.enum(userTypes),
  upgraded: z.boolean().default(true),
  username: z.string(),
  password: z.string().min(14).max(128).optional(),
  given_name: nullable(line.min(1).max(100)),
  family_name: nullable(line.min(1).max(100)),
  email: nullable(z.email().max(254)),
  email_verified: z.boolean().default(false),
  search: z.enum(['active', 'inactive']).default('active'),
  client_code: nullable(
    z.string().regex(/^[^\s,\p{Cc}]{1,32}$/u, 'has up to 32 characters without space or comma'),
  ),
  billed_to: z.enum(['self', 'firm']).default('self'),
  disabled: z.boolean().default(false),
  standings: z.array(standingSchema).default([]),
  staff_roles: z.array(staffRoleSchema).optional(),
})

const clientSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  kind: z.enum(['court', 'vendor', 'national']),
  name: line.min(1).max(120),
  active: z.boolean().default(true),
  courts: z.array(courtId).default([]),
  secrets: z.array(z.string()).optional(),
  metadata: z.record(z.string(), z.unknown()),
})

const fileSchema = z.strictObject({
  courts: z.array(z.strictObject({ id: courtId, go_live_on: day.nullable() })).default([]),
  clients: z.array(clientSchema).default([]),
  accounts: z.array(accountSchema).default([]),
})

export type ApplyFile = z.output<typeof fileSchema>
export type ApplyAccount = ApplyFile['accounts'][number]
export type ApplyClient = ApplyFile['clients'][number]

/**
 * Reads a file of clients, accounts, standings and staff roles; JSON is YAML too.
 * @returns the file, or every problem with its place in the file.
 */
export function parseApplyFile(
  text: string,
): { ok: true; value: ApplyFile } | { ok: false; problems: string[] } {
  if (Buffer.byteLength(text) > maximumBytes) {
    return { ok: false, problems: [`the file is larger than ${maximumBytes} bytes`] }
  }
  let content: unknown
  try {
    content = parseYaml(text, { maxAliasCount: 0, schema: 'core' })
  } catch (error) {
    return {
      ok: false,
      problems: [`the file is neither YAML nor JSON: ${(error as Error).message}`],
    }
  }
  const parsed = fileSchema.safeParse(content)
  if (parsed.success) return { ok: true, value: parsed.data }
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  }
}
