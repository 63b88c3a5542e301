import { accountTemplates } from '../../accounts/account-templates.ts'
import { barRowsOf, personLists } from '../../accounts/person/lists.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), accountTemplates)

/** What a page shows of what an account says of its person. */
export type FactsOnPage = {
  action: string
  csrf: string
  /** The fields: as they are stored, or as they were sent. */
  typed: Fields
  /** It has a confirmed address, which is told of a change. */
  isTold: boolean
  /** It was changed just now. */
  savedAt?: Date | undefined
  /** What was sent is what was there. */
  isSame?: boolean | undefined
  problem?: FormTrouble | undefined
  /** A row for one more bar number was asked for. */
  isOneMoreBar?: boolean | undefined
}

/** Name, telephone and bar numbers. The date of birth is not shown, only where it is corrected. */
export function personContent(model: FactsOnPage & { hasBirthDate: boolean }): PortalContent {
  return render('person', 'Personal information', model)
}

export function addressContent(model: FactsOnPage): PortalContent {
  return render('address', 'Postal address', model)
}

/** The account of an office has no person to tell of. */
export function officeContent(): PortalContent {
  return { title: 'Personal information', body: template('office', {}) }
}

function render(name: string, title: string, model: FactsOnPage): PortalContent {
  const { problem: summary, savedAt, typed, isOneMoreBar } = model
  return {
    title: `${summary ? 'Error: ' : ''}${title}`,
    body: template(name, {
      ...model,
      ...personLists,
      ...barRowsOf(typed, isOneMoreBar),
      title,
      summary,
      savedAt: savedAt && dayAndTime(savedAt),
      problem: (field: string) => problemOf(summary?.problems ?? [], field),
    }),
  }
}
