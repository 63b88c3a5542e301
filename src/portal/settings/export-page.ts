import { loadTemplates } from '../../http/page-shell.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What the file has, and the press that makes it. */
export function exportContent(model: {
  action: string
  csrf: string
  problem?: { readonly heading: string; readonly text: string } | undefined
}): PortalContent {
  return {
    title: `${model.problem ? 'Error: ' : ''}What is kept about you`,
    body: template('export', model),
  }
}
