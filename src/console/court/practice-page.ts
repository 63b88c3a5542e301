import {
  deliveryFormatLabels,
  deliveryFormats,
  deliveryPreferenceLabels,
  deliveryPreferences,
  oldAccountLabels,
  oldAccountRules,
  type Practice,
  practiceLimits,
  requestKindLabels,
  requestKinds,
} from '../../courts/practice.ts'
import { listsInWords, practiceLabels, questionInWords } from '../../courts/practice-changes.ts'
import { nonAttorneyRoles, roleLabel } from '../../courts/roles.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Problem } from '../../problem.ts'
import type { ConsoleContent } from '../frame.ts'
import {
  added,
  practiceHistoryPath,
  practicePath,
  practiceRequestsPath,
  practiceTermsPath,
  questionPath,
  staffCourtPath,
} from './court-paths.ts'
import { choicesOf } from './fields.ts'
import type { ChangeOnPage, VersionOnPage } from './read-changes.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type CourtOnPage = { readonly id: string; readonly name: string }

/** What a court takes, asks and says now, for its own people. */
export function practiceContent(model: {
  court: CourtOnPage
  practice: Practice
  isManager: boolean
  /** The newest version, with who wrote it; undefined where the court has said nothing yet. */
  newest: VersionOnPage | undefined
}): ConsoleContent {
  const { court, practice } = model
  const lists = listsInWords(practice)
  return {
    title: `What this court takes: ${court.name}`,
    body: template('practice', {
      ...model,
      labels: practiceLabels,
      lists,
      oldAccounts: oldAccountLabels[practice.oldAccounts],
      questions: practice.questions.map((question) => ({
        words: questionInWords(question),
        label: question.label,
        url: questionPath(court.id, question.id),
      })),
      isFull: practice.questions.length >= practiceLimits.questions,
      most: practiceLimits.questions,
      back: { url: staffCourtPath(court.id), label: court.name },
      requestsUrl: practiceRequestsPath(court.id),
      termsUrl: practiceTermsPath(court.id),
      newQuestionUrl: questionPath(court.id, added),
      historyUrl: practiceHistoryPath(court.id),
    }),
  }
}

/** What every form of these pages is shown with. */
export type FormOnPage = {
  readonly court: CourtOnPage
  readonly csrf: string
  /** The version that the form stands on. */
  readonly version: number
  readonly typed: Fields
  readonly problems?: readonly Problem[] | undefined
  /** What somebody else saved since the page was opened, the newest first. */
  readonly meanwhile?: readonly VersionOnPage[] | undefined
}

/** What a template of a form of these pages takes besides what is special to it. */
export function formModel(form: FormOnPage, heading = 'Nothing was saved') {
  const { problems = [] } = form
  return {
    ...form,
    back: { url: practicePath(form.court.id), label: 'What this court takes' },
    summary: problems.length > 0 ? { heading, problems } : undefined,
    problem: (field: string) => problemOf(problems, field),
  }
}

/** `Error: …` where something is to be mended, so that a screen reader hears it first. */
export function titleOf(title: string, { problems, meanwhile }: FormOnPage): string {
  return problems?.length || meanwhile ? `Error: ${title}` : title
}

/** The kinds of request, the roles, the preferences, and what becomes of accounts from before. */
export function requestsContent(form: FormOnPage): ConsoleContent {
  const { typed } = form
  return {
    title: titleOf('Kinds of request', form),
    body: template('practice-requests', {
      ...formModel(form),
      action: practiceRequestsPath(form.court.id),
      labels: practiceLabels,
      takes: choicesOf('takes', requestKinds, (kind) => requestKindLabels[kind], typed),
      roles: choicesOf('roles', nonAttorneyRoles, roleLabel, typed),
      often: choicesOf(
        'often',
        deliveryPreferences,
        (each) => deliveryPreferenceLabels[each],
        typed,
      ),
      format: choicesOf('format', deliveryFormats, (each) => deliveryFormatLabels[each], typed),
      oldAccounts: oldAccountRules.map((value) => ({ value, label: oldAccountLabels[value] })),
      mostDays: practiceLimits.lateAfterDays,
    }),
  }
}

/** What has to be accepted with a request. */
export function termsContent(form: FormOnPage): ConsoleContent {
  return {
    title: titleOf('Terms', form),
    body: template('practice-terms', {
      ...formModel(form),
      action: practiceTermsPath(form.court.id),
      most: practiceLimits.termsLength,
    }),
  }
}

/** The versions of a court's practice, and what differs between two of them. */
export function historyContent(model: {
  court: CourtOnPage
  versions: readonly VersionOnPage[]
  older?: number | undefined
  /** Two versions that were chosen; `changes` is absent where one of them is not there. */
  compared?:
    | {
        readonly from: number
        readonly to: number
        readonly changes?: readonly ChangeOnPage[] | undefined
      }
    | undefined
}): ConsoleContent {
  const { court, older } = model
  const path = practiceHistoryPath(court.id)
  return {
    title: `Changes of what this court takes: ${court.name}`,
    body: template('practice-history', {
      ...model,
      path,
      back: { url: practicePath(court.id), label: 'What this court takes' },
      olderUrl: older === undefined ? undefined : `${path}?before=${older}`,
    }),
  }
}
