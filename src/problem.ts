import { type Outcome, ok, type Refused, refused } from './outcome.ts'

/** Where in a document: names of members and places in lists, from the outside inwards. */
export type Path = readonly (string | number)[]

/** What is wrong with one member of what somebody wants saved, in words for whoever wrote it. */
export type Problem = {
  readonly path: Path
  readonly message: string
  /** What was probably meant. */
  readonly suggestion?: string | undefined
}

/** What was wrong with what somebody wants saved: every problem there is. */
export type HasProblems<Kind extends Problem = Problem> = {
  readonly reason: 'has-problems'
  readonly problems: readonly Kind[]
}

/** The value that was read, or every problem of it. */
export type Checked<Value> = Outcome<Value, HasProblems>

export function hasProblems<Kind extends Problem>(
  problems: readonly Kind[],
): Refused<HasProblems<Kind>> {
  return refused('has-problems', { problems })
}

type ValuesOf<Parts> = {
  -readonly [Name in keyof Parts]: Parts[Name] extends Checked<infer Value> ? Value : never
}

/** The values of parts that were read each for itself, or every problem of all, in their order. */
export function together<Parts extends Readonly<Record<string, Checked<unknown>>>>(
  parts: Parts,
): Checked<ValuesOf<Parts>> {
  const problems = Object.values(parts).flatMap((part) => (part.ok ? [] : part.problems))
  if (problems.length > 0) return hasProblems(problems)
  const values = Object.entries(parts).map(([name, part]) => [name, part.ok && part.value])
  return ok(Object.fromEntries(values) as ValuesOf<Parts>)
}

/** One thing that is wrong with one field. */
export function wrong(field: string, message: string): Refused<HasProblems> {
  return hasProblems([{ path: [field], message }])
}

/**
 * What somebody is told whose input fitted the database when it was compared with it, and does not fit
 * when it is saved.
 */
export const takenMeanwhile =
  'meets what was saved meanwhile, or another item of this file; apply it again'

/** One member that differs, in words; what is secret is named and never shown. */
export type Change = {
  readonly member: string
  /** Undefined where there was nothing. */
  readonly from: string | undefined
  readonly to: string | undefined
}

/** The same problems, seen from further outside. */
export function under(path: Path, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }))
}

/** `clients.0.metadata.scope: must contain openid (did you mean "openid"?)` */
export function problemText({ path, message, suggestion }: Problem): string {
  const place = path.length > 0 ? `${path.join('.')}: ` : ''
  return `${place}${message}${suggestion === undefined ? '' : ` (did you mean "${suggestion}"?)`}`
}
