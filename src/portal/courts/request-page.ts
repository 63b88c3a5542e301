import { loadTemplates } from '../../http/page-shell.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { PortalContent } from '../frame.ts'
import type { DocumentOnPage } from './ask-page.ts'
import type { ClerkOnPage } from './court-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type OfRequest = {
  readonly number: string
  readonly courtName: string
  readonly asked: string
}

/** A request that was sent: what it waits for, what happened, and what was sent with it. */
export function requestContent(
  model: ClerkOnPage &
    OfRequest & {
      courtUrl: string
      state: { label: string; text: string }
      /** Since when it stands there, in words. */
      since?: string | undefined
      /** It was sent just now. */
      isSentNow?: boolean | undefined
      /** Its holder is written to. */
      isTold: boolean
      /** The form that answers the clerk, while the request waits for it. */
      answer?:
        | {
            action: string
            csrf: string
            version: number
            question?: string | undefined
            typed?: string | undefined
            problem?: string | undefined
          }
        | undefined
      /** The form that adds a document, while the request waits for the clerk or for its filer. */
      further?: { action: string; csrf: string; problem?: string | undefined } | undefined
      history: readonly { at: string; text: string; message?: string | undefined }[]
      answers: readonly { label: string; value: string }[]
      documents: readonly (DocumentOnPage & { readonly label: string })[]
      withdrawUrl?: string | undefined
      problem?: FormTrouble | undefined
    },
): PortalContent {
  const { problem: summary, number } = model
  return {
    title: `${summary ? 'Error: ' : ''}Your request ${number}`,
    body: template('own-request', { ...model, summary }),
  }
}

/** Asks once more before a request is withdrawn. */
export function withdrawContent(
  model: OfRequest & { action: string; csrf: string; version: number; requestUrl: string },
): PortalContent {
  return { title: 'Withdraw your request?', body: template('withdraw-request', model) }
}
