import { displayName } from '../../accounts/account.ts'
import { now } from '../../clock.ts'
import { roleLabel } from '../../courts/roles.ts'
import { noRight, stateOfRight } from '../../efiling/right.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import { staffCourtPath } from '../court/court-paths.ts'
import type { ConsoleContent } from '../frame.ts'
import { peoplePath, personPath } from './people-paths.ts'
import { rightLabels, rightTones } from './person-words.ts'
import type { DecideProblem } from './refusal-words.ts'
import type { PersonAtCourt } from './store.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** Who has something at a court, and the form that finds whoever has nothing there yet. */
export function peopleContent(model: {
  court: { readonly id: string; readonly name: string; readonly timeZone: string }
  query: string
  people: readonly PersonAtCourt[]
  isLater: boolean
  /** The number of the last one, where more follow. */
  after: string | undefined
  csrf: string
  typed: Fields
  problem?: DecideProblem | undefined
}): ConsoleContent {
  const { court, query, after, problem } = model
  const path = peoplePath(court.id)
  const addressOf = (more: Readonly<Record<string, string>>) => {
    const parameters = new URLSearchParams({ ...(query && { q: query }), ...more })
    return parameters.size > 0 ? `${path}?${parameters}` : path
  }
  return {
    title: `${problem ? 'Error: ' : ''}People`,
    body: template('people', {
      ...model,
      path,
      home: staffCourtPath(court.id),
      people: model.people.map((person) => {
        const right = person.right ?? noRight
        const state = stateOfRight(right, court, now())
        return {
          url: personPath(court.id, person.number),
          name: displayName(person),
          number: person.number,
          state: rightLabels[state],
          tone: rightTones[state],
          role: right.role && roleLabel(right.role),
          filerId: right.filerId,
        }
      }),
      everybody: path,
      first: addressOf({}),
      next: after && addressOf({ after }),
      summary: problem,
      problemOf: (field: string) => problemOf(problem?.problems ?? [], field),
    }),
  }
}
