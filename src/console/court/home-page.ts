import { loadTemplates } from '../../http/page-shell.ts'
import type { ConsoleContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What there is to do at a court, with what waits. */
export function courtHomeContent(model: {
  courtName: string
  roles: readonly string[]
  features: readonly {
    readonly title: string
    readonly text: string
    readonly url: string
    readonly waits?: string | undefined
  }[]
}): ConsoleContent {
  return { title: model.courtName, body: template('court-home', model) }
}
