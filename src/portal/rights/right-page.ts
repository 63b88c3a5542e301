import { loadTemplates } from '../../http/page-shell.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What one court decided about the holder, in words. */
export type OwnRightOnPage = {
  readonly courtName: string
  readonly courtUrl: string
  readonly standing: { readonly label: string; readonly text: string }
  /** What is granted; empty where nothing is. */
  readonly granted: string
  /** What holds from a moment ahead. */
  readonly waiting: readonly string[]
  readonly history: readonly {
    readonly text: string
    readonly reason: string | undefined
    readonly message: string | null
    readonly at: string
    readonly by: string
  }[]
}

/** Everything that a court decided about the holder, newest first, with the way to give it up. */
export function ownDecisionsContent(
  model: OwnRightOnPage & {
    /** Absent where there is nothing to give up. */
    giveUpUrl?: string | undefined
    problem?: FormTrouble | undefined
  },
): PortalContent {
  return {
    title: `${model.problem ? 'Error: ' : ''}What the court decided`,
    body: template('own-decisions', model),
  }
}

/** What giving up ends, what stays, and the press. */
export function giveUpContent(
  model: OwnRightOnPage & {
    readonly action: string
    readonly csrf: string
    /** The newest decision on the page. */
    readonly seen: number
    readonly back: string
    readonly problem?: FormTrouble | undefined
  },
): PortalContent {
  return {
    title: `${model.problem ? 'Error: ' : ''}Give up your right`,
    body: template('give-up-right', model),
  }
}

/** A court that is none, or that has decided nothing about the holder. */
export function nothingDecidedContent(): PortalContent {
  return { title: 'Nothing was decided', body: template('nothing-decided', {}) }
}
