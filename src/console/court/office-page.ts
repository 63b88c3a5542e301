import { type KeptOffice, officeLimits, officeZones } from '../../courts/office.ts'
import { officeList } from '../../courts/office-list.ts'
import type { OfficesToAsk } from '../../courts/offices-to-ask.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { ConsoleContent } from '../frame.ts'
import { added, officePath, officesPath, staffCourtPath } from './court-paths.ts'
import { type CourtOnPage, type FormOnPage, formModel, titleOf } from './practice-page.ts'
import type { VersionOnPage } from './read-changes.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** The offices of a court's clerk, for its own people, and as everybody else is shown them. */
export function officesContent(model: {
  court: CourtOnPage
  offices: readonly KeptOffice[]
  shown: OfficesToAsk
  isManager: boolean
  versions: readonly VersionOnPage[]
}): ConsoleContent {
  const { court, offices } = model
  return {
    title: `Offices: ${court.name}`,
    body: template('offices', {
      ...model,
      shown: officeList('shown', model.shown),
      offices: offices.map(({ id, name }) => ({ name, url: officePath(court.id, id) })),
      isFull: offices.length >= officeLimits.offices,
      most: officeLimits.offices,
      newUrl: officePath(court.id, added),
      back: { url: staffCourtPath(court.id), label: court.name },
    }),
  }
}

/** An office: a new one, or one with what can be done with it. */
export function officeContent(
  form: FormOnPage & {
    /** `added` for a new one. */
    office: string
    place?: { readonly isFirst: boolean; readonly isLast: boolean } | undefined
  },
): ConsoleContent {
  const isNew = form.office === added
  const title = isNew ? 'Add an office' : 'Change an office'
  return {
    title: titleOf(title, form),
    body: template('office', {
      ...formModel(form, isNew ? 'Nothing was added' : undefined),
      back: { url: officesPath(form.court.id), label: 'Offices' },
      heading: title,
      isNew,
      action: officePath(form.court.id, form.office),
      limits: officeLimits,
      zones: Object.entries(officeZones),
    }),
  }
}

/** The office is not there any more, or there are as many as there can be. */
export function noOfficeContent(
  court: CourtOnPage,
  reason: 'not-there' | 'too-many',
): ConsoleContent {
  const isGone = reason === 'not-there'
  return {
    title: isGone ? 'This office is not there any more' : 'There is no room for another office',
    body: template('no-office', {
      isGone,
      most: officeLimits.offices,
      back: { url: officesPath(court.id), label: 'Offices' },
    }),
  }
}
