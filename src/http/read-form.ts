import type { Context } from 'koa'
import { type Outcome, ok, refused } from '../outcome.ts'
import { readBody } from './read-body.ts'

const maximumBytes = 8 * 1024
const maximumFieldBytes = 1024

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
 */
export async function readForm(ctx: Context): Promise<Outcome<Fields, FormProblem>> {
  if (!ctx.is('application/x-www-form-urlencoded')) return refused('not-a-form')
  let text: string
  try {
    text = await readBody(ctx, maximumBytes)
  } catch (error) {
    if ((error as { type?: string }).type === 'entity.too.large') return refused('too-large')
    throw error
  }
  const fields: Record<string, string> = Object.create(null)
  for (const [name, sent] of new URLSearchParams(text)) {
    if (name in fields) return refused('field-twice')
    // What is copied out of a table brings tabs with it; inside a value no form of ours takes one.
    const value = sent.replace(/^[\t ]*\t|\t[\t ]*$/g, '')
    if (Buffer.byteLength(value) > maximumFieldBytes) return refused('field-too-long')
    if (hasControlCharacter(value)) return refused('control-character')
    fields[name] = value
  }
  return ok(fields)
}

/** Characters that no field of ours takes, a tab among them. */
export function hasControlCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}
