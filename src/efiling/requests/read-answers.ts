import { hasUnseen } from '../../accounts/person/text.ts'
import {
  type DeliveryFormat,
  type DeliveryPreference,
  type Practice,
  type Question,
  questionsFor,
  type RequestKind,
} from '../../courts/practice.ts'
import { parseDay } from '../../days.ts'
import { ok } from '../../outcome.ts'
import { type Checked, hasProblems, type Problem } from '../../problem.ts'
import { type Answer, ownQuestions } from './request.ts'

/** What was typed, by the names of the fields. */
type Typed = Readonly<Record<string, string>>

/** What somebody answers beside the documents. */
export type Details = {
  readonly answers: readonly Answer[]
  readonly deliveryFrequency: DeliveryPreference | null
  readonly deliveryFormat: DeliveryFormat | null
}

/** In code points: so many of the longest ones are within what a form's field may have in bytes. */
export const answerLength = 250

/** The field of a form that a question is answered in. */
export function fieldOf(question: string): string {
  return `answer-${question}`
}

export const deliveryFields = {
  frequency: 'delivery-frequency',
  format: 'delivery-format',
} as const
export const filedBeforeLabel =
  'Did you file electronically at this court before it moved to NextGen CM/ECF?'
export const oldLoginLabel = 'Your CM/ECF login at this court from before'

/** The questions with an answer that is typed or chosen; documents are sent on a page of their own. */
export function typedQuestions(practice: Practice, kind: RequestKind): Question[] {
  return questionsFor(practice, kind).filter(({ kind: of }) => of !== 'document')
}

export function documentQuestions(practice: Practice, kind: RequestKind): Question[] {
  return questionsFor(practice, kind).filter(({ kind: of }) => of === 'document')
}

/** Every field of the page with a court's questions, in their order. */
export function detailFields(practice: Practice, kind: RequestKind): string[] {
  return [
    ...Object.values(ownQuestions).map(fieldOf),
    ...typedQuestions(practice, kind).map(({ id }) => fieldOf(id)),
    ...Object.values(deliveryFields),
  ]
}

/** What was answered, as the fields of that page. */
export function typedAnswers(details: Details): Typed {
  return {
    ...Object.fromEntries(details.answers.map(({ question, value }) => [fieldOf(question), value])),
    [deliveryFields.frequency]: details.deliveryFrequency ?? '',
    [deliveryFields.format]: details.deliveryFormat ?? '',
  }
}

/**
 * Reads the answers to a court's questions. What is there has to be right in a draft, too, and what is
 * missing is missed where the request is to be sent.
 * @param practice the one whose questions were shown.
 * @returns every answer that was given, in the court's order, or every problem by its field.
 */
export function readDetails(
  practice: Practice,
  kind: RequestKind,
  typed: Typed,
  { isComplete }: { readonly isComplete: boolean },
): Checked<Details> {
  const problems: Problem[] = []
  const answers: Answer[] = []
  const read = (question: Question) => {
    const field = fieldOf(question.id)
    const value = inOneLine(typed[field] ?? '')
    const message = value === '' ? missing(question, isComplete) : wrongValue(question, value)
    if (message !== undefined) problems.push({ path: [field], message })
    else if (value !== '') answers.push({ question: question.id, label: question.label, value })
  }
  for (const question of ofOurs(typed)) read(question)
  for (const question of typedQuestions(practice, kind)) read(question)

  const choose = <Choice extends string>(
    field: string,
    choices: readonly Choice[],
    ask: string,
  ): Choice | null => {
    const chosen = choices.find((choice) => choice === typed[field])
    const isMissed = isComplete && choices.length > 0
    if (!chosen && isMissed) problems.push({ path: [field], message: ask })
    return chosen ?? null
  }
  const deliveryFrequency = choose(
    deliveryFields.frequency,
    practice.deliveryPreferences,
    'Choose how often the court writes to you',
  )
  const deliveryFormat = choose(
    deliveryFields.format,
    practice.deliveryFormats,
    'Choose in which form the court writes to you',
  )
  if (problems.length > 0) return hasProblems(problems)
  return ok({ answers, deliveryFrequency, deliveryFormat })
}

/** Asked at every court: the login from before only of whoever filed there. */
function ofOurs(typed: Typed): Question[] {
  const filedBefore: Question = {
    id: ownQuestions.filedBefore,
    kind: 'choice',
    label: filedBeforeLabel,
    isRequired: true,
    options: ['Yes', 'No'],
  }
  const oldLogin: Question = {
    id: ownQuestions.oldLogin,
    kind: 'text',
    label: oldLoginLabel,
    isRequired: false,
  }
  return typed[fieldOf(ownQuestions.filedBefore)] === 'Yes'
    ? [filedBefore, oldLogin]
    : [filedBefore]
}

export function saysFiledBefore(answers: readonly Answer[]): boolean {
  return answers.some(
    ({ question, value }) => question === ownQuestions.filedBefore && value === 'Yes',
  )
}

function missing({ kind, label, isRequired }: Question, isComplete: boolean): string | undefined {
  if (!isComplete || !isRequired) return undefined
  if (kind === 'choice') return `Choose an answer: ${label}`
  if (kind === 'date') return `Enter a date: ${label}`
  return `Answer this question: ${label}`
}

function wrongValue({ kind, label, options = [] }: Question, value: string): string | undefined {
  if (kind === 'choice') return options.includes(value) ? undefined : `Choose an answer: ${label}`
  if (kind === 'date') {
    return parseDay(value) ? undefined : 'Enter the date with year, month and day: 2026-04-28'
  }
  if (hasUnseen(value)) return 'Type this again by hand: it has characters that cannot be seen'
  return [...value].length > answerLength ? `Enter ${answerLength} characters at most` : undefined
}

function inOneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ').normalize('NFC')
}
