import Router from '@koa/router'
import { accountNumberPattern } from '../../accounts/account.ts'
import { zoneInWords } from '../../courts/office.ts'
import { roleLabel, roles } from '../../courts/roles.ts'
import { decideAsSeen } from '../../efiling/decide-as-seen.ts'
import { reasonCodes, reasonLabels } from '../../efiling/right-machine.ts'
import { actionLabel } from '../../efiling/standing-words.ts'
import type { Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtVisit } from '../court-gate.ts'
import { acts, grantOf, type PersonAct, personActs } from './acts.ts'
import { decideForm, decisionOf, type TypedDecision } from './decide-form.ts'
import type { PeopleDeps } from './list-routes.ts'
import { personActPath, personPath } from './people-paths.ts'
import { decideContent, personContent, unknownPersonContent } from './person-page.ts'
import {
  describeNewest,
  describePerson,
  findPersonAt,
  newestOf,
  type SeenPerson,
} from './read-person.ts'
import { type DecideProblem, notDecided, refusalInWords } from './refusal-words.ts'
import { seenIn, typedAgain, typedAtFirst } from './typed-fields.ts'

/** `/staff/courts/:court/people/:number`: one person at a court, and everything that is decided about it directly. */
export function personAtCourtRoutes(deps: PeopleDeps): Router {
  const { courtGate } = deps
  const router = new Router()
  router.get(
    personPath(':court', ':number'),
    courtGate.page(['clerk'], (visit) =>
      openPerson(deps, visit, visit.ctx.query['found'], (person) => show(deps, visit, person)),
    ),
  )
  for (const act of personActs) {
    const path = personActPath(':court', ':number', act)
    const { isFresh } = acts[act]
    router.get(
      path,
      courtGate.page(
        ['clerk'],
        (visit) =>
          openPerson(deps, visit, visit.ctx.query['found'], (person) =>
            showForm(deps, visit, person, act),
          ),
        { isFresh },
      ),
    )
    router.post(
      path,
      courtGate.form(
        ['clerk'],
        ({ court, number = '' }) => decideForm(court, number, act),
        (visit, posted) => {
          const found = posted.ok ? posted.value.found : posted.typed['found']
          return openPerson(deps, visit, found, (person) => take(deps, visit, person, act, posted))
        },
        { isFresh },
      ),
    )
  }
  return router
}

/** Whoever the path names, where the court may see who it is. */
async function openPerson<After>(
  deps: PeopleDeps,
  visit: CourtVisit,
  found: unknown,
  show: (person: SeenPerson) => Promise<After>,
): Promise<After | ConsoleAnswer> {
  const { court, account, params } = visit
  const { number = '' } = params
  const person = accountNumberPattern.test(number)
    ? await findPersonAt(deps, court, number, { staffId: account.id, found })
    : undefined
  return person ? show(person) : { ...unknownPersonContent(court), status: 404 }
}

async function show(
  { db }: PeopleDeps,
  { court }: CourtVisit,
  person: SeenPerson,
  more: { readonly status?: number; readonly problem?: DecideProblem } = {},
): Promise<ConsoleAnswer> {
  const content = personContent({
    court,
    person: await describePerson(db, court, person),
    acts: person.acts,
    found: person.found,
    problem: more.problem,
  })
  return { ...content, status: more.status }
}

/** What was typed before, with the newest decision that the page stood on. */
type Again = {
  readonly status: number
  readonly typed: Fields
  readonly problem: DecideProblem
  readonly seen: number
}

async function showForm(
  deps: PeopleDeps,
  visit: CourtVisit,
  person: SeenPerson,
  act: PersonAct,
  again?: Again,
): Promise<ConsoleAnswer> {
  const { court, tokenFor } = visit
  if (!person.acts.includes(act)) return show(deps, visit, person, notNow(person, again))
  const { account, right, found } = person
  const asNow = act === 'change' && grantOf(right.actions) === undefined
  const content = decideContent({
    court,
    zone: zoneInWords(court.timeZone),
    person: await describePerson(deps.db, court, person),
    act,
    seen: again?.seen ?? newestOf(person),
    found,
    csrf: tokenFor(decideForm(court.id, account.number, act)),
    typed: again?.typed ?? typedAtFirst(act, person, court),
    roles: roles.map((role) => [role, roleLabel(role)]),
    grants: [
      ...(asNow
        ? [{ value: 'same', label: 'As it is', text: right.actions.map(actionLabel).join('; ') }]
        : []),
      {
        value: 'file',
        label: actionLabel('file'),
        text: 'and receive notices of electronic filing.',
      },
      { value: 'notices', label: actionLabel('receive-notices'), text: 'and no more.' },
      { value: 'apply', label: actionLabel('apply'), text: 'and no more.' },
    ],
    reasons: reasonCodes.map((code) => [code, reasonLabels[code]]),
    problem: again?.problem,
  })
  return { ...content, status: again?.status }
}

/** What holds does not lead there, or not any more: the person is shown, with what was written in vain. */
function notNow({ isOwn }: SeenPerson, again: Again | undefined) {
  if (isOwn) return { status: 403 }
  const written = again?.typed['message']
  const text = again?.problem.text ?? 'What holds now does not allow it: look at what is decided.'
  return {
    status: 409,
    problem: {
      heading: again?.problem.heading ?? notDecided,
      text: written ? `${text} You had written: “${written}”` : text,
    },
  }
}

async function take(
  deps: PeopleDeps,
  visit: CourtVisit,
  person: SeenPerson,
  act: PersonAct,
  posted: Posted<TypedDecision>,
): Promise<AfterStaffForm> {
  const { court, by, account } = visit
  if (!posted.ok) {
    const { typed, problems } = posted
    const seen = seenIn(typed)
    const problem = { heading: notDecided, problems }
    return showForm(deps, visit, person, act, { status: 422, typed, problem, seen })
  }
  const { seen } = posted.value
  const decision = decisionOf(act, posted.value, court.timeZone)
  const about = { accountId: person.account.id, courtId: court.id, seen, decision }
  const decided = await decideAsSeen(deps.db, about, by)
  const { number } = person.account
  if (decided.ok) return { to: personPath(court.id, number) }
  const found = posted.value.found
  const now = (await findPersonAt(deps, court, number, { staffId: account.id, found })) ?? person
  const typed = typedAgain(posted.value)
  if (decided.reason !== 'decided-meanwhile') {
    const problem = await refusalInWords(deps.db, court, decision, decided)
    const status = decided.reason === 'not-own' || decided.reason === 'not-yours' ? 403 : 409
    return showForm(deps, visit, now, act, { status, typed, problem, seen: newestOf(now) })
  }
  const newest = describeNewest(await describePerson(deps.db, court, now))
  const problem = {
    heading: 'Somebody else decided meanwhile',
    text: `${newest} Nothing of yours was decided, and what you typed is kept. Look at what holds now, and send it again if it is still right.`,
  }
  return showForm(deps, visit, now, act, { status: 409, typed, problem, seen: newestOf(now) })
}
