import { denialReasons, questionReasons } from '../../efiling/requests/decision-reasons.ts'
import { clerkWaits } from '../../efiling/requests/let-request-wait.ts'
import type { WaitsFor } from '../../efiling/requests/request.ts'
import { actionLabel } from '../../efiling/standing-words.ts'
import type { AnswerAct } from './forms.ts'
import { waitsLabels } from './request-words.ts'

export const grantChoices = [
  { value: 'file', label: actionLabel('file'), text: 'and receive notices of electronic filing.' },
  { value: 'notices', label: actionLabel('receive-notices'), text: 'and no more.' },
  { value: 'apply', label: actionLabel('apply'), text: 'and no more.' },
]

export const admissionChoices = [
  { value: 'yes', label: 'Admitted', text: 'to practice before this court.' },
  { value: 'no', label: 'Not admitted', text: 'What is granted holds all the same.' },
]

const labelled = (words: Readonly<Record<string, { readonly label: string }>>) =>
  Object.entries(words).map(([value, { label }]) => ({ value, label }))

/** What the page of each act by which the filer is told something says. @param waitsFor what it waits for now. */
export function answerWords(act: AnswerAct, waitsFor: WaitsFor | null) {
  switch (act) {
    case 'ask':
      return {
        title: 'Ask the filer',
        meaning:
          'The filer gets your question by e-mail and answers it in the request. Until then it does not count as waiting for you.',
        button: 'Send the question',
        choice: {
          name: 'reason',
          legend: 'What the question is about',
          choices: labelled(questionReasons),
        },
        message: { label: 'Your question', isOptional: false },
      }
    case 'deny':
      return {
        title: 'Deny the request',
        meaning: 'The request is over. A right that this person has here already stays as it is.',
        button: 'Deny the request',
        choice: { name: 'reason', legend: 'Why', choices: labelled(denialReasons) },
        message: { label: 'What you tell the filer', isOptional: false },
      }
    case 'wait':
      return {
        title: 'Say what the request waits for',
        meaning:
          'The filer sees it and is told by e-mail. To wait for the filer, ask something instead.',
        button: 'Save',
        choice: {
          name: 'waitsFor',
          legend: 'What it waits for',
          choices: clerkWaits
            .filter((each) => each !== waitsFor)
            .map((value) => ({ value, label: waitsLabels[value] })),
        },
        message: { label: 'What you tell the filer', isOptional: true },
      }
  }
}
