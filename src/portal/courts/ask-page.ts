import type { Question } from '../../courts/practice.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { PortalContent } from '../frame.ts'
import type { ClerkOnPage } from './court-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What every page has on which a request is written. */
export type AskPage = ClerkOnPage & {
  readonly courtName: string
  readonly courtUrl: string
  readonly step: { readonly number: number; readonly of: number }
  /** The form of the page. */
  readonly action: string
  readonly csrf: string
  readonly problem?: FormTrouble | undefined
}

/** What is asked for. */
export function kindContent(
  model: AskPage & {
    /** The field `asked`. */
    typed: Fields
    choices: readonly { value: string; label: string }[]
    notToChoose: readonly { label: string; text: string }[]
    linkFirst: boolean
  },
): PortalContent {
  return render('ask-kind', 'What you ask for', model)
}

/** One question of the court with its field. */
export type QuestionOnPage = {
  readonly question: Omit<Question, 'id'>
  readonly name: string
  readonly value: string | undefined
  readonly problem: string | undefined
}

type OwnQuestion = {
  name: string
  label: string
  value?: string | undefined
  problem?: string | undefined
}
type Choice = {
  name: string
  legend: string
  value?: string | undefined
  problem?: string | undefined
  choices: readonly { value: string; label: string }[]
}

/** The questions of the court, and how it is to write. */
export function detailsContent(
  model: AskPage & {
    asked: string
    kindUrl: string
    practiceVersion: number
    own: { filedBefore: OwnQuestion; oldLogin: OwnQuestion }
    questions: readonly QuestionOnPage[]
    delivery: { frequency?: Choice | undefined; format?: Choice | undefined }
    /** It was kept just now, until then, in words. */
    isSaved?: boolean | undefined
    keptUntil?: string | undefined
  },
): PortalContent {
  return render('ask-details', 'The court’s questions', { ...model, typed: {} })
}

export type DocumentOnPage = {
  readonly url: string
  readonly name: string
  /** Its type and size. */
  readonly about: string
}

/** A document to each question that asks for one, each sent by itself. */
export function documentsContent(
  model: AskPage & {
    questions: readonly {
      readonly id: string
      readonly field: string
      readonly label: string
      readonly isRequired: boolean
      readonly document?: DocumentOnPage | undefined
      readonly problem?: string | undefined
    }[]
    removeAction: string
    removeCsrf: string
    detailsUrl: string
    nextUrl: string
  },
): PortalContent {
  return render('ask-documents', 'Documents', { ...model, typed: {} })
}

type Fact = { readonly label: string; readonly value: string }

/** Everything once more, with the terms of the court. */
export function checkContent(
  model: AskPage & {
    asked: string
    kindUrl: string
    detailsUrl: string
    documentsUrl?: string | undefined
    answers: readonly { field: string; label: string; value?: string | undefined }[]
    documents: readonly {
      readonly field: string
      readonly label: string
      readonly documents: readonly DocumentOnPage[]
    }[]
    person: readonly Fact[]
    practiceVersion: number
    terms?: { version: number; paragraphs: readonly string[] } | undefined
    /** The field `accept`. */
    typed: Fields
    /** Its holder is written to. */
    isTold: boolean
  },
): PortalContent {
  return render('ask-check', 'Check your request', model)
}

function render(
  name: string,
  title: string,
  model: AskPage & { readonly typed: Fields },
): PortalContent {
  const { problem: summary } = model
  return {
    title: `${summary ? 'Error: ' : ''}${title}`,
    body: template(name, {
      ...model,
      title,
      summary,
      problem: (field: string) => problemOf(summary?.problems ?? [], field),
    }),
  }
}
