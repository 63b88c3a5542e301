import type { BarInWords } from '../../efiling/requests/bar-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { PortalContent } from '../frame.ts'
import type { PortalAnswer } from '../portal-gate.ts'
import type { ClerkOnPage, RequestInList } from './court-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type CourtInList = {
  readonly id: string
  readonly url: string
  readonly name: string
  readonly seat: string | null
  /** What is there, or why nothing can be asked for. */
  readonly label: string
  readonly canAsk: boolean
}

/** Every court that was found, grouped by type, and above them what the person asks of courts. */
export function courtListContent(model: {
  query: string
  type: string
  types: readonly (readonly [value: string, label: string])[]
  requests: readonly (RequestInList & { readonly courtName: string })[]
  groups: readonly {
    readonly type: string
    readonly label: string
    readonly courts: readonly CourtInList[]
  }[]
}): PortalContent {
  const found = model.groups.reduce((sum, { courts }) => sum + courts.length, 0)
  const isFiltered = model.query !== '' || model.type !== ''
  return {
    title: isFiltered ? 'Courts found' : 'Courts',
    body: template('courts-of-account', { ...model, found, isFiltered }),
  }
}

/** One court: what is there for the person, what can be asked for, and whom to ask. */
export function courtContent(
  model: ClerkOnPage & {
    court: { id: string; name: string }
    right: { label: string; text: string }
    /** The page with every decision, and with giving up; absent where there is none. */
    decisionsUrl?: string | undefined
    inWork?: RequestInList | undefined
    /** Deletes the draft. */
    discard?: { action: string; csrf: string } | undefined
    bar?: BarInWords | undefined
    /** What can be asked for, in words. */
    askable: readonly string[]
    askUrl: string
    /** Where the person stands with the old filing account, where that is linked here. */
    link?: { text: string; url: string; button: string } | undefined
    /** Whoever filed there before that day links; without a day where it is not known. */
    linkFirst?: { day?: string | undefined } | undefined
    earlier: readonly RequestInList[]
  },
): PortalContent {
  return { title: model.court.name, body: template('court-of-account', model) }
}

/** A court or a request that is not there, or is not this person's. */
export function noSuchContent(what: 'court' | 'request' | 'document'): PortalAnswer {
  const words = {
    court: { heading: 'There is no such court', text: 'The address may be mistyped.' },
    request: {
      heading: 'There is no such request',
      text: 'The address may be mistyped, or the request is not yours.',
    },
    document: {
      heading: 'There is no such document',
      text: 'It may have been removed, or it is not yours.',
    },
  }[what]
  return { title: words.heading, body: template('no-such-page', words), status: 404 }
}
