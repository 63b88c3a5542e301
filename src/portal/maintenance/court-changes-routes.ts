import Router from '@koa/router'
import { z } from 'zod'
import { type CourtFact, courtFacts } from '../../accounts/account-changes.ts'
import { byAccount } from '../../audit/by.ts'
import { listCourtNames } from '../../courts/store.ts'
import { askCourts, readCourtChanges, withdrawNotice } from '../../efiling/changes/ask-courts.ts'
import { type FormOf, type Posted, typedIn } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { paths } from '../../paths.ts'
import type { Problem } from '../../problem.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import { findJustNow } from '../just-now.ts'
import type { AfterForm, PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { boxNames, courtChangesContent, noticeLimits } from './court-changes-page.ts'

export type CourtChangeRouteDeps = {
  readonly db: Database
  readonly portal: PortalGate
  readonly formsPerAccount: Pick<WindowCounter, 'count'>
}

const page = paths.accountCourtChanges
const schema = z.record(z.string(), z.string())

const asking: FormOf<typeof schema> = {
  name: 'court-changes',
  page,
  schema,
  keeps: [...boxNames, 'reason', 'scope'],
  texts: ['reason'],
}

/** `/account/maintenance/courts`: a change is told to the courts that its holder chooses, and to no other. */
export function courtChangeRoutes(deps: CourtChangeRouteDeps): Router {
  const { portal } = deps
  const router = new Router()
  router.get(
    page,
    portal.page((visit) => show(deps, visit)),
  )
  router.post(
    page,
    portal.form(asking, (visit, posted) => take(deps, visit, posted)),
  )
  return router
}

async function show(
  { db }: CourtChangeRouteDeps,
  visit: PortalVisit,
  again?: { readonly typed: Fields; readonly problem: FormTrouble; readonly status: number },
): Promise<PortalAnswer> {
  const { account, ctx, tokenFor } = visit
  const { courtIds, offers, notices } = await readCourtChanges(db, account.id)
  const named = [...courtIds, ...notices.map(({ courtId }) => courtId)]
  // Anybody can write an address that says so; it is said where it is true.
  const saysSo = !again && ctx.query['asked'] !== undefined
  const asked = saysSo ? await findJustNow(db, account.id, 'notice-of-change.asked') : undefined
  return {
    ...courtChangesContent({
      courtNames: await listCourtNames(db, [...new Set(named)]),
      hasCourts: courtIds.length > 0,
      offers,
      notices,
      form: { action: page, csrf: tokenFor(asking) },
      typed: again?.typed,
      problem: again?.problem,
      isAsked: asked !== undefined,
    }),
    status: again?.status,
  }
}

async function take(
  deps: CourtChangeRouteDeps,
  visit: PortalVisit,
  posted: Posted<Fields>,
): Promise<AfterForm> {
  const { ctx, account } = visit
  const typed = posted.ok ? typedIn(asking, posted.value) : posted.typed
  const again = (status: number, problem: FormTrouble) =>
    show(deps, visit, { typed, status, problem })
  if (!posted.ok) return again(422, { ...notSent, problems: posted.problems })
  const by = byAccount(account.id, requestOrigin(ctx))
  const { withdraw: id } = posted.value
  if (id !== undefined) {
    // Where the court was faster, the page says what it decided.
    await inTransaction(deps.db, (tx) => withdrawNotice(tx, { accountId: account.id, id }, by))
    return { to: page }
  }
  const read = readAsked(posted.value)
  if (read.problems.length > 0) return again(422, { ...notSent, problems: read.problems })
  const tooOften = await countForm(deps.formsPerAccount, visit, asking)
  if (tooOften) return again(429, tooOften)
  const { chosen, reason, scope } = read
  const about = { accountId: account.id, chosen, reason, scope: scope || null }
  const asked = await inTransaction(deps.db, (tx) => askCourts(tx, about, by))
  if (asked.ok) return { to: `${page}?asked` }
  return again(409, refusals[asked.reason])
}

const notSent = { heading: 'No court was asked' } as const

const refusals: Readonly<Record<'nothing-offered' | 'not-possible', FormTrouble>> = {
  'nothing-offered': {
    heading: 'These courts have been asked already',
    text: 'Perhaps you sent the page twice, or something changed since you opened it. Look at the list of what you asked, and choose again.',
  },
  'not-possible': { ...notSent, help: 'Call the PACER Service Center' },
}

const box = new RegExp(`^(${courtFacts.join('|')}) ([a-z0-9]{1,20})$`)
const turning = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/

function readAsked(fields: Fields) {
  const chosen = boxNames.flatMap((name) => {
    const [, fact, courtId] = box.exec(fields[name] ?? '') ?? []
    return fact && courtId ? [{ fact: fact as CourtFact, courtId }] : []
  })
  const [reason, scope] = [fields['reason'] ?? '', fields['scope'] ?? ''].map((text) =>
    text.trim().normalize('NFC'),
  ) as [string, string]
  const problems: Problem[] = []
  const wrong = (field: string, message: string) => problems.push({ path: [field], message })
  if (chosen.length === 0) wrong('tell-0', 'Choose at least one court')
  if (reason === '') wrong('reason', 'Write why this has changed')
  for (const [field, text] of [
    ['reason', reason],
    ['scope', scope],
  ] as const) {
    if (text.length > noticeLimits[field]) {
      wrong(field, `Shorten it to ${noticeLimits[field]} characters`)
    } else if (turning.test(text)) {
      wrong(field, 'Leave out the invisible characters that turn text around')
    }
  }
  return { chosen, reason, scope, problems }
}
