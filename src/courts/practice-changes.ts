import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../problem.ts'
import {
  deliveryFormatLabels,
  deliveryPreferenceLabels,
  oldAccountLabels,
  type Practice,
  type Question,
  requestKindLabels,
} from './practice.ts'
import { roleLabel } from './roles.ts'

/** The members of a practice as its pages name them. */
export const practiceLabels = {
  takes: 'Kinds of request',
  roles: 'Roles for people who are not attorneys',
  questions: 'Question',
  questionOrder: 'Order of the questions',
  terms: 'Terms',
  deliveryPreferences: 'How often notices are sent',
  deliveryFormats: 'Format of notices',
  oldAccounts: 'Somebody who seems to have an account from before',
  lateAfterDays: 'A request is late after',
} as const

/** What differs between two versions of a practice, each member in words; undefined: nothing there. */
export function practiceChanges(before: Practice, after: Practice): readonly Change[] {
  const members = ['takes', 'roles', 'deliveryPreferences', 'deliveryFormats'] as const
  const rest = ['oldAccounts', 'lateAfterDays'] as const
  return [
    ...members.flatMap((member) =>
      changed(member, listsInWords(before)[member], listsInWords(after)[member]),
    ),
    ...questionChanges(before.questions, after.questions),
    ...changed('terms', before.terms?.text, after.terms?.text),
    ...rest.flatMap((member) => changed(member, words(before)[member], words(after)[member])),
  ]
}

/** The lists of a practice in words; undefined where one is empty. */
export function listsInWords(practice: Practice) {
  const joined = (texts: readonly string[]) => texts.join('; ') || undefined
  return {
    takes: joined(practice.takes.map((kind) => requestKindLabels[kind])),
    roles: joined(practice.roles.map(roleLabel)),
    deliveryPreferences: joined(
      practice.deliveryPreferences.map((each) => deliveryPreferenceLabels[each]),
    ),
    deliveryFormats: joined(practice.deliveryFormats.map((each) => deliveryFormatLabels[each])),
  }
}

function words({ oldAccounts, lateAfterDays }: Practice) {
  return {
    oldAccounts: oldAccountLabels[oldAccounts],
    lateAfterDays: `${lateAfterDays} ${lateAfterDays === 1 ? 'day' : 'days'}`,
  }
}

function questionChanges(before: readonly Question[], after: readonly Question[]): Change[] {
  const member = 'questions'
  const find = (questions: readonly Question[], id: string) =>
    questions.find((each) => each.id === id)
  const gone = before.filter(({ id }) => !find(after, id))
  const kept = after.filter(({ id }) => find(before, id))
  const order = (questions: readonly Question[]) =>
    questions.filter(({ id }) => find(before, id) && find(after, id)).map(({ label }) => label)
  const isMoved = !isDeepStrictEqual(
    before.filter(({ id }) => find(after, id)).map(({ id }) => id),
    kept.map(({ id }) => id),
  )
  return [
    ...gone.map((each) => ({ member, from: questionInWords(each), to: undefined })),
    ...after.flatMap((each) => {
      const was = find(before, each.id)
      return changed(member, was && questionInWords(was), questionInWords(each))
    }),
    ...(isMoved
      ? [
          {
            member: 'questionOrder',
            from: order(before).join('; '),
            to: order(after).join('; '),
          },
        ]
      : []),
  ]
}

const kindWords: Readonly<Record<Question['kind'], string>> = {
  text: 'a text',
  choice: 'a choice',
  date: 'a date',
  document: 'a document',
}

/** `“Law firm” (a text, required)`. */
export function questionInWords(question: Question): string {
  const { kind, label, isRequired, options, forKinds } = question
  const about = [
    options ? `${kindWords[kind]} of ${options.join(', ')}` : kindWords[kind],
    isRequired ? 'required' : 'optional',
    ...(forKinds
      ? [`asked with ${forKinds.map((each) => requestKindLabels[each]).join(', ')}`]
      : []),
  ]
  return `“${label}” (${about.join('; ')})`
}

function changed(member: string, from: string | undefined, to: string | undefined): Change[] {
  return from === to ? [] : [{ member, from, to }]
}
