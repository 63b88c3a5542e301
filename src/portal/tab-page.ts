import { loadTemplates } from '../http/page-shell.ts'
import { type PortalTab, portalEntries } from './entries.ts'
import type { PortalContent } from './frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** A tab that lists its pages, and says nothing itself. */
export function tabContent(title: string, tab: PortalTab): PortalContent {
  const entries = portalEntries.filter((entry) => entry.tab === tab)
  return { title, body: template('tab', { title, entries }) }
}
