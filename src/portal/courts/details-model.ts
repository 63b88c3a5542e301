import { momentAtCourt } from '../../courts/court-time.ts'
import { deliveryFormatLabels, deliveryPreferenceLabels } from '../../courts/practice.ts'
import {
  deliveryFields,
  fieldOf,
  filedBeforeLabel,
  oldLoginLabel,
  typedQuestions,
} from '../../efiling/requests/read-answers.ts'
import { ownQuestions } from '../../efiling/requests/request.ts'
import { askedInWords } from '../../efiling/requests/request-words.ts'
import { problemOf } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { PortalAnswer } from '../portal-gate.ts'
import { detailsContent } from './ask-page.ts'
import { askPath } from './asking-paths.ts'
import { keptUntil } from './court-words.ts'
import { askPage, type WrittenVisit } from './draft-visit.ts'

/** The page with a court's questions: as they were answered, or as they were sent and are wrong. */
export function detailsPage(
  on: WrittenVisit,
  form: { readonly name: string },
  state: {
    readonly typed: Fields
    readonly problem?: FormTrouble
    readonly status?: number
    readonly isSaved?: boolean
  },
): PortalAnswer {
  const { courtId, draft, approach } = on
  const { practice, court } = approach
  const { typed, problem, status, isSaved } = state
  const field = (name: string) => ({
    name,
    value: typed[name],
    problem: problemOf(problem?.problems ?? [], name),
  })
  const choice = <Value extends string>(
    name: string,
    legend: string,
    values: readonly Value[],
    labels: Readonly<Record<Value, string>>,
  ) =>
    values.length === 0
      ? undefined
      : {
          ...field(name),
          legend,
          choices: values.map((value) => ({ value, label: labels[value] })),
        }
  return {
    ...detailsContent({
      ...askPage(on, 'details', form),
      problem,
      asked: askedInWords(draft),
      kindUrl: askPath(courtId, 'kind'),
      practiceVersion: practice.version,
      own: {
        filedBefore: { ...field(fieldOf(ownQuestions.filedBefore)), label: filedBeforeLabel },
        oldLogin: { ...field(fieldOf(ownQuestions.oldLogin)), label: oldLoginLabel },
      },
      questions: typedQuestions(practice, draft.kind).map((question) => ({
        question,
        ...field(fieldOf(question.id)),
      })),
      delivery: {
        frequency: choice(
          deliveryFields.frequency,
          'How often is the court to send you its notices?',
          practice.deliveryPreferences,
          deliveryPreferenceLabels,
        ),
        format: choice(
          deliveryFields.format,
          'In which form?',
          practice.deliveryFormats,
          deliveryFormatLabels,
        ),
      },
      isSaved,
      keptUntil: momentAtCourt(keptUntil(draft), court),
    }),
    status,
  }
}
