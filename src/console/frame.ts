import { loadTemplates, renderShell, type SignedInAs } from '../http/page-shell.ts'
import { sessionWarningOf, sessionWarningScript, type TimeOnPage } from '../http/session-warning.ts'
import { paths } from '../paths.ts'
import type { ConsoleEntry } from './entries.ts'
import type { WaitingThing } from './waiting.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What a page under `/staff` puts into its frame. */
export type ConsoleContent = {
  readonly title: string
  /** Trusted HTML, as a template rendered it. */
  readonly body: string
}

/** The frame of every page under `/staff`: what there is to do, the content, a warning before the session ends. */
export function consolePage(
  model: ConsoleContent & {
    nonce: string
    path: string
    entries: readonly ConsoleEntry[]
    signedInAs: SignedInAs
    session: TimeOnPage
  },
): string {
  const tabs = [{ path: paths.staff, title: 'Staff' }, ...model.entries]
  const isBelow = (path: string) => model.path.startsWith(`${path}/`) && path !== paths.staff
  return renderShell({
    nonce: model.nonce,
    title: model.title,
    width: 'wide',
    scripts: [sessionWarningScript],
    signedInAs: model.signedInAs,
    body: template('console-frame', {
      body: model.body,
      tabs: tabs.map(({ path, title }) => ({
        path,
        title,
        current: path === model.path ? 'page' : isBelow(path) ? 'true' : undefined,
      })),
      ...sessionWarningOf(model.session, model.signedInAs),
    }),
  })
}

/** What waits for somebody, and what somebody can do, with a link to each. */
export function homeContent(model: {
  posts: readonly string[]
  waiting: readonly WaitingThing[]
  entries: readonly ConsoleEntry[]
}): ConsoleContent {
  return { title: 'Staff', body: template('console-home', model) }
}
