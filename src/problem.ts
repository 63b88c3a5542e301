import { type Outcome, type Refused, refused } from './outcome.ts'

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
