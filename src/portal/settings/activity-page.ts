import { loadTemplates } from '../../http/page-shell.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type EventOnPage = {
  readonly at: Date
  /** What happened, in words. */
  readonly text: string
  readonly network?: string | undefined
}

/** One page of what happened to the account, the newest first. */
export function activityContent(model: {
  events: readonly EventOnPage[]
  /** There are newer ones than these. */
  isLater: boolean
  /** The id of the last of these, where there are older ones. */
  olderThan?: string | undefined
}): PortalContent {
  return {
    title: 'Activity',
    body: template('activity', {
      ...model,
      events: model.events.map((event) => ({ ...event, at: dayAndTime(event.at) })),
    }),
  }
}
