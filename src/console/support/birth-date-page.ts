import { accountTemplates } from '../../accounts/account-templates.ts'
import { months } from '../../accounts/person/birth-date.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { ConsoleContent } from '../frame.ts'
import type { ActProblem } from './act-page.ts'
import {
  supportAccountPath,
  supportBirthDateCorrectionPath,
  supportBirthDatePath,
} from './support-paths.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), accountTemplates)

type BirthDateForm = {
  account: { readonly name: string; readonly number: string; readonly username: string }
  csrf: string
  typed: Fields
  problem?: ActProblem | undefined
}

/** What came of a comparison. */
export type Comparison = 'same' | 'other'

/** Compares what a caller says with the date on file, which is not shown. */
export function compareBirthDateContent(
  model: BirthDateForm & {
    hasBirthDate: boolean
    compared?: Comparison | undefined
  },
): ConsoleContent {
  return {
    title: titleOf('Compare the date of birth', model),
    body: template('compare-birth-date', {
      ...shared(model),
      action: supportBirthDatePath(model.account.number),
      birthDateOf: {
        legend: 'The date of birth, as the caller says it',
        hint: 'For example: April 28 1986.',
      },
    }),
  }
}

/** Puts another date in the place of the one on file, which is not shown. */
export function correctBirthDateContent(
  model: BirthDateForm & { hasBirthDate: boolean },
): ConsoleContent {
  const title = model.hasBirthDate ? 'Correct the date of birth' : 'Enter the date of birth'
  return {
    title: titleOf(title, model),
    body: template('correct-birth-date', {
      ...shared(model),
      title,
      action: supportBirthDateCorrectionPath(model.account.number),
      birthDateOf: {
        legend: 'The right date of birth',
        hint: 'For example: April 28 1986. The date on file is not shown.',
      },
    }),
  }
}

function titleOf(title: string, { problem }: BirthDateForm): string {
  return `${problem ? 'Error: ' : ''}${title}`
}

function shared<Form extends BirthDateForm>(model: Form) {
  const problems = model.problem?.problems ?? []
  return {
    ...model,
    months,
    back: supportAccountPath(model.account.number),
    summary: model.problem,
    problem: (field: string) => problemOf(problems, field),
  }
}
