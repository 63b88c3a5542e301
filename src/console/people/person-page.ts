import { transitionOf } from '../../efiling/right-machine.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { ConsoleContent } from '../frame.ts'
import { courtLinkPath } from '../links/link-paths.ts'
import { type ActField, acts, type PersonAct } from './acts.ts'
import { peoplePath, personActPath, personPath } from './people-paths.ts'
import { rightLabels, rightMeanings, rightTones } from './person-words.ts'
import type { PersonOnPage } from './read-person.ts'
import type { DecideProblem } from './refusal-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type PageCourt = { readonly id: string; readonly name: string }

/** What a court decided about somebody, and what can be decided now. */
export function personContent(model: {
  court: PageCourt
  person: PersonOnPage
  acts: readonly PersonAct[]
  found: string
  problem?: DecideProblem | undefined
}): ConsoleContent {
  const { court, person, found, problem } = model
  return {
    title: `${problem ? 'Error: ' : ''}${person.name}`,
    body: template('person', {
      ...model,
      holds: holdsOf(person),
      acts: model.acts.map((act) => ({
        act,
        label: transitionOf(act).label,
        url: personActPath(court.id, person.number, act, found),
      })),
      link: person.link && {
        ...person.link,
        url: courtLinkPath(court.id, person.link.id),
      },
      back: peoplePath(court.id),
    }),
  }
}

function holdsOf({ state }: PersonOnPage) {
  return { label: rightLabels[state], tone: rightTones[state], meaning: rightMeanings[state] }
}

type Choice = { readonly value: string; readonly label: string; readonly text?: string | undefined }

/** One decision, with what was typed for it. */
export function decideContent(model: {
  court: PageCourt
  /** What its clock is called. */
  zone: string
  person: PersonOnPage
  act: PersonAct
  /** The newest decision on the page. */
  seen: number
  found: string
  csrf: string
  typed: Fields
  roles: readonly (readonly [value: string, label: string])[]
  grants: readonly Choice[]
  reasons: readonly (readonly [value: string, label: string])[]
  problem?: DecideProblem | undefined
}): ConsoleContent {
  const { court, person, act, found, problem } = model
  const { label, needs } = transitionOf(act)
  return {
    title: `${problem ? 'Error: ' : ''}${label}`,
    body: template('decide-right', {
      ...model,
      ...acts[act],
      label,
      holds: holdsOf(person),
      has: (field: ActField) => acts[act].fields.includes(field),
      isReasonNeeded: needs.includes('reason'),
      action: personActPath(court.id, person.number, act),
      back: personPath(court.id, person.number, found),
      problemOf: (field: string) => problemOf(problem?.problems ?? [], field),
    }),
  }
}

/** Nobody of that number has anything at this court. */
export function unknownPersonContent(court: PageCourt): ConsoleContent {
  return {
    title: 'Nobody of that number has anything here',
    body: template('no-person', { court, back: peoplePath(court.id) }),
  }
}
