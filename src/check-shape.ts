import type { z } from 'zod'
import { nearest } from './nearest.ts'
import { ok } from './outcome.ts'
import { type Checked, hasProblems, type Problem } from './problem.ts'

/**
 * Reads a value with a schema.
 * @returns the value, or every problem in words, with what was probably meant. The words never repeat
 * a value that was given: it may be a password.
 */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): Checked<z.output<Schema>> {
  const suggestions = new Map<string, string | undefined>()
  const membersAt = new Map<string, readonly string[]>()
  const parsed = schema.safeParse(value, {
    error: (issue) => {
      const place = JSON.stringify(issue.path ?? [])
      if (issue.code === 'unrecognized_keys') membersAt.set(place, membersOf(issue.inst))
      if (issue.code === 'invalid_value' && typeof issue.input === 'string') {
        suggestions.set(place, nearest(issue.input, issue.values.map(String)))
      }
      return wordsFor(issue)
    },
  })
  if (parsed.success) return ok(parsed.data)
  const problems = parsed.error.issues.flatMap((issue): Problem[] => {
    const path = issue.path as (string | number)[]
    const place = JSON.stringify(path)
    if (issue.code !== 'unrecognized_keys') {
      return [{ path, message: issue.message, suggestion: suggestions.get(place) }]
    }
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is not known here',
      suggestion: nearest(key, membersAt.get(place) ?? []),
    }))
  })
  return hasProblems(problems)
}

/** The members of the object that met one it does not know. */
function membersOf(schema: unknown): string[] {
  const { _zod } = (schema ?? {}) as { _zod?: { def?: { shape?: object } } }
  return Object.keys(_zod?.def?.shape ?? {})
}

type RawIssue = Parameters<z.core.$ZodErrorMap>[0]

/** Undefined leaves the schema's own words. */
function wordsFor(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue.expected, issue.input)
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing'
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.join(', ')}`
    case 'too_small':
      return `${sizeWords(issue.origin)} at least ${unitWords(issue.origin, Number(issue.minimum))}`
    case 'too_big':
      return `${sizeWords(issue.origin)} at most ${unitWords(issue.origin, Number(issue.maximum))}`
    case 'invalid_format':
      return issue.format === 'email' ? 'is not an e-mail address' : undefined
    default:
      return undefined
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of members',
  record: 'a group of members',
}

function typeWords(expected: string, input: unknown): string {
  if (input === undefined) return 'is missing'
  const wanted = typeNames[expected] ?? expected
  if (input === null) return `must be ${wanted}, and cannot be taken away with null`
  const given = Array.isArray(input) ? 'array' : typeof input
  const hint =
    expected === 'string' && given !== 'object' && given !== 'array' ? '; put it in quotes' : ''
  return `must be ${wanted}, not ${typeNames[given] ?? given}${hint}`
}

function sizeWords(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'has' : 'is'
}

function unitWords(origin: string, count: number): string {
  if (origin === 'string') return `${count} character${count === 1 ? '' : 's'}`
  if (origin === 'array') return `${count} ${count === 1 ? 'entry' : 'entries'}`
  return String(count)
}
