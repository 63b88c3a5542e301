import type { AccountFacts } from '../../accounts/account.ts'
import { stateWords } from '../../accounts/state-words.ts'
import { type Court, courtLoginAddress } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { type GoLive, goLiveDayText } from '../../courts/go-live.ts'
import { formatDay } from '../../days.ts'
import { courtPath, paths } from '../../paths.ts'
import { accountLimit, statusWords } from '../standing-words.ts'
import type { AskedBar, CourtBar } from './asking-bar.ts'

/** Why something cannot be asked for, and what to do instead. */
export type BarInWords = {
  /** A few words, for a list. */
  readonly label: string
  readonly text: string
  readonly next?: { readonly url: string; readonly label: string } | undefined
}

type BarredCourt = GoLive & Pick<Court, 'id' | 'cmecfHost' | 'loginUrl'>
type BarredPerson = Pick<AccountFacts, 'type' | 'isUpgraded' | 'state' | 'held'>

/** Why a person cannot ask a court for anything now. */
export function barInWords(bar: CourtBar, court: BarredCourt, person: BarredPerson): BarInWords {
  const reachCourt = { url: courtPath(court.id), label: 'How to reach the clerk of this court' }
  switch (bar.reason) {
    case 'needs-upgraded-individual': {
      const canUpgrade = person.type === 'individual' && !person.isUpgraded
      return {
        label: 'Needs an upgraded individual account',
        text:
          accountLimit(person) ?? 'Only an upgraded individual account can have a right to file.',
        next: canUpgrade
          ? { url: paths.accountUpgrade, label: 'Sign in again to upgrade' }
          : undefined,
      }
    }
    case 'account-held': {
      const { headline, meaning, help } = stateWords(person)
      return {
        label: 'Not while your account is on hold',
        text: [`${headline}. ${meaning}`, help && `${help}.`].filter(Boolean).join(' '),
      }
    }
    case 'not-live': {
      const day = goLiveDayText(court)
      return {
        label: day ? `Not on NextGen until ${day}` : 'Not on NextGen yet',
        text: `${
          day
            ? `This court moves to NextGen CM/ECF on ${day}. From then on you can ask here.`
            : 'This court has not moved to NextGen CM/ECF yet.'
        } Until then, use the login that this court gave you, or ask its clerk for one.`,
        next: { url: courtLoginAddress(court), label: 'Open this court’s own login' },
      }
    }
    case 'files-here-since': {
      const since = bar.since ? ` since ${formatDay(bar.since)}` : ''
      return {
        label: `You file here${since}`,
        text: `You are admitted and file here${since}. There is nothing more to ask this court for.`,
      }
    }
    case 'suspended':
      return { ...statusWords.suspended, next: reachCourt }
    case 'takes-no-requests':
      return {
        label: 'Takes no new requests until it says so',
        text: 'This court takes no new requests here until it opens them. Ask its clerk how to get the right to file.',
        next: reachCourt,
      }
    case 'requests-closed': {
      const until = momentAtCourt(bar.until, court)
      return {
        label: `Takes no new requests until ${until}`,
        text: `While this court changes over to NextGen CM/ECF it takes no new requests until ${until}. Requests that are open stay open.`,
        next: reachCourt,
      }
    }
  }
}

/** Why a person cannot ask for this one thing. */
export function askedBarInWords(bar: AskedBar): string {
  switch (bar.reason) {
    case 'kind-not-taken':
      return 'This court does not take this kind of request.'
    case 'role-not-taken':
      return 'This court does not take this role.'
    case 'has-it-already':
      return bar.since ? `You have this here since ${formatDay(bar.since)}.` : 'You have this here.'
  }
}

/** How an account from before is linked. Source: https://www.cob.uscourts.gov/cmecf-nextgen-information */
export const linkInstead = {
  label: 'Link your old account instead',
  text: 'This court wants an account from before to be linked, and takes no new request for it. Sign in at the court with your PACER account, open “Utilities”, choose “Link a CM/ECF account to my PACER account”, and enter your old CM/ECF login and its password.',
  lost: 'If you do not know the old login or its password any more, ask the clerk of this court.',
} as const
