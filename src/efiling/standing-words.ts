import type { AccountFacts } from '../accounts/account.ts'
import { type HoldReason, holdReasons } from '../accounts/hold.ts'
import { holdWords } from '../accounts/state-words.ts'
import { momentAtCourt } from '../courts/court-time.ts'
import { type ClosedFiling, isFilingClosed } from '../courts/go-live.ts'
import { helpLine } from '../help-line.ts'
import type { Right, RightState } from './right.ts'
import type { EfilingEntry, EfilingStatus } from './standing.ts'

/** A standing as people read it: a word for its state, and what that means for them. */
export type StandingInWords = { readonly label: string; readonly text: string }

/**
 * The words for every status: every page of ours has them from here, `docs/integrate.md` gives them to
 * the courts, and the courts of the demonstration say the same. They say "rights", since a court may
 * have granted notices and no filing.
 */
export const statusWords: Readonly<Record<EfilingStatus, StandingInWords>> = {
  'not-live': {
    label: 'Not on NextGen yet',
    text: 'This court has not moved to NextGen CM/ECF yet. To file, use the login that this court gave you.',
  },
  none: {
    label: 'Not linked',
    text: 'Your PACER account is not linked here. You can look at cases, but not file. Link your old filing account at the court, or register.',
  },
  pending: {
    label: 'Waiting for the court',
    text: 'The court has your registration and has not decided yet. Until then you can look at cases, but not file.',
  },
  active: { label: 'Active', text: 'You may file here.' },
  suspended: {
    label: 'Suspended',
    text: 'The court has suspended your rights here. Ask the clerk of this court what has to happen first.',
  },
  revoked: {
    label: 'Ended by the court',
    text: 'The court has ended your rights here. Ask the clerk of this court about the reason.',
  },
  lapsed: {
    label: 'Lapsed',
    text: 'Your rights here had a last day, and it has passed. Ask the clerk of this court to renew them.',
  },
}

/**
 * Whether the clerk of the court is whom somebody asks who wants it to be otherwise: then the court's offices
 * stand beside it. What holds the account, or what kind of account it is, no clerk can mend.
 */
export function isMendedByClerk(
  entry: Pick<EfilingEntry, 'status' | 'actions' | 'held'>,
  holder: Pick<AccountFacts, 'type' | 'isUpgraded'>,
): boolean {
  if (entry.held || accountLimit(holder) !== undefined) return false
  return entry.status !== 'active' || !entry.actions.includes('file')
}

/** What an `active` standing says where the court did not grant `file`. */
export const withoutFiling = {
  notices: 'You receive notices of electronic filing here. The court has not granted you filing.',
  apply: 'You may hand in an application to this court. The court has not granted you filing.',
  nothing: 'Your account is linked here. The court has not granted you filing.',
} as const

/** What a `suspended` right says where notices stay. */
export const suspendedWithNotices =
  'The court has suspended your right to file here. You still receive notices of electronic filing. Ask the clerk of this court what has to happen first.'

/** What somebody without a right reads who is admitted: a court decides about each by itself. */
export const admittedOnly: StandingInWords = {
  label: 'Admitted',
  text: 'You are admitted to practice here. The court has not given you the right to file electronically.',
}

/** A right as its row says it, in a word. */
export function stateLabel(state: RightState): string {
  return state === 'given-up' ? 'Given up' : statusWords[state].label
}

/** Why somebody whom the court lets file cannot file at a moment; undefined where filing is open. */
export function closedFilingText(court: ClosedCourt, at: Date): string | undefined {
  if (!isFilingClosed(court, at) || !court.filingClosedUntil) return undefined
  if (!court.right?.actions.includes('file')) return undefined
  return `Nobody can file at this court until ${momentAtCourt(court.filingClosedUntil, court)}, while it changes over to NextGen CM/ECF. Your right is as it was, and holds again then. The page of the court says what to do in an emergency.`
}

type ClosedCourt = ClosedFiling & {
  readonly timeZone: string
  readonly right: Pick<Right, 'actions'> | undefined
}

/** Beside an `active` standing, while nobody files at the court. */
const filingIsClosed = 'Filing is closed'

/**
 * The words for one court's entry, as it holds now.
 * @param closed why nobody files there now (`closedFilingText`).
 */
export function describeStanding(
  entry: Pick<EfilingEntry, 'status' | 'actions' | 'held' | 'admitted'>,
  holder: Pick<AccountFacts, 'type' | 'isUpgraded'>,
  closed?: string,
): StandingInWords {
  const words = statusWords[entry.status]
  if (entry.status === 'none') {
    if (entry.admitted) return admittedOnly
    return { ...words, text: accountLimit(holder) ?? words.text }
  }
  if (entry.status === 'suspended' && entry.actions.includes('receive-notices')) {
    return { ...words, text: suspendedWithNotices }
  }
  if (entry.status !== 'active' || entry.actions.includes('file')) return words
  if (entry.held) return { ...words, text: heldTexts[entry.held.reason] }
  if (closed) return { label: filingIsClosed, text: closed }
  if (entry.actions.includes('apply')) return { ...words, text: withoutFiling.apply }
  const isNotified = entry.actions.includes('receive-notices')
  return { ...words, text: isNotified ? withoutFiling.notices : withoutFiling.nothing }
}

/** What an `active` standing says while the account is held: the court has not suspended anybody. */
export const heldTexts = Object.fromEntries(
  holdReasons.map((reason) => {
    const { headline, help } = holdWords[reason]
    const text = `Your rights here are as they were, and cannot be used at present. No court has decided this. ${headline}. ${help}, ${helpLine.phone}.`
    return [reason, text]
  }),
) as Readonly<Record<HoldReason, string>>

/** Why an account of this kind files nowhere: linking, which others are advised to, leads nowhere. */
export function accountLimit(
  account: Pick<AccountFacts, 'type' | 'isUpgraded'>,
): string | undefined {
  if (account.type === 'firm') return accountLimits.firm
  if (account.type === 'shared') return accountLimits.shared
  return account.isUpgraded ? undefined : accountLimits.legacy
}

export const accountLimits = {
  firm: 'A PACER Administrative Account pays for the accounts of others. It sees no cases and does not file.',
  shared:
    'A shared account can search cases, but not file. To file, sign in with an individual account of your own.',
  legacy:
    'A legacy account can search cases, but not file. Upgrade it first: sign out, sign in again, and choose to upgrade the account.',
} as const

const actionWords: Readonly<Record<string, string>> = {
  file: 'File documents',
  'receive-notices': 'Receive notices of electronic filing',
  apply: 'Hand in an application',
}

export function actionLabel(action: string): string {
  return actionWords[action] ?? action
}
