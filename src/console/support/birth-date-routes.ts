import Router from '@koa/router'
import { z } from 'zod'
import { displayName } from '../../accounts/account.ts'
import { readBirthDate } from '../../accounts/person/birth-date.ts'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { inWords } from '../../time-in-words.ts'
import type { AfterStaffForm, ConsoleAnswer, ConsoleGate, ConsoleVisit } from '../console-gate.ts'
import { supportRoles } from '../entries.ts'
import { accountLookedAt } from '../events.ts'
import type { ActProblem } from './act-page.ts'
import {
  type Comparison,
  compareBirthDateContent,
  correctBirthDateContent,
} from './birth-date-page.ts'
import { numberOf, openAccount } from './open-account.ts'
import { reasonMissing, reasonText } from './reason.ts'
import type { SeenAccount } from './store.ts'
import {
  supportAccountPath,
  supportBirthDateCorrectionPath,
  supportBirthDatePath,
} from './support-paths.ts'
import { type BirthDateDeps, compareBirthDate, correctWithReason } from './take-birth-date.ts'

export type BirthDateRouteDeps = BirthDateDeps & { readonly console: ConsoleGate }

const dateFields = ['birthMonth', 'birthDay', 'birthYear'] as const
const date = Object.fromEntries(dateFields.map((name) => [name, z.string().default('')]))

const comparisonOf = (number: string) =>
  ({
    name: `compare-birth-date ${number}`,
    page: supportBirthDatePath(number),
    schema: z.object(date),
    keeps: dateFields,
  }) satisfies FormOf<z.ZodType>

const correctionOf = (number: string) =>
  ({
    name: `correct-birth-date ${number}`,
    page: supportBirthDateCorrectionPath(number),
    schema: z.object({
      ...date,
      reason: reasonText(reasonMissing),
    }),
    keeps: [...dateFields, 'reason'],
  }) satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** The date of birth of an account: compared with what a caller says, and corrected; never shown. */
export function birthDateRoutes(deps: BirthDateRouteDeps): Router {
  const router = new Router()
  const { console, db } = deps

  router.get(
    supportBirthDatePath(':number'),
    console.page(supportRoles, (visit) =>
      openAccount(db, visit, (account) => showComparison(deps, visit, account, {})),
    ),
  )
  router.post(supportBirthDatePath(':number'), (ctx, next) =>
    console.form(supportRoles, comparisonOf(numberOf(ctx)), (visit, posted) =>
      openAccount(db, visit, (account) => compare(deps, visit, account, posted)),
    )(ctx, next),
  )

  router.get(
    supportBirthDateCorrectionPath(':number'),
    console.page(
      supportRoles,
      (visit) => openAccount(db, visit, (account) => showCorrection(deps, visit, account, {})),
      fresh,
    ),
  )
  router.post(supportBirthDateCorrectionPath(':number'), (ctx, next) =>
    console.form(
      supportRoles,
      correctionOf(numberOf(ctx)),
      (visit, posted) => openAccount(db, visit, (account) => correct(deps, visit, account, posted)),
      fresh,
    )(ctx, next),
  )

  return router
}

async function compare(
  deps: BirthDateRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
  posted: Posted<Fields>,
): Promise<ConsoleAnswer> {
  const typed = posted.ok ? posted.value : posted.typed
  const again = async (status: number, problem: ActProblem) => ({
    ...(await showComparison(deps, visit, account, { typed, problem })),
    status,
  })
  const read = posted.ok ? readBirthDate(typed, now(), { whose: 'the' }) : posted
  if (!read.ok) return again(422, { heading: 'Nothing was compared', problems: read.problems })
  const said = { accountId: account.id, birthDate: read.value }
  const compared = await compareBirthDate(deps, said, visit.by)
  if (compared.ok) {
    const { isSame } = compared.value
    return showComparison(deps, visit, account, { typed, compared: isSame ? 'same' : 'other' })
  }
  if (compared.reason === 'none') return showComparison(deps, visit, account, {})
  if (compared.reason === 'unreadable') {
    return again(409, {
      heading: 'Nothing was compared',
      text: 'The date on file cannot be read any more: what is stored was damaged, or its key is gone. Have the caller prove in another way who it is, then correct the date of birth. Tell whoever runs this service.',
    })
  }
  return tooMany(visit, compared.retryAfterSeconds, 'Nothing was compared', again)
}

async function correct(
  deps: BirthDateRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
  posted: Posted<{ reason: string }>,
): Promise<AfterStaffForm> {
  const typed: Fields = posted.ok ? posted.value : posted.typed
  const heading = 'Nothing was changed'
  const again = async (status: number, problem: ActProblem) => ({
    ...(await showCorrection(deps, visit, account, { typed, problem })),
    status,
  })
  const read = readBirthDate(typed, now(), { whose: 'the' })
  if (!read.ok || !posted.ok) {
    const problems = [read, posted].flatMap((part) => (part.ok ? [] : part.problems))
    return again(422, { heading, problems })
  }
  const { reason } = posted.value
  const wanted = { accountId: account.id, birthDate: read.value, reason, staffId: visit.account.id }
  const corrected = await correctWithReason(deps, wanted, visit.by)
  if (corrected.ok) return { to: `${supportAccountPath(account.number)}#done` }
  switch (corrected.reason) {
    case 'too-many':
      return tooMany(visit, corrected.retryAfterSeconds, heading, again)
    case 'same-date':
      return again(409, { heading, text: 'This is the date on file already.' })
    case 'not-possible':
      return again(409, {
        heading,
        text: 'The account is closed, or does not belong to one person.',
      })
  }
}

function tooMany(
  { ctx }: ConsoleVisit,
  seconds: number,
  heading: string,
  again: (status: number, problem: ActProblem) => Promise<ConsoleAnswer>,
): Promise<ConsoleAnswer> {
  ctx.set('Retry-After', String(seconds))
  const text = `Several dates have been tried at this account. Wait ${inWords(seconds)}, then try again. Until then have the caller prove in another way who it is.`
  return again(429, { heading, text })
}

async function showComparison(
  deps: BirthDateRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
  more: { typed?: Fields; problem?: ActProblem; compared?: Comparison },
): Promise<ConsoleAnswer> {
  await recordLook(deps, visit, account)
  const csrf = visit.tokenFor(comparisonOf(account.number))
  return compareBirthDateContent({ typed: {}, ...more, ...factsOf(account), csrf })
}

async function showCorrection(
  deps: BirthDateRouteDeps,
  visit: ConsoleVisit,
  account: SeenAccount,
  more: { typed?: Fields; problem?: ActProblem },
): Promise<ConsoleAnswer> {
  await recordLook(deps, visit, account)
  const csrf = visit.tokenFor(correctionOf(account.number))
  return correctBirthDateContent({ typed: {}, ...more, ...factsOf(account), csrf })
}

function factsOf(account: SeenAccount) {
  const { number, username, hasBirthDate } = account
  return { account: { number, username, name: displayName(account) }, hasBirthDate }
}

/** What cannot be recorded is not shown, also where the form comes again. */
function recordLook({ db }: BirthDateRouteDeps, { by }: ConsoleVisit, { id }: SeenAccount) {
  return recordEvent(db, accountLookedAt({ accountId: id, shown: 'account', by }))
}
