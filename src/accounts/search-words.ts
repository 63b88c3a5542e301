import { dayAt, formatDay, nextDay } from '../days.ts'
import { type AccountFacts, canHoldFilingRights, searchDays, searchStatusOf } from './account.ts'
import { may } from './account-state.ts'
import type { ReactivationRefusal } from './reactivate-search.ts'
import { stateWords } from './state-words.ts'

/** Whether an account searches, as its holder reads it: every page has these words from here. */
export type SearchInWords = {
  readonly canSearch: boolean
  /** One sentence without its period, for a heading. */
  readonly headline: string
  /** Since when, and why, as sentences. */
  readonly text: string
  /** Its holder lets it search again in one press. */
  readonly canReactivate: boolean
  /** Who can help where it is somebody else's to do; a telephone number follows. */
  readonly help?: string | undefined
}

type Searcher = Pick<
  AccountFacts,
  'type' | 'isUpgraded' | 'state' | 'held' | 'searchStatus' | 'searchUsedAt'
>

const inactive = { canSearch: false, headline: 'You cannot search cases at present' } as const
/** Where the days of a state are counted, like those of searching. */
const timeZone = 'America/New_York'

/**
 * The words for an account as it is at that moment, in the order in which `reactivateSearch` decides:
 * its state, then whether searching is switched on, then the six months.
 */
export function searchInWords(account: Searcher, at: Date): SearchInWords {
  const { from, last } = searchDays(account)
  if (searchStatusOf(account, at) === 'active') {
    return {
      canSearch: true,
      headline: 'Case search is active',
      text: `You can search cases. If nobody signs in with this account at a search service, that ends after ${formatDay(last)}.`,
      canReactivate: false,
    }
  }
  if (!may(account, 'search')) {
    const { headline, help } = stateWords(account)
    const since = account.held && formatDay(dayAt(new Date(account.held.since * 1000), timeZone))
    return {
      ...inactive,
      text: `Case search ${since ? `has been inactive since ${since}` : 'is inactive'}, because ${headline.replace(/^This/, 'this')}.`,
      canReactivate: false,
      help,
    }
  }
  if (account.searchStatus === 'inactive') {
    return {
      ...inactive,
      text: 'Case search is inactive, because it is not switched on for this account: how it is billed has to be arranged first.',
      canReactivate: false,
      help: 'To arrange it, call the PACER Service Center',
    }
  }
  return {
    ...inactive,
    text: `Case search has been inactive since ${formatDay(nextDay(last))}, because nobody signed in with this account at a search service for six months, counted from ${formatDay(from)}.`,
    canReactivate: true,
  }
}

/** That these are two things, for who may file; undefined for an account that files nowhere. */
export function filingIsApart(
  account: Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>,
): string | undefined {
  return canHoldFilingRights(account)
    ? 'Filing never depends on it: searching and filing are two things, and each court decides on filing itself.'
    : undefined
}

/** Why a press changed nothing, as a heading; what holds now is said beside it. */
export const reactivationRefusals: Readonly<
  Record<Exclude<ReactivationRefusal, 'unknown-account'>, string>
> = {
  state: 'Case search cannot be switched on in the present state of this account',
  'switched-off': 'Case search cannot be switched on here: its billing is not arranged',
  'already-active': 'Case search is active already: there was nothing to do',
}
