import type { SearchInWords } from '../../accounts/search-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** An application that the person signed in to. */
export type UseOnPage = {
  readonly name: string
  /** None where it is called like its only court. */
  readonly courtNames: readonly string[]
  readonly times: number
  readonly lastAt: Date
}

/** Whether the account searches, and the press that begins it again. */
export type SearchOnPage = SearchInWords & {
  /** That filing is another thing, for who may file. */
  readonly filingText?: string | undefined
  readonly again: { readonly action: string; readonly csrf: string }
}

/**
 * What the account was used for, and whether it searches.
 * @param model.search absent for an account that never searches.
 * @param model.notice what came of a press: that it was done, or why not.
 */
export function usageContent(model: {
  days: number
  uses: readonly UseOnPage[]
  search?: SearchOnPage | undefined
  notice?: { readonly isDone: boolean; readonly text: string } | undefined
}): PortalContent {
  const { uses, notice } = model
  return {
    title: `${notice && !notice.isDone ? 'Error: ' : ''}Usage`,
    body: template('usage', {
      ...model,
      uses: uses.map((use) => ({ ...use, lastAt: dayAndTime(use.lastAt) })),
    }),
  }
}
