import type { LinkRefusalInWords } from '../../efiling/linking/link-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { ClerkOnPage } from '../courts/court-words.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(
  new URL('./templates/', import.meta.url),
  new URL('../courts/templates/', import.meta.url),
)

type OnEach = ClerkOnPage & {
  readonly courtName: string
  readonly back: string
  /** Other courts of the same host: who has filed at both links at both. */
  readonly beside: readonly CourtBeside[]
}

export type CourtBeside = {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly isLinked: boolean
}

/** What linking is, and the form for the old login. */
export function askOldLoginContent(
  model: OnEach & {
    /** The form, as trusted HTML. */
    readonly form: string
    /** Until when it goes with the old password. */
    readonly closesOn: string | undefined
    readonly problem?: FormTrouble | undefined
  },
): PortalContent {
  return {
    title: `${model.problem ? 'Error: ' : ''}Link your old filing account`,
    script: 'show-passwords.js',
    body: template('ask-old-login', model),
  }
}

/** Both names, and the yes to them. */
export function confirmNamesContent(
  model: OnEach & { readonly form: string; readonly problem?: FormTrouble | undefined },
): PortalContent {
  return {
    title: `${model.problem ? 'Error: ' : ''}Is this you?`,
    body: template('confirm-names', model),
  }
}

/** Why nothing can be linked here, and the next step. */
export function cannotLinkContent(
  model: OnEach & { readonly refusal: LinkRefusalInWords },
): PortalContent {
  return { title: model.refusal.heading, body: template('cannot-link', model) }
}

/** It is linked, and the new way in. */
export function linkedContent(
  model: OnEach & {
    readonly courtUrl: string
    readonly loginUrl: string
    readonly login: string
    readonly linkedOn: string
    readonly standing: { readonly label: string; readonly text: string }
    readonly isJustNow: boolean
    readonly isContested: boolean
  },
): PortalContent {
  return { title: 'Your account is linked', body: template('linked', model) }
}
