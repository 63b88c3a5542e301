import { loadTemplates, renderShell, type SignedInAs } from '../http/page-shell.ts'
import { sessionWarningOf, sessionWarningScript, type TimeOnPage } from '../http/session-warning.ts'
import { portalTabs, tabOf } from './entries.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What a page under `/account` puts into its frame. */
export type PortalContent = {
  readonly title: string
  /** Trusted HTML, as a template rendered it. */
  readonly body: string
  /** A file of `src/http/static`. */
  readonly script?: string | undefined
}

/**
 * The frame of every page under `/account`: the tabs, the content, and a warning before the session ends.
 * @param model.path that of the page, which says where it stands.
 */
export function portalPage(
  model: PortalContent & {
    nonce: string
    path: string
    signedInAs: SignedInAs
    session: TimeOnPage
  },
): string {
  const current = tabOf(model.path)
  return renderShell({
    nonce: model.nonce,
    title: model.title,
    width: 'wide',
    scripts: [sessionWarningScript, ...(model.script ? [model.script] : [])],
    signedInAs: model.signedInAs,
    body: template('frame', {
      body: model.body,
      tabs: portalTabs.map(({ id, path, title }) => ({
        id,
        path,
        title,
        // The tab itself, or a page below it.
        current: id !== current ? undefined : path === model.path ? 'page' : 'true',
      })),
      ...sessionWarningOf(model.session, model.signedInAs),
    }),
  })
}
