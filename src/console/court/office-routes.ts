import Router from '@koa/router'
import { z } from 'zod'
import { changeOffices } from '../../courts/change-offices.ts'
import {
  type KeptOffice,
  type Office,
  officeLimits,
  officeZone,
  officeZones,
  readTelephone,
} from '../../courts/office.ts'
import { findKeptOffices } from '../../courts/office-store.ts'
import { findOfficesToAsk } from '../../courts/offices-to-ask.ts'
import { withAdded, withChanged, withMoved, withoutItem } from '../../courts/ordered-list.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { newListId } from '../../ids.ts'
import type { Database } from '../../storage/db.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtParams, CourtVisit } from '../court-gate.ts'
import { added, officePath, officesPath } from './court-paths.ts'
import { basedOn, shownLine, shownText, versionIn } from './fields.ts'
import { noOfficeContent, officeContent, officesContent } from './office-page.ts'
import { readOfficesHistory, readOfficesMeanwhile } from './read-changes.ts'

export type OfficeRouteDeps = { readonly db: Database; readonly courtGate: CourtGate }

const zoneProblem = 'Choose the time zone of the office'
const telephoneProblem = 'Check the telephone number: ten digits, for example (704) 555-0100'

const saved = z
  .object({
    act: z.literal('save'),
    version: basedOn,
    name: shownLine('Enter the name of the office', officeLimits.nameLength),
    telephone: z
      .string({ error: telephoneProblem })
      .trim()
      .max(40, telephoneProblem)
      .transform((typed, context) => {
        if (typed === '') return null
        const telephone = readTelephone(typed)
        if (telephone !== undefined) return telephone
        context.addIssue({ code: 'custom', message: telephoneProblem })
        return z.NEVER
      }),
    hours: shownText(officeLimits.hoursLength).transform((hours) => hours || null),
    timeZone: z
      .string({ error: zoneProblem })
      .refine((zone) => Object.hasOwn(officeZones, zone), zoneProblem),
  })
  .transform(({ act, version, ...office }) => ({ act, version, office }))

const schema = z.discriminatedUnion('act', [
  saved,
  z.object({ act: z.enum(['up', 'down', 'remove']), version: basedOn }),
])
type OfficeAct = z.output<typeof schema>

const formOf = ({ court, office = added }: CourtParams) =>
  ({
    name: `office ${court} ${office}`,
    page: officePath(court, office),
    schema,
    keeps: ['version', 'act', 'name', 'telephone', 'hours', 'timeZone'],
  }) satisfies FormOf<z.ZodType>

/** `/staff/courts/:court/offices`: where the clerk is called, and when; the court's manager changes it. */
export function officeRoutes({ db, courtGate }: OfficeRouteDeps): Router {
  const router = new Router()

  router.get(
    officesPath(':court'),
    courtGate.page(['clerk'], async ({ court, courtRoles }) => {
      const [{ offices }, shown, versions] = await Promise.all([
        findKeptOffices(db, court.id),
        findOfficesToAsk(db, [court.id]),
        readOfficesHistory(db, court),
      ])
      return officesContent({
        court,
        offices,
        shown: shown.get(court.id) ?? { offices: [], asOf: null },
        isManager: courtRoles.includes('court-manager'),
        versions: versions.slice(0, 10),
      })
    }),
  )

  for (const office of [added, ':office']) {
    const path = officePath(':court', office)
    router.get(
      path,
      courtGate.page(['court-manager'], (visit) => show(db, visit)),
    )
    router.post(
      path,
      courtGate.form(['court-manager'], formOf, (visit, posted) => take(db, visit, posted)),
    )
  }
  return router
}

async function show(db: Database, visit: CourtVisit): Promise<ConsoleAnswer> {
  const { court, params } = visit
  const { office: id = added } = params
  const kept = await findKeptOffices(db, court.id)
  if (id === added) {
    if (kept.offices.length >= officeLimits.offices) return noOffice(visit, 'too-many')
    return contentOf(visit, kept, { typed: { timeZone: officeZone(court.timeZone) } })
  }
  const office = kept.offices.find((each) => each.id === id)
  return office ? contentOf(visit, kept, { typed: typedOf(office) }) : noOffice(visit, 'not-there')
}

async function take(
  db: Database,
  visit: CourtVisit,
  posted: Posted<OfficeAct>,
): Promise<AfterStaffForm> {
  const { court, by } = visit
  const { office: id = added } = visit.params
  if (!posted.ok) {
    const { typed, problems } = posted
    const { offices } = await findKeptOffices(db, court.id)
    const kept = { offices, version: versionIn(typed) }
    return { ...contentOf(visit, kept, { typed, problems }), status: 422 }
  }
  const { value } = posted
  const edit = {
    courtId: court.id,
    basedOn: value.version,
    change: (offices: readonly KeptOffice[]) => officesAfter(offices, id, value),
  }
  const changed = await changeOffices(db, edit, by)
  if (changed.ok) return { to: officesPath(court.id) }
  if (changed.reason !== 'changed-meanwhile') return noOffice(visit, changed.reason)
  const kept = await findKeptOffices(db, court.id)
  const { meanwhile } = await readOfficesMeanwhile(db, court, value.version)
  const now = kept.offices.find((each) => each.id === id)
  if (value.act !== 'save' && !now) return noOffice(visit, 'not-there')
  // What was typed for an office that somebody removed meanwhile can be added as a new one.
  const params = now ? visit.params : { ...visit.params, office: added }
  const typed = value.act === 'save' ? typedOf(value.office) : now ? typedOf(now) : {}
  return { ...contentOf({ ...visit, params }, kept, { typed, meanwhile }), status: 409 }
}

function officesAfter(offices: readonly KeptOffice[], id: string, value: OfficeAct) {
  if (value.act === 'remove') return withoutItem(offices, id)
  if (value.act !== 'save') return withMoved(offices, id, value.act)
  if (id !== added) return withChanged<KeptOffice>(offices, { id, ...value.office })
  return withAdded<KeptOffice>(offices, { id: newListId(), ...value.office }, officeLimits.offices)
}

function noOffice({ court }: CourtVisit, reason: 'not-there' | 'too-many'): ConsoleAnswer {
  return { ...noOfficeContent(court, reason), status: reason === 'not-there' ? 404 : 409 }
}

function contentOf(
  visit: CourtVisit,
  { version, offices }: { readonly version: number; readonly offices: readonly KeptOffice[] },
  form: Pick<Parameters<typeof officeContent>[0], 'typed' | 'problems' | 'meanwhile'>,
): ConsoleAnswer {
  const { court, params } = visit
  const { office = added } = params
  const index = offices.findIndex(({ id }) => id === office)
  const place =
    index < 0 ? undefined : { isFirst: index === 0, isLast: index === offices.length - 1 }
  const csrf = visit.tokenFor(formOf(params))
  return officeContent({ ...form, court, csrf, version, office, place })
}

function typedOf({ name, telephone, hours, timeZone }: Office): Fields {
  return { name, telephone: telephone ?? '', hours: hours ?? '', timeZone }
}
