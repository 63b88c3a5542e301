import { loadTemplates } from '../../http/page-shell.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type LiveSessionOnPage = {
  /** What the form that ends it sends. */
  readonly uid: string
  readonly isCurrent: boolean
  /** In words: `Firefox on Windows`. */
  readonly browser: string
  readonly network?: string | undefined
  readonly signedInAt: Date
  /** The applications that were signed in to, by their names. */
  readonly names: readonly string[]
}

type FormOnPage = { readonly action: string; readonly csrf: string }

/** The sessions of the account; each other one can be ended, and all of them at once. */
export function sessionsContent(model: {
  sessions: readonly LiveSessionOnPage[]
  end: FormOnPage
  endOthers: FormOnPage
}): PortalContent {
  return {
    title: 'Where you are signed in',
    body: template('sessions', {
      ...model,
      others: model.sessions.filter(({ isCurrent }) => !isCurrent).length,
      sessions: model.sessions.map((session, index) => ({
        ...session,
        number: index + 1,
        signedInAt: dayAndTime(session.signedInAt),
      })),
    }),
  }
}
