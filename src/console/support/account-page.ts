import type { StateInWords } from '../../accounts/state-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { ConsoleContent } from '../frame.ts'
import { actWords, type SupportAct } from './acts.ts'
import {
  supportAccountPath,
  supportActPath,
  supportAddressPath,
  supportBirthDateCorrectionPath,
  supportBirthDatePath,
} from './support-paths.ts'

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
  /** When a former address told support something that nobody has answered. */
  readonly alertedAt?: string | undefined
  /** Whether the username is paused after wrong passwords. */
  readonly signIn: string
  readonly email: string | null
  readonly isConfirmed: boolean
  readonly emailRefusedAt?: string | undefined
  readonly hasBirthDate: boolean
  /** Not of a firm, and not shared. */
  readonly isOfOnePerson: boolean
  /** What another address waits for that support proposed. */
  readonly addressChange?: string | undefined
  readonly facts: readonly (readonly [label: string, text: string])[]
  readonly courts: readonly { readonly name: string; readonly status: string }[]
  readonly twins: readonly TwinOnPage[]
  /** What can be done with it now. */
  readonly acts: readonly SupportAct[]
  /** What support did with it, newest first. */
  readonly notes: readonly {
    readonly text: string
    readonly reason: string
    readonly at: string
    readonly by: string
  }[]
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
  events: readonly LoggedEvent[]
  olderThan?: string | undefined
  isLater: boolean
  /** It is the one of who looks at it. */
  isOwn: boolean
}): ConsoleContent {
  const { account, olderThan } = model
  const path = supportAccountPath(account.number)
  return {
    title: `${account.name}, account ${account.number}`,
    body: template('seen-account', {
      ...model,
      path,
      compareBirthDate:
        account.hasBirthDate && !model.isOwn ? supportBirthDatePath(account.number) : undefined,
      older: olderThan && `${path}?before=${olderThan}`,
      acts: model.isOwn ? [] : linksOf(account),
      twins: account.twins.map((twin) => ({ ...twin, url: supportAccountPath(twin.number) })),
    }),
  }
}

/** What can be done with it, each a page of its own; nothing with a closed one. */
function linksOf(account: SeenAccountOnPage) {
  const { number, acts, isOfOnePerson, hasBirthDate, addressChange } = account
  const links = acts.map((act) => ({
    id: act as string,
    label: actWords(act).label,
    url: supportActPath(number, act),
  }))
  if (acts.length > 0) {
    links.push({
      id: 'address',
      label: addressChange ? `E-mail address: ${addressChange}` : 'Change the e-mail address',
      url: supportAddressPath(number),
    })
  }
  if (acts.length > 0 && isOfOnePerson) {
    links.push({
      id: 'birth-date',
      label: `${hasBirthDate ? 'Correct' : 'Enter'} the date of birth`,
      url: supportBirthDateCorrectionPath(number),
    })
  }
  return links
}

/** Nobody has that number. */
export function unknownContent(): ConsoleContent & { readonly status: number } {
  return { title: 'There is no such account', body: template('no-account', {}), status: 404 }
}
