import {
  practiceLimits,
  questionKinds,
  requestKindLabels,
  requestKinds,
} from '../../courts/practice.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { ConsoleContent } from '../frame.ts'
import { added, practicePath, questionPath } from './court-paths.ts'
import { choicesOf } from './fields.ts'
import { type CourtOnPage, type FormOnPage, formModel, titleOf } from './practice-page.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

const kindLabels: Readonly<Record<(typeof questionKinds)[number], string>> = {
  text: 'A text',
  choice: 'One of a few choices',
  date: 'A date',
  document: 'A document',
}

/** A question of the court's own: a new one, or one with what can be done with it. */
export function questionContent(
  form: FormOnPage & {
    /** `added` for a new one. */
    question: string
    /** Of one that is asked: where it stands. */
    place?: { readonly isFirst: boolean; readonly isLast: boolean } | undefined
  },
): ConsoleContent {
  const isNew = form.question === added
  const title = isNew ? 'Add a question' : 'Change a question'
  return {
    title: titleOf(title, form),
    body: template('practice-question', {
      ...formModel(form, isNew ? 'Nothing was added' : undefined),
      heading: title,
      isNew,
      action: questionPath(form.court.id, form.question),
      limits: practiceLimits,
      kinds: questionKinds.map((value) => ({ value, label: kindLabels[value] })),
      forKinds: choicesOf('for', requestKinds, (kind) => requestKindLabels[kind], form.typed),
    }),
  }
}

/** The question is asked no more, or there are as many as there can be. */
export function noQuestionContent(
  court: CourtOnPage,
  reason: 'not-there' | 'too-many',
): ConsoleContent {
  const isGone = reason === 'not-there'
  return {
    title: isGone ? 'This question is not asked any more' : 'There is no room for another question',
    body: template('no-question', {
      isGone,
      most: practiceLimits.questions,
      back: { url: practicePath(court.id), label: 'What this court takes' },
    }),
  }
}
