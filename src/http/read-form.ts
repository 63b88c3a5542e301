import type { Context } from 'koa'
import { type Outcome, ok, refused } from '../outcome.ts'
import { readBody } from './read-body.ts'

const maximumBytes = 8 * 1024
const maximumFieldBytes = 1024
/** For a form in which texts of several lines are typed. */
const maximumBytesWithTexts = 48 * 1024
const maximumTextBytes = 12 * 1024

/** The fields of a form as they came, by name. */
export type Fields = Readonly<Record<string, string>>

/** Why a form cannot be read at all. */
export type FormProblem =
  | 'not-a-form'
  | 'too-large'
  | 'field-twice'
  | 'field-too-long'
  | 'control-character'

/**
 * Reads an urlencoded form of ours: at most 8 KiB, every field once, at most 1 KiB each, and no
 * control characters (PostgreSQL stores no NUL). Caps come before parsing.
 * @param texts the fields of several lines: a form with one has at most 48 KiB, each at most 12 KiB, and
 *   its lines end in a line feed, however the browser sends them.
 */
export async function readForm(
  ctx: Context,
  texts: readonly string[] = [],
): Promise<Outcome<Fields, FormProblem>> {
  if (!ctx.is('application/x-www-form-urlencoded')) return refused('not-a-form')
  let text: string
  try {
    text = await readBody(ctx, texts.length > 0 ? maximumBytesWithTexts : maximumBytes)
  } catch (error) {
    if ((error as { type?: string }).type === 'entity.too.large') return refused('too-large')
    throw error
  }
  const fields: Record<string, string> = Object.create(null)
  for (const [name, sent] of new URLSearchParams(text)) {
    if (name in fields) return refused('field-twice')
    const isText = texts.includes(name)
    const value = isText ? textOf(sent) : lineOf(sent)
    if (Buffer.byteLength(value) > (isText ? maximumTextBytes : maximumFieldBytes)) {
      return refused('field-too-long')
    }
    if (hasControlCharacter(isText ? value.replaceAll('\n', '') : value)) {
      return refused('control-character')
    }
    fields[name] = value
  }
  return ok(fields)
}

/** What is copied out of a table brings tabs with it; inside a line no form of ours takes one. */
function lineOf(sent: string): string {
  return sent.replace(/^[\t ]*\t|\t[\t ]*$/g, '')
}

/** A tab in a text of several lines is somebody's indent. */
function textOf(sent: string): string {
  return sent.replace(/\r\n?/g, '\n').replaceAll('\t', ' ')
}

/** Characters that no field of ours takes, a tab among them. */
export function hasControlCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}
