import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import { z } from 'zod'
import { checkShape } from '../check-shape.ts'
import { type Outcome, refused } from '../outcome.ts'
import type { Checked, HasProblems, Problem } from '../problem.ts'
import { isForeign, isOwnForm } from './csrf.ts'
import { formRefusalPage } from './fault-page.ts'
import { type Fields, type FormProblem, readForm } from './read-form.ts'

/** A form of ours. */
export type FormOf<Schema extends z.ZodType> = {
  /** Its token is good for this form alone. */
  readonly name: string
  /** The path of the page that it stands on. */
  readonly page: string
  /** Its fields in the order in which they stand, each with its own words for what is wrong. */
  readonly schema: Schema
  /** The fields that somebody types, and that are shown again. Never one with a password. */
  readonly keeps: readonly string[]
  /** The fields that take several lines. */
  readonly texts?: readonly string[]
  /** The fields that are typed once more whenever the form is shown again. */
  readonly secrets?: readonly string[]
}

/** What came of a form: its values, or what is wrong with it and what was typed. */
export type Posted<Value> = Outcome<Value, HasProblems & { readonly typed: Fields }>

/** A line of text that has to be there; blanks around it do not count. @param missing what to do. */
export function requiredText(missing: string) {
  return z.string({ error: missing }).trim().min(1, missing)
}

/** A password that has to be there, taken as it was typed. @param missing what to do. */
export function requiredSecret(missing: string) {
  return z.string({ error: missing }).min(1, missing)
}

/**
 * The values of a form that was read, or its problems by field. Fields that it does not know are left
 * out.
 * @param secrets fields that are never shown again: with any problem they are missing, too.
 */
export function checkFields<Schema extends z.ZodType>(
  schema: Schema,
  fields: Fields,
  secrets: readonly string[] = [],
): Checked<z.output<Schema>> {
  const checked = checkShape(schema, { ...fields })
  if (checked.ok || secrets.length === 0) return checked
  const shown = Object.entries(fields).filter(([name]) => !secrets.includes(name))
  return checkShape(schema, Object.fromEntries(shown))
}

/** The words for one field, and none where nothing is wrong with it. */
export function problemOf(problems: readonly Problem[], field: string): string | undefined {
  return problems.find(({ path }) => path[0] === field)?.message
}

/** As much of a form as may be shown again. */
export function typedIn(form: Pick<FormOf<z.ZodType>, 'keeps'>, fields: Fields): Fields {
  return Object.fromEntries(
    form.keeps.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
  )
}

const otherSignIn: Problem = {
  path: [],
  message:
    'You have signed in since this page was opened. Check what you typed, and send it again.',
}

/**
 * Reads a form: sizes before anything, then whose it is, then its fields.
 * @param visit what the token was bound to: the session, an interaction.
 * @returns undefined when the form is not taken and the page that says so is rendered.
 */
export async function takeForm<Schema extends z.ZodType>(
  ctx: Context,
  form: FormOf<Schema>,
  guard: { key: KeyObject; issuer: string; visit: string },
  fields: Fields,
): Promise<Posted<z.output<Schema>> | undefined> {
  const typed = typedIn(form, fields)
  if (!isOwnForm(ctx, { ...guard, form: form.name, token: fields['csrf'] })) {
    // A page of an earlier sign-in in this browser: what was typed is shown, and nothing is done with it.
    const isOurs = !isForeign(ctx, guard.issuer) && Object.keys(typed).length > 0
    if (isOurs) return refused('has-problems', { problems: [otherSignIn], typed })
    return refuse(ctx, 403, 'foreign-form')
  }
  const checked = checkFields(form.schema, fields, form.secrets)
  return checked.ok ? checked : { ...checked, typed }
}

/**
 * The fields of a posted form; undefined when it cannot be read and the page that says so is rendered.
 * @param texts the fields that take several lines.
 */
export async function readFields(
  ctx: Context,
  texts?: readonly string[],
): Promise<Fields | undefined> {
  const read = await readForm(ctx, texts)
  if (read.ok) return read.value
  return refuse(ctx, formStatus[read.reason], read.reason)
}

const formStatus: Readonly<Record<FormProblem, number>> = {
  'not-a-form': 400,
  'too-large': 413,
  'field-twice': 400,
  'field-too-long': 400,
  'control-character': 400,
}

function refuse(
  ctx: Context,
  status: number,
  reason: Parameters<typeof formRefusalPage>[2],
): undefined {
  respond(ctx, status, formRefusalPage(ctx, status, reason))
}

/** Answers with a page. */
export function respond(ctx: Context, status: number, page: string): undefined {
  ctx.status = status
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = page
}

/** Sends a browser on with a GET, so that loading the page again sends no form again. */
export function seeOther(ctx: Context, to: string): undefined {
  ctx.redirect(to)
  ctx.status = 303
}
