import Router from '@koa/router'
import { z } from 'zod'
import { changePractice } from '../../courts/change-practice.ts'
import {
  deliveryFormats,
  deliveryPreferences,
  lacksRoles,
  noPractice,
  oldAccountRules,
  type PracticeSettings,
  practiceLimits,
  requestKinds,
  settingsOf,
} from '../../courts/practice.ts'
import { findPractice } from '../../courts/practice-store.ts'
import { nonAttorneyRoles } from '../../courts/roles.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtParams, CourtVisit } from '../court-gate.ts'
import type { ConsoleContent } from '../frame.ts'
import {
  practiceHistoryPath,
  practicePath,
  practiceRequestsPath,
  practiceTermsPath,
} from './court-paths.ts'
import { basedOn, boxes, boxNames, shownText, ticked, tickedFields, versionIn } from './fields.ts'
import {
  type FormOnPage,
  historyContent,
  practiceContent,
  requestsContent,
  termsContent,
} from './practice-page.ts'
import { readMeanwhile, readPracticeDifference, readPracticeHistory } from './read-changes.ts'

export type PracticeRouteDeps = { readonly db: Database; readonly courtGate: CourtGate }

const daysProblem = `Enter a number of days from 1 to ${practiceLimits.lateAfterDays}`

/** Everything that is one choice among few, on one page. */
const requestsSchema = z
  .object({
    version: basedOn,
    ...boxes('takes', requestKinds),
    ...boxes('roles', nonAttorneyRoles),
    ...boxes('often', deliveryPreferences),
    ...boxes('format', deliveryFormats),
    oldAccounts: z.enum(oldAccountRules, {
      error: 'Choose what becomes of somebody who seems to have an account from before',
    }),
    lateAfterDays: z
      .string({ error: daysProblem })
      .trim()
      .regex(/^\d{1,3}$/, daysProblem)
      .transform(Number)
      .refine((days) => days >= 1 && days <= practiceLimits.lateAfterDays, daysProblem),
  })
  .transform(({ version, oldAccounts, lateAfterDays, ...fields }, context) => {
    const chosen = {
      takes: ticked('takes', requestKinds, fields),
      roles: ticked('roles', nonAttorneyRoles, fields),
      deliveryPreferences: ticked('often', deliveryPreferences, fields),
      deliveryFormats: ticked('format', deliveryFormats, fields),
      oldAccounts,
      lateAfterDays,
    }
    if (lacksRoles(chosen)) {
      const message =
        'Choose at least one role, or take no requests by people who are not attorneys'
      context.addIssue({ code: 'custom', path: ['roles'], message })
    }
    return { version, chosen }
  })

const requestsForm = ({ court }: CourtParams) =>
  ({
    name: `practice requests ${court}`,
    page: practiceRequestsPath(court),
    schema: requestsSchema,
    keeps: [
      'version',
      ...boxNames('takes', requestKinds),
      ...boxNames('roles', nonAttorneyRoles),
      ...boxNames('often', deliveryPreferences),
      ...boxNames('format', deliveryFormats),
      'oldAccounts',
      'lateAfterDays',
    ],
  }) satisfies FormOf<z.ZodType>

const termsSchema = z.object({ version: basedOn, terms: shownText(practiceLimits.termsLength) })

const termsForm = ({ court }: CourtParams) =>
  ({
    name: `practice terms ${court}`,
    page: practiceTermsPath(court),
    schema: termsSchema,
    keeps: ['version', 'terms'],
    texts: ['terms'],
  }) satisfies FormOf<z.ZodType>

/** `/staff/courts/:court/practice`: what a court takes, asks and says; its manager changes it. */
export function practiceRoutes(deps: PracticeRouteDeps): Router {
  const { db, courtGate } = deps
  const router = new Router()

  router.get(
    practicePath(':court'),
    courtGate.page(['clerk'], async ({ court, courtRoles }) => {
      const [practice, { versions }] = await Promise.all([
        findPractice(db, court.id),
        readPracticeHistory(db, court),
      ])
      const isManager = courtRoles.includes('court-manager')
      return practiceContent({ court, practice, isManager, newest: versions[0] })
    }),
  )

  addForm(router, deps, practiceRequestsPath(':court'), requests)
  addForm(router, deps, practiceTermsPath(':court'), terms)

  router.get(
    practiceHistoryPath(':court'),
    courtGate.page(['clerk'], (visit) => showHistory(db, visit)),
  )
  return router
}

/** A form that changes a part of the practice. */
type PracticeForm<Value extends { readonly version: number }> = {
  formOf(params: CourtParams): FormOf<z.ZodType<Value>>
  content(form: FormOnPage): ConsoleContent
  /** What the form looks like, filled in with a practice. */
  typedOf(settings: PracticeSettings): Fields
  change(value: Value, settings: PracticeSettings): PracticeSettings
}

const requests: PracticeForm<z.output<typeof requestsSchema>> = {
  formOf: requestsForm,
  content: requestsContent,
  typedOf: ({ takes, roles, ...rest }) => ({
    ...tickedFields('takes', takes),
    ...tickedFields('roles', roles),
    ...tickedFields('often', rest.deliveryPreferences),
    ...tickedFields('format', rest.deliveryFormats),
    oldAccounts: rest.oldAccounts,
    lateAfterDays: String(rest.lateAfterDays),
  }),
  change: ({ chosen }, settings) => ({ ...settings, ...chosen }),
}

const terms: PracticeForm<z.output<typeof termsSchema>> = {
  formOf: termsForm,
  content: termsContent,
  typedOf: (settings) => ({ terms: settings.terms ?? '' }),
  change: (value, settings) => ({ ...settings, terms: value.terms || null }),
}

function addForm<Value extends { readonly version: number }>(
  router: Router,
  { db, courtGate }: PracticeRouteDeps,
  path: string,
  { formOf, content, typedOf, change }: PracticeForm<Value>,
): void {
  const contentFor = (visit: CourtVisit, form: Omit<FormOnPage, 'court' | 'csrf'>) =>
    content({ ...form, court: visit.court, csrf: visit.tokenFor(formOf(visit.params)) })

  router.get(
    path,
    courtGate.page(['court-manager'], async (visit) => {
      const practice = await findPractice(db, visit.court.id)
      const typed = typedOf(settingsOf(practice))
      return contentFor(visit, { version: practice.version, typed })
    }),
  )

  const take = async (visit: CourtVisit, posted: Posted<Value>): Promise<AfterStaffForm> => {
    const { court, by } = visit
    if (!posted.ok) {
      const { problems, typed } = posted
      return { ...contentFor(visit, { version: versionIn(typed), typed, problems }), status: 422 }
    }
    const { value } = posted
    const edit = {
      courtId: court.id,
      basedOn: value.version,
      change: (settings: PracticeSettings) => ok(change(value, settings)),
    }
    const saved = await changePractice(db, edit, by)
    if (saved.ok) return { to: practicePath(court.id) }
    const { version, meanwhile } = await readMeanwhile(db, court, value.version)
    const typed = typedOf(change(value, settingsOf(noPractice)))
    return { ...contentFor(visit, { version, typed, meanwhile }), status: 409 }
  }
  router.post(path, courtGate.form(['court-manager'], formOf, take))
}

const digits = /^\d{1,9}$/

/** The versions, and the difference between two that were chosen. */
async function showHistory(db: Database, { court, ctx }: CourtVisit): Promise<ConsoleAnswer> {
  const { before, from, to } = ctx.query
  const [first, second] = [numberIn(from), numberIn(to)]
  const { versions, older } = await readPracticeHistory(db, court, numberIn(before))
  if (first === undefined || second === undefined) return historyContent({ court, versions, older })
  const changes = await readPracticeDifference(db, court, [first, second])
  return historyContent({ court, versions, older, compared: { from: first, to: second, changes } })
}

function numberIn(text: unknown): number | undefined {
  return typeof text === 'string' && digits.test(text) ? Number(text) : undefined
}
