import { z } from 'zod'
import { accountNumberPattern, userTypes } from '../accounts/account.ts'
import { checkShape } from '../check-shape.ts'
import { roles } from '../courts/roles.ts'
import { actions, canonicalFiler } from '../efiling/right.ts'
import { hasControlCharacter } from '../http/read-form.ts'
import type { CourtId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type HasProblems, type Path, type Problem, under } from '../problem.ts'
import { staffRole, staffRoles } from '../staff/role.ts'
import { courtSchema } from './apply-court.ts'
import { courtId, day, line, text } from './apply-values.ts'
import { type Place, readDocument } from './document.ts'

const maximumBytes = 64 * 1024 * 1024

const password = text
  .min(14)
  .max(128)
  .refine(
    (value) => !hasControlCharacter(value),
    'has a control character, such as a tab, which the sign-in page never takes',
  )

const standingSchema = z.strictObject({
  court: courtId,
  status: z.enum(['none', 'pending', 'active', 'suspended', 'revoked']).optional(),
  role: z.enum(roles).nullish(),
  filer_id: line.min(1).max(64).nullish(),
  admitted: z.boolean().optional(),
  admitted_until: day.nullish(),
  actions: z.array(z.enum(actions)).optional(),
  since: day.nullish(),
  ends_on: day.nullish(),
})

const staffRoleSchema = z
  .strictObject({ role: z.enum(staffRoles), court: courtId.optional() })
  .transform(({ role, court }, context) => {
    const checked = staffRole(role, (court ?? null) as CourtId | null)
    if (checked.ok) return checked.value
    const words = {
      'court-missing': 'is held at one court, which is missing',
      'court-not-taken': 'is held for the whole judiciary, at no court',
    }
    context.addIssue({ code: 'custom', message: `${role} ${words[checked.reason]}` })
    return z.NEVER
  })

const accountSchema = z.strictObject({
  number: z.string().regex(accountNumberPattern, 'must be seven digits'),
  type: z.enum(['individual', 'shared', 'firm']).optional(),
  user_type: z.enum(userTypes).optional(),
  upgraded: z.boolean().optional(),
  username: z.string().optional(),
  password: password.optional(),
  given_name: line.min(1).max(100).nullish(),
  family_name: line.min(1).max(100).nullish(),
  email: z.email().max(254).nullish(),
  email_verified: z.boolean().optional(),
  search: z.enum(['active', 'inactive']).optional(),
  client_code: z
    .string()
    .regex(/^[^\s,\p{Cc}]{1,32}$/u, 'has up to 32 characters without space or comma')
    .nullish(),
  billed_to: z.enum(['self', 'firm']).optional(),
  disabled: z.boolean().optional(),
  standings: z.array(standingSchema).optional(),
  staff_roles: z.array(staffRoleSchema).optional(),
})

const clientSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['court', 'vendor', 'national']).optional(),
  name: line.min(1).max(120).optional(),
  active: z.boolean().optional(),
  courts: z.array(courtId).optional(),
  secrets: z.array(z.string()).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
})

const fileSchema = z.strictObject({
  courts: z.array(z.unknown()).nullish(),
  clients: z.array(z.unknown()).nullish(),
  accounts: z.array(z.unknown()).nullish(),
})

/** Members that are left out leave what is stored; null takes it away. */
export type ApplyCourt = z.output<typeof courtSchema>
export type ApplyClient = z.output<typeof clientSchema>
export type ApplyAccount = z.output<typeof accountSchema>
export type ApplyStanding = z.output<typeof standingSchema>

/** One item with its place in the file. */
export type Entry<Item> = {
  readonly path: Path
  readonly item: Item
  /** Members that were left out of the item, since what is wrong with them has been said. */
  readonly wrong: readonly string[]
}

export type ApplyFile = {
  readonly courts: readonly Entry<ApplyCourt>[]
  readonly clients: readonly Entry<ApplyClient>[]
  readonly accounts: readonly Entry<ApplyAccount>[]
  /** Where a member stands in the text, or what is nearest around it. */
  placeOf(path: Path): Place
}

export type LocatedProblem = Problem & Place

export type ParsedApplyFile = Outcome<
  ApplyFile,
  HasProblems<LocatedProblem> & {
    /** What could be read all the same, so that what is wrong with it is said in the same run. */
    readonly rest: ApplyFile
  }
>

/**
 * Reads a file of clients, accounts, standings and staff roles; JSON is YAML too.
 * @returns the file, or every problem with its line and column.
 */
export function parseApplyFile(text: string): ParsedApplyFile {
  if (Buffer.byteLength(text) > maximumBytes) {
    const message = `the file is larger than ${maximumBytes} bytes`
    return failed([{ path: [], message, line: 1, column: 1 }])
  }
  const document = readDocument(text)
  if (!document.ok) return failed(document.problems)
  const { content, placeOf } = document.value

  const problems: Problem[] = []
  const file = checkShape(fileSchema, content)
  if (!file.ok) problems.push(...file.problems)
  const entries = <Schema extends z.ZodType>(member: string, schema: Schema) => {
    const values = (content as Record<string, unknown> | null)?.[member]
    return (Array.isArray(values) ? values : []).flatMap((value, index) =>
      readEntry(schema, value, [member, index], problems),
    )
  }
  const value = {
    courts: entries('courts', courtSchema),
    clients: entries('clients', clientSchema),
    accounts: entries('accounts', accountSchema),
    placeOf,
  }
  for (const problem of repeatedProblems(value)) problems.push(problem)
  if (problems.length === 0) return ok(value)
  return refused('has-problems', {
    problems: problems.map((problem) => ({ ...problem, ...placeOf(problem.path) })),
    rest: value,
  })
}

/** The item, or what is right of it, for what else is wrong with it to be said in the same run. */
function readEntry<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: Path,
  problems: Problem[],
): Entry<z.output<Schema>>[] {
  const whole = checkShape(schema, value)
  if (whole.ok) return [{ path, item: whole.value, wrong: [] }]
  problems.push(...under(path, whole.problems))
  const wrong = whole.problems.map((problem) => String(problem.path[0] ?? ''))
  const members = Object.entries(value ?? {}).filter(([name]) => !wrong.includes(name))
  const part = checkShape(schema, Object.fromEntries(members))
  return part.ok ? [{ path, item: part.value, wrong }] : []
}

function failed(problems: readonly LocatedProblem[]): ParsedApplyFile {
  const placeOf = () => ({ line: 1, column: 1 })
  const rest = { courts: [], clients: [], accounts: [], placeOf }
  return refused('has-problems', { problems, rest })
}

/** What a file may name once: the second time is a mistake, and only one of the two could hold. */
function repeatedProblems({ courts, clients, accounts }: ApplyFile): Problem[] {
  // Somebody who is there twice has the same name twice; that has been said then.
  const people = [
    ...new Map(accounts.toReversed().map((entry) => [entry.item.number, entry])).values(),
  ].toReversed()
  return [
    ...repeated(courts, 'id', ({ id }) => id),
    ...repeated(clients, 'id', ({ id }) => id),
    ...repeated(accounts, 'number', ({ number }) => number),
    ...repeated(people, 'username', ({ username }) => username?.toLowerCase()),
    ...repeated(
      people.flatMap(({ path, item }) => listed(path, 'standings', item.standings)),
      'filer_id',
      ({ court, filer_id: id }) => id && `${court} ${canonicalFiler(id)}`,
    ),
    ...clients.flatMap(({ path, item }) => [
      ...repeated(listed(path, 'courts', item.courts), undefined, (court) => court),
      ...repeated(listed(path, 'secrets', item.secrets), undefined, (secret) => secret),
    ]),
    ...accounts.flatMap(({ path, item }) => [
      ...repeated(listed(path, 'standings', item.standings), 'court', ({ court }) => court),
      ...repeated(
        listed(path, 'staff_roles', item.staff_roles),
        undefined,
        ({ role, courtId: court }) => `${role} ${court}`,
      ),
    ]),
  ]
}

type Placed<Item> = { readonly path: Path; readonly item: Item }

function listed<Item>(path: Path, member: string, items: readonly Item[] = []): Placed<Item>[] {
  return items.map((item, index) => ({ path: [...path, member, index], item }))
}

function repeated<Item>(
  entries: readonly Placed<Item>[],
  member: string | undefined,
  keyOf: (item: Item) => string | null | undefined,
): Problem[] {
  const seen = new Map<string, Path>()
  return entries.flatMap(({ path, item }) => {
    const key = keyOf(item)
    if (!key) return []
    const first = seen.get(key)
    if (!first) {
      seen.set(key, path)
      return []
    }
    const at = member === undefined ? path : [...path, member]
    return [{ path: at, message: `is the same as in ${first.join('.')}` }]
  })
}
