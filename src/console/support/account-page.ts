import type { StateInWords } from '../../accounts/state-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import { supportAccountPath, supportBirthDatePath } from '../../paths.ts'
import type { ConsoleContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** Another account that one in review looks like. */
export type TwinOnPage = {
  readonly name: string
  readonly number: string
  readonly username: string
  readonly email: string
  readonly state: string
  readonly hasSameBirthDate: boolean
}

/** An account as support sees it, everything in words. */
export type SeenAccountOnPage = {
  readonly name: string
  readonly number: string
  readonly state: StateInWords
  readonly isInOrder: boolean
  readonly since?: string | undefined
  /** Every hold, also where a stricter state hides it. */
  readonly holds: readonly string[]
  /** Whether the username is paused after wrong passwords. */
  readonly signIn: string
  readonly email: string | null
  readonly isConfirmed: boolean
  readonly emailRefusedAt?: string | undefined
  readonly hasBirthDate: boolean
  readonly facts: readonly (readonly [label: string, text: string])[]
  readonly courts: readonly { readonly name: string; readonly status: string }[]
  readonly twins: readonly TwinOnPage[]
}

export type LoggedEvent = {
  readonly at: string
  readonly text: string
  readonly by: string
  readonly network: string
}

/** An account with its state, what tells it from others, and what happened to it. */
export function accountContent(model: {
  account: SeenAccountOnPage
  /** In words, where it was asked for just now. */
  birthDate?: string | undefined
  csrf: string
  events: readonly LoggedEvent[]
  olderThan?: string | undefined
  isLater: boolean
}): ConsoleContent {
  const { account, olderThan } = model
  const path = supportAccountPath(account.number)
  return {
    title: `${account.name}, account ${account.number}`,
    body: template('seen-account', {
      ...model,
      path,
      birthDateAction: supportBirthDatePath(account.number),
      older: olderThan && `${path}?before=${olderThan}`,
      twins: account.twins.map((twin) => ({ ...twin, url: supportAccountPath(twin.number) })),
    }),
  }
}
