import Router from '@koa/router'
import { z } from 'zod'
import { changePractice } from '../../courts/change-practice.ts'
import { withAdded, withChanged, withMoved, withoutItem } from '../../courts/ordered-list.ts'
import {
  type Practice,
  type PracticeSettings,
  practiceLimits,
  type Question,
  questionKinds,
  requestKinds,
} from '../../courts/practice.ts'
import { findPractice } from '../../courts/practice-store.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { newListId } from '../../ids.ts'
import { ok } from '../../outcome.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtParams, CourtVisit } from '../court-gate.ts'
import { added, practicePath, questionPath } from './court-paths.ts'
import {
  basedOn,
  boxes,
  boxNames,
  shownLine,
  shownText,
  ticked,
  tickedFields,
  versionIn,
} from './fields.ts'
import { noQuestionContent, questionContent } from './question-page.ts'
import { readMeanwhile } from './read-changes.ts'

export type QuestionRouteDeps = { readonly db: Database; readonly courtGate: CourtGate }

const {
  labelLength,
  fewestOptions,
  options: mostOptions,
  optionLength,
  questions: mostQuestions,
} = practiceLimits

const lineOfOption = shownText(optionLength)
const optionsProblem = `Enter from ${fewestOptions} to ${mostOptions} choices, each on a line of its own`

const saved = z
  .object({
    act: z.literal('save'),
    version: basedOn,
    label: shownLine('Enter the question', labelLength),
    kind: z.enum(questionKinds, { error: 'Choose what it is answered with' }),
    options: shownText((optionLength + 1) * mostOptions).optional(),
    isRequired: z.enum(['yes', 'no'], { error: 'Choose whether it has to be answered' }),
    ...boxes('for', requestKinds),
  })
  .transform(({ act, version, label, kind, options = '', isRequired, ...fields }, context) => {
    const lines = options
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    const forKinds = ticked('for', requestKinds, fields)
    const question = {
      kind,
      label,
      isRequired: isRequired === 'yes',
      ...(kind === 'choice' && { options: lines }),
      ...(forKinds.length > 0 && { forKinds }),
    }
    const problem = kind === 'choice' ? problemOfOptions(lines) : undefined
    if (problem) context.addIssue({ code: 'custom', path: ['options'], message: problem })
    return { act, version, question }
  })

function problemOfOptions(lines: readonly string[]): string | undefined {
  if (lines.length < fewestOptions || lines.length > mostOptions) return optionsProblem
  if (lines.some((line) => !lineOfOption.safeParse(line).success)) {
    return `Shorten each choice to ${optionLength} characters`
  }
  return new Set(lines).size < lines.length ? 'Enter each choice once' : undefined
}

const moved = z.object({ act: z.enum(['up', 'down', 'remove']), version: basedOn })

const schema = z.discriminatedUnion('act', [saved, moved])
type QuestionAct = z.output<typeof schema>

const formOf = ({ court, question = added }: CourtParams) =>
  ({
    name: `practice question ${court} ${question}`,
    page: questionPath(court, question),
    schema,
    keeps: [
      'version',
      'act',
      'label',
      'kind',
      'options',
      'isRequired',
      ...boxNames('for', requestKinds),
    ],
    texts: ['options'],
  }) satisfies FormOf<z.ZodType>

/** The court's own questions: each is added, changed, moved and removed on a page of its own. */
export function questionRoutes(deps: QuestionRouteDeps): Router {
  const { db, courtGate } = deps
  const router = new Router()
  for (const question of [added, ':question']) {
    const path = questionPath(':court', question)
    router.get(
      path,
      courtGate.page(['court-manager'], (visit) => show(db, visit)),
    )
    router.post(
      path,
      courtGate.form(['court-manager'], formOf, (visit, posted) => take(db, visit, posted)),
    )
  }
  return router
}

async function show(db: Database, visit: CourtVisit): Promise<ConsoleAnswer> {
  const practice = await findPractice(db, visit.court.id)
  const { question: id = added } = visit.params
  if (id === added) {
    if (practice.questions.length >= mostQuestions) return noQuestion(visit, 'too-many')
    return contentOf(visit, practice, { typed: {} })
  }
  const question = practice.questions.find((each) => each.id === id)
  if (!question) return noQuestion(visit, 'not-there')
  return contentOf(visit, practice, { typed: typedOf(question) })
}

async function take(
  db: Database,
  visit: CourtVisit,
  posted: Posted<QuestionAct>,
): Promise<AfterStaffForm> {
  const { court, by } = visit
  const { question: id = added } = visit.params
  if (!posted.ok) {
    const { typed, problems } = posted
    const practice = { ...(await findPractice(db, court.id)), version: versionIn(typed) }
    return { ...contentOf(visit, practice, { typed, problems }), status: 422 }
  }
  const { value } = posted
  const edit = {
    courtId: court.id,
    basedOn: value.version,
    change: (settings: PracticeSettings) => {
      const questions = questionsAfter(settings.questions, id, value)
      return questions.ok ? ok({ ...settings, questions: questions.value }) : questions
    },
  }
  const changed = await changePractice(db, edit, by)
  if (changed.ok) return { to: `${practicePath(court.id)}#questions-heading` }
  if (changed.reason !== 'changed-meanwhile') return noQuestion(visit, changed.reason)
  const practice = await findPractice(db, court.id)
  const { meanwhile } = await readMeanwhile(db, court, value.version)
  const now = practice.questions.find((each) => each.id === id)
  // What was typed for a question that somebody removed meanwhile can be added as a new one.
  const params = now ? visit.params : { ...visit.params, question: added }
  if (value.act !== 'save' && !now) return noQuestion(visit, 'not-there')
  const typed = value.act === 'save' ? typedOf(value.question) : now ? typedOf(now) : {}
  return { ...contentOf({ ...visit, params }, practice, { typed, meanwhile }), status: 409 }
}

function questionsAfter(questions: readonly Question[], id: string, value: QuestionAct) {
  if (value.act === 'remove') return withoutItem(questions, id)
  if (value.act !== 'save') return withMoved(questions, id, value.act)
  if (id !== added) return withChanged<Question>(questions, { id, ...value.question })
  return withAdded<Question>(questions, { id: newListId(), ...value.question }, mostQuestions)
}

function noQuestion({ court }: CourtVisit, reason: 'not-there' | 'too-many'): ConsoleAnswer {
  const status = reason === 'not-there' ? 404 : 409
  return { ...noQuestionContent(court, reason), status }
}

function contentOf(
  visit: CourtVisit,
  { version, questions }: Practice,
  form: Pick<Parameters<typeof questionContent>[0], 'typed' | 'problems' | 'meanwhile'>,
): ConsoleAnswer {
  const { court, params } = visit
  const { question = added } = params
  const index = questions.findIndex(({ id }) => id === question)
  const place =
    index < 0 ? undefined : { isFirst: index === 0, isLast: index === questions.length - 1 }
  const csrf = visit.tokenFor(formOf(params))
  return questionContent({ ...form, court, csrf, version, question, place })
}

function typedOf(question: Omit<Question, 'id'>): Fields {
  const { kind, label, isRequired, options = [], forKinds = [] } = question
  return {
    kind,
    label,
    isRequired: isRequired ? 'yes' : 'no',
    options: options.join('\n'),
    ...tickedFields('for', forKinds),
  }
}
