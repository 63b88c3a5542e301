import { type RequestKind, requestKindLabels } from '../../courts/practice.ts'
import { type Role, roleLabel } from '../../courts/roles.ts'
import type { FilingRequest, RequestEvent, RequestState, WaitsFor } from './request.ts'

/** What is asked for, in the words of the courts. */
export function askedInWords({ kind, role }: { readonly kind: RequestKind; readonly role: Role }) {
  return kind === 'non-attorney' ? roleLabel(role) : requestKindLabels[kind]
}

/** Whom an open request waits for: a few words, and a sentence for the person who asks. */
export const waitsForWords: Readonly<
  Record<WaitsFor, { readonly label: string; readonly text: string }>
> = {
  clerk: {
    label: 'Waits for the clerk',
    text: 'The clerk of the court looks at it next. There is nothing that you have to do.',
  },
  you: {
    label: 'Waits for you',
    text: 'The clerk has asked you something. The court goes on when you have answered.',
  },
  fee: {
    label: 'Waits for your fee',
    text: 'The court goes on when you have paid its fee. Ask the clerk how, if the court has not told you.',
  },
  training: {
    label: 'Waits for your training',
    text: 'The court goes on when you have done its training. Ask the clerk where, if the court has not told you.',
  },
  judge: {
    label: 'Waits for the judge',
    text: 'A judge of the court decides next. There is nothing that you have to do.',
  },
}

const endWords: Readonly<
  Record<Exclude<RequestState, 'open'>, { readonly label: string; readonly text: string }>
> = {
  draft: { label: 'Not sent yet', text: 'You have written it, and not sent it to the court.' },
  approved: { label: 'Approved', text: 'The court has approved it.' },
  denied: { label: 'Denied', text: 'The court has denied it.' },
  withdrawn: {
    label: 'Withdrawn',
    text: 'You have withdrawn it. The court does not decide on it.',
  },
}

/** Where a request stands, for the person who asks. */
export function requestInWords({ state, waitsFor }: Pick<FilingRequest, 'state' | 'waitsFor'>) {
  return state === 'open' ? waitsForWords[waitsFor ?? 'clerk'] : endWords[state]
}

/** One row of the history as a sentence for the person who asks. */
export function eventSentence({ kind, waitsFor }: Pick<RequestEvent, 'kind' | 'waitsFor'>): string {
  switch (kind) {
    case 'submitted':
      return 'You sent it to the court.'
    case 'asked':
      return 'The clerk asked you something.'
    case 'answered':
      return 'You answered.'
    case 'document-added':
      return 'You added a document.'
    case 'waits':
      return waitSentences[waitsFor ?? 'clerk']
    case 'approved':
      return 'The court approved it.'
    case 'denied':
      return 'The court denied it.'
    case 'withdrawn':
      return 'You withdrew it.'
  }
}

const waitSentences: Readonly<Record<WaitsFor, string>> = {
  clerk: 'It waits for the clerk again.',
  you: 'It waits for you.',
  fee: 'The court waits for your fee.',
  training: 'The court waits until you have done its training.',
  judge: 'It is before a judge of the court.',
}
