import { loadTemplates, renderShell, webAddress } from './page-shell.ts'

const template = loadTemplates()

/** Where somebody goes back to; without `url` it is only named. */
export type WayBack = {
  readonly name: string
  /** What a button calls it: “Go back to …”. */
  readonly place: string
  readonly url?: string | undefined
}

/** The first thing to try; the address is a path of ours. */
export type ErrorAction = { id: string; url: string; label: string }

/** What happened, and what to do about it. */
export type ErrorWords = { heading: string; explanation: string; whatToDo: string[] }

/** Everything that went wrong. `reference` is what the help desk asks for. */
export function errorPage(
  model: ErrorWords & {
    nonce: string
    status: number
    reference: string
    action?: ErrorAction | undefined
    askedBy?: WayBack | undefined
  },
): string {
  const isAway = model.status === 503
  return renderShell({
    nonce: model.nonce,
    title: model.heading,
    isAway,
    body: template('error', { ...model, isAway, askedBy: linkable(model.askedBy) }),
  })
}

/** The way back as a page shows it: with its address only where that may stand in a link. */
export function linkable(wayBack: WayBack | undefined): WayBack | undefined {
  return wayBack && { ...wayBack, url: webAddress(wayBack.url) }
}
