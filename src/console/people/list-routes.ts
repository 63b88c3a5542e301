import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import { z } from 'zod'
import { accountNumberPattern } from '../../accounts/account.ts'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import type { Limit } from '../../config/limits.ts'
import { type FormOf, type Posted, requiredText } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Database } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { inWords } from '../../time-in-words.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { personFound } from '../events.ts'
import { foundMark } from './found-mark.ts'
import { peopleContent } from './list-page.ts'
import { peoplePath, personPath } from './people-paths.ts'
import type { DecideProblem } from './refusal-words.ts'
import { findByNumberAndName, listPeople } from './store.ts'

export type PeopleDeps = {
  readonly db: Database
  readonly courtGate: CourtGate
  /** That of stored identifiers: what shows who was found by number and name. */
  readonly key: KeyObject
}

export type ListDeps = PeopleDeps & { readonly findings: Pick<WindowCounter, 'count'> }

/** So often one of a court looks for an account by number and name: nobody is found by trying names out. */
export const findingLimit: Limit = { points: 30, seconds: 3600 }

const perPage = 25
const longestSearch = 64

const numberProblem = 'Enter the account number: it has seven digits'
const findForm = (courtId: string) =>
  ({
    name: `people ${courtId}`,
    page: peoplePath(courtId),
    schema: z.object({
      number: z
        .string({ error: numberProblem })
        .transform((text) => text.replace(/[\s-]/g, ''))
        .refine((text) => accountNumberPattern.test(text), numberProblem),
      familyName: requiredText('Enter the last name').max(100, 'Shorten it to 100 characters'),
    }),
    keeps: ['number', 'familyName'],
  }) satisfies FormOf<z.ZodType>

type Finding = z.output<ReturnType<typeof findForm>['schema']>

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
  posted: Posted<Finding>,
): Promise<AfterStaffForm> {
  const { db, key, findings } = deps
  const { ctx, court, account, by } = visit
  const heading = 'Nobody was found'
  if (!posted.ok) {
    const { typed, problems } = posted
    return show(deps, visit, { typed, problem: { heading, problems }, status: 422 })
  }
  const { number, familyName } = posted.value
  const again = (text: string, status: number) =>
    show(deps, visit, { typed: posted.value, problem: { heading, text }, status })
  const { retryAfterSeconds } = await findings.count(account.id)
  if (retryAfterSeconds !== undefined) {
    ctx.set('Retry-After', String(retryAfterSeconds))
    return again(`You looked for too many accounts. Wait ${inWords(retryAfterSeconds)}.`, 429)
  }
  const accountId = await findByNumberAndName(db, number, familyName)
  if (!accountId) {
    return again(
      'No account has this number and this last name. Check both: ask the person for the account number, and for the last name as it stands in the account.',
      422,
    )
  }
  // What cannot be recorded is not shown.
  await recordEvent(db, personFound({ accountId, courtId: court.id, by }))
  const mark = foundMark(key, { courtId: court.id, staffId: account.id, number })
  return { to: personPath(court.id, number, mark) }
}
