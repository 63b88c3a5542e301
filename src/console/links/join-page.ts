import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { ConsoleContent } from '../frame.ts'
import type { PairOnPage } from './pair.ts'
import type { LinkProblem } from './refusal-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type PageCourt = { readonly id: string; readonly name: string }
type WayBack = { readonly url: string; readonly label: string }

/** Both sides beside each other, and the press that makes them one person's. */
export function joinContent(model: {
  court: PageCourt
  title: string
  /** What the press does, as sentences. */
  meaning: readonly string[]
  button: string
  action: string
  back: WayBack
  pair: PairOnPage
  csrf: string
  /** What the form carries beside what is typed. */
  hidden: Fields
  typed: Fields
  problem?: LinkProblem | undefined
}): ConsoleContent {
  const { title, problem } = model
  return {
    title: titleOf(title, problem),
    body: template('join', { ...model, problemOf: problemsOf(problem) }),
  }
}

/** A form that looks for a person by account number and name. */
export type FindForm = {
  readonly csrf: string
  readonly action: string
  readonly typed: Fields
  readonly problem?: LinkProblem | undefined
}

/** Looks for the right person, and, where a link is corrected, for the right account of the old system. */
export function findContent(model: {
  court: PageCourt
  title: string
  meaning: string
  back: WayBack
  person: FindForm
  account?: FindForm | undefined
}): ConsoleContent {
  const { title, person, account } = model
  const problem = person.problem ?? account?.problem
  return {
    title: titleOf(title, problem),
    body: template('find-for-link', {
      ...model,
      problem,
      person: { ...person, problemOf: problemsOf(person.problem) },
      account: account && { ...account, problemOf: problemsOf(account.problem) },
    }),
  }
}

/** This court has no such link, or no such account of its old system. */
export function unknownLinkContent(court: PageCourt, back: WayBack): ConsoleContent {
  return { title: 'There is nothing like it', body: template('no-link', { court, back }) }
}

function titleOf(title: string, problem: LinkProblem | undefined): string {
  return `${problem ? 'Error: ' : ''}${title}`
}

function problemsOf(problem: LinkProblem | undefined) {
  return (field: string) => problemOf(problem?.problems ?? [], field)
}
