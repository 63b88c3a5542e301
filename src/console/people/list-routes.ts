import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { z } from 'zod'
import { accountNumberPattern } from '../../accounts/account.ts'
import { now } from '../../clock.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { type FindingDeps, findingFields, findPerson } from './find-person.ts'
import { peopleContent } from './list-page.ts'
import { peoplePath, personPath } from './people-paths.ts'
import type { DecideProblem } from './refusal-words.ts'
import { listPeople } from './store.ts'

export type PeopleDeps = {
  readonly db: Database
  readonly courtGate: CourtGate
  /** That of stored identifiers: what shows who was found by number and name. */
  readonly key: KeyObject
}

export type ListDeps = PeopleDeps & FindingDeps

const perPage = 25
const longestSearch = 64

const findForm = (courtId: string) =>
  ({
    name: `people ${courtId}`,
    page: peoplePath(courtId),
    schema: findingFields,
    keeps: ['number', 'familyName'],
  }) satisfies FormOf<z.ZodType>

/** `/staff/courts/:court/people`: who has something at a court, and finds whoever has nothing there yet. */
export function peopleRoutes(deps: ListDeps): Router {
  const router = new Router()
  const path = peoplePath(':court')
  router.get(
    path,
    deps.courtGate.page(['clerk'], (visit) => show(deps, visit)),
  )
  router.post(
    path,
    deps.courtGate.form(
      ['clerk'],
      ({ court }) => findForm(court),
      (visit, posted) => find(deps, visit, posted),
    ),
  )
  return router
}

async function show(
  { db }: ListDeps,
  visit: CourtVisit,
  again: {
    readonly typed?: Fields
    readonly problem?: DecideProblem
    readonly status?: number
  } = {},
): Promise<ConsoleAnswer> {
  const { ctx, court, tokenFor } = visit
  const { q, after: place } = ctx.query
  const query = typeof q === 'string' ? q.slice(0, longestSearch).trim() : ''
  const isLater = typeof place === 'string' && accountNumberPattern.test(place)
  const rows = await listPeople(db, court.id, {
    text: query,
    after: isLater ? place : '',
    at: now(),
    limit: perPage + 1,
  })
  const people = rows.slice(0, perPage)
  return {
    ...peopleContent({
      court,
      query,
      people,
      isLater,
      after: rows.length > perPage ? people.at(-1)?.number : undefined,
      csrf: tokenFor(findForm(court.id)),
      typed: again.typed ?? {},
      problem: again.problem,
    }),
    status: again.status,
  }
}

async function find(
  deps: ListDeps,
  visit: CourtVisit,
  posted: Posted<z.output<typeof findingFields>>,
): Promise<AfterStaffForm> {
  const { court } = visit
  const heading = 'Nobody was found'
  if (!posted.ok) {
    const { typed, problems } = posted
    return show(deps, visit, { typed, problem: { heading, problems }, status: 422 })
  }
  const found = await findPerson(deps, visit, posted.value)
  if (!found.ok) {
    const problem = { heading, text: found.text }
    return show(deps, visit, { typed: posted.value, problem, status: found.status })
  }
  return { to: personPath(court.id, posted.value.number, found.value) }
}
