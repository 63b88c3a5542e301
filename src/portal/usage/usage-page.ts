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

export function usageContent(model: { days: number; uses: readonly UseOnPage[] }): PortalContent {
  return {
    title: 'Usage',
    body: template('usage', {
      ...model,
      uses: model.uses.map((use) => ({ ...use, lastAt: dayAndTime(use.lastAt) })),
    }),
  }
}
