import { type AccountFacts, canHoldFilingRights } from '../accounts/account.ts'
import { may } from '../accounts/account-state.ts'
import { searchInWords } from '../accounts/search-words.ts'
import { stateWords } from '../accounts/state-words.ts'
import { now } from '../clock.ts'
import type { EfilingStatus } from '../efiling/standing.ts'
import { statusWords } from '../efiling/standing-words.ts'
import { courtPath, paths } from '../paths.ts'

/** Something that its holder can do for the account, or has to know of it. */
export type NextStep = {
  /** Of its element on the page, and of a link in it. */
  readonly id: string
  readonly heading: string
  readonly text: string
  /** Where it is done; absent where only the PACER Service Center can do it. */
  readonly action?: { readonly url: string; readonly label: string } | undefined
  /** One press does it: the form of `search-again.ts`. */
  readonly press?: { readonly action: string; readonly label: string } | undefined
}

/** What one court decided, as far as a step comes of it. */
type CourtOfStep = {
  readonly id: string
  readonly name: string
  readonly status: EfilingStatus
}

/** So many courts are named; the list of all stands below on the same page. */
const mostNamed = 3

/**
 * What to do next, from the state of the account and from what is missing to it: the most urgent first.
 * A step that is done is not listed any more.
 */
export function nextSteps(
  account: AccountFacts,
  courts: readonly CourtOfStep[],
): readonly NextStep[] {
  const mayFile = canHoldFilingRights(account)
  const steps: (NextStep | false)[] = [
    (account.state === 'held' || account.state === 'in-review') && stateStep(account),
    !account.email && {
      id: 'add-email',
      heading: 'Your account has no e-mail address',
      text: 'Without one nobody can tell you what happens to your account, and you cannot choose a new password by e-mail.',
      action: { url: paths.accountEmail, label: 'Add an e-mail address' },
    },
    account.email !== null &&
      !account.isEmailVerified && {
        id: 'confirm-email',
        heading: 'Your e-mail address is not confirmed',
        text: 'The courts are not told an e-mail address that is not confirmed, and you cannot choose a new password by it.',
        action: { url: paths.accountEmail, label: 'Confirm your e-mail address' },
      },
    account.type === 'individual' &&
      !account.isUpgraded && {
        id: 'upgrade',
        heading: 'Upgrade your account to file',
        text: 'With a legacy account you can search cases, but not file. Your account number and your history stay.',
        action: { url: paths.accountUpgrade, label: 'Sign in again to upgrade' },
      },
    account.type !== 'firm' && may(account, 'search') && searchStep(account, mayFile),
    mayFile &&
      courts.length === 0 && {
        id: 'link-court',
        heading: 'To file, link your account at a court',
        text: 'You can sign in and look at cases. To file, sign in at the court and link your account there, or ask for the right to file. The clerk of the court can help.',
        action: { url: paths.accountCourts, label: 'Choose your court' },
      },
  ]
  const aboutCourts = mayFile ? courts.flatMap(stepAt).slice(0, mostNamed) : []
  return [...steps.filter((step) => step !== false), ...aboutCourts]
}

/** That searching is inactive, and what begins it again; false where it is active. */
function searchStep(account: AccountFacts, mayFile: boolean): NextStep | false {
  const { canSearch, headline, text, canReactivate, help } = searchInWords(account, now())
  if (canSearch) return false
  return {
    id: 'search-again',
    heading: headline,
    text: [text, mayFile && 'Filing is not affected.', help && `${help}.`]
      .filter(Boolean)
      .join(' '),
    press: canReactivate
      ? { action: paths.accountSearchAgain, label: 'Switch case search on again' }
      : undefined,
  }
}

/** What somebody else has to do first, in the words that every page has for it. */
function stateStep(account: AccountFacts): NextStep {
  const { headline, meaning, help } = stateWords(account)
  return { id: account.state, heading: headline, text: help ? `${meaning} ${help}.` : meaning }
}

/** Statuses in which a right is missing that was asked for, or was there. */
const missing: readonly EfilingStatus[] = ['pending', 'suspended', 'lapsed']

function stepAt({ id, name, status }: CourtOfStep): NextStep[] {
  if (!missing.includes(status)) return []
  const { label, text } = statusWords[status]
  return [
    {
      id: `court-${id}`,
      heading: `${label}: ${name}`,
      text,
      action: { url: courtPath(id), label: 'How to reach the court' },
    },
  ]
}
