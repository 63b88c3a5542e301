import { accountTypeLabel, displayName } from '../../accounts/account.ts'
import { stateWords } from '../../accounts/state-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import { paths } from '../../paths.ts'
import type { ConsoleContent } from '../frame.ts'
import type { FoundAccount } from './store.ts'
import { supportAccountPath, supportAddressPath } from './support-paths.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** An address that was proposed, without whose it is: the page of it is recorded as a look. */
export type WaitingOnPage = {
  readonly number: string
  readonly by: string
  readonly until: string
  readonly isOwn: boolean
}

/** What a former address told, without whose it was: the page of the account is recorded as a look. */
export type AlertOnPage = { readonly number: string; readonly at: string }

/** The form to find an account, and what it found. */
export function findContent(model: {
  /** As it was typed. */
  typed: string
  /** Absent before anything was looked for. */
  found?: readonly FoundAccount[] | undefined
  /** The number of the last one of these, where there are more. */
  after?: string | undefined
  isLater?: boolean | undefined
  problem?: string | undefined
  /** What former e-mail addresses told, and nobody has answered. */
  alerts?: readonly AlertOnPage[] | undefined
  /** What waits for a second person. */
  waiting?: readonly WaitingOnPage[] | undefined
}): ConsoleContent {
  const { typed, found, after, problem, alerts = [], waiting = [] } = model
  const more = new URLSearchParams({ find: typed, after: after ?? '' })
  return {
    title: `${problem ? 'Error: ' : ''}Find an account`,
    body: template('find', {
      ...model,
      alerts: alerts.map((each) => ({ ...each, url: supportAccountPath(each.number) })),
      waiting: waiting.map((each) => ({ ...each, url: supportAddressPath(each.number) })),
      accounts: found?.map((account) => ({
        name: displayName(account),
        username: account.username,
        number: account.number,
        email: account.email,
        isConfirmed: account.isEmailVerified,
        kind: accountTypeLabel(account),
        state: stateWords(account).label,
        isInOrder: account.state === 'active',
        url: supportAccountPath(account.number),
      })),
      more: after && `${paths.support}?${more}`,
    }),
  }
}
