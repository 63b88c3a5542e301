/** One court's entry in the `efiling` claim, as far as the courts here read it. */
export type EfilingEntry = {
  readonly status: string
  readonly actions: readonly string[]
  readonly admitted?: boolean
  /** The account as a whole is held: no decision of this court. */
  readonly held?: { readonly since: number; readonly reason: string }
  readonly role?: string
  readonly filer_id?: string
  /** The first and the last day of the right at the court, in its own time zone: `YYYY-MM-DD`. */
  readonly since?: string
  readonly until?: string
  readonly redaction_acknowledged_at?: number
}

/**
 * The entry of one court in claims that came from Central Sign-On (ID token, userinfo or
 * introspection). An application of several courts is told nothing of a court where there is nothing
 * to tell: that is `none`. Undefined when the claims cannot be understood, which grants nothing.
 */
export function findEntry(
  claims: Readonly<Record<string, unknown>>,
  courtId: string,
): EfilingEntry | undefined {
  const courts = claims['efiling']
  if (typeof courts !== 'object' || courts === null) return undefined
  const entry = (courts as Record<string, unknown>)[courtId] ?? { status: 'none', actions: [] }
  if (typeof entry !== 'object' || entry === null) return undefined
  const { status, actions } = entry as Partial<EfilingEntry>
  if (typeof status !== 'string' || !Array.isArray(actions)) return undefined
  return entry as EfilingEntry
}

/** A standing in words: a label, what it means, and what to do about it. */
export type StandingInWords = {
  readonly status: string
  readonly label: string
  readonly text: string
  readonly mayFile: boolean
}

/** The words that Central Sign-On gives to every court: `docs/integrate.md`, "efiling". */
export const statusWords: Readonly<Record<string, { label: string; text: string }>> = {
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

export const withoutFiling = {
  notices: 'You receive notices of electronic filing here. The court has not granted you filing.',
  apply: 'You may hand in an application to this court. The court has not granted you filing.',
  nothing: 'Your account is linked here. The court has not granted you filing.',
}

/** Of a `suspended` right whose notices stay. */
export const suspendedWithNotices =
  'The court has suspended your right to file here. You still receive notices of electronic filing. Ask the clerk of this court what has to happen first.'

/** Of somebody who is admitted and has no right to file electronically. */
export const admittedOnly = {
  label: 'Admitted',
  text: 'You are admitted to practice here. The court has not given you the right to file electronically.',
}

/** By the reason of the hold. */
export const heldTexts: Readonly<Record<string, string>> = {
  review:
    'Your rights here are as they were, and cannot be used at present. No court has decided this. This account is in review. Nothing has to be done again. To ask how far the review is, call the PACER Service Center, (800) 676-6856.',
  recovery:
    'Your rights here are as they were, and cannot be used at present. No court has decided this. This account is on hold after it was recovered. To have it lifted, call the PACER Service Center, (800) 676-6856.',
  support:
    'Your rights here are as they were, and cannot be used at present. No court has decided this. The PACER Service Center has put this account on hold. To learn why, and what to do, call the PACER Service Center, (800) 676-6856.',
  holder:
    'Your rights here are as they were, and cannot be used at present. No court has decided this. The holder of this account has put it on hold. To end the hold, call the PACER Service Center, (800) 676-6856.',
}

/** A reason that these courts do not know yet. */
const heldSomehow =
  'Your rights here are as they were, and cannot be used at present. No court has decided this. Call the PACER Service Center, (800) 676-6856.'

export const accountLimits = {
  firm: 'A PACER Administrative Account pays for the accounts of others. It sees no cases and does not file.',
  shared:
    'A shared account can search cases, but not file. To file, sign in with an individual account of your own.',
  legacy:
    'A legacy account can search cases, but not file. Upgrade it first: sign out, sign in again, and choose to upgrade the account.',
}

/** What the claims say about this person at this court. Whatever is unknown grants nothing. */
export function describeStanding(
  claims: Readonly<Record<string, unknown>>,
  courtId: string,
): StandingInWords {
  const entry = findEntry(claims, courtId)
  const known = entry && statusWords[entry.status]
  if (!entry || !known) {
    const text = 'Central Sign-On told this court nothing it understands. You can look, not file.'
    return { status: 'unknown', label: 'Unknown', text, mayFile: false }
  }
  const { status, actions } = entry
  const mayFile = actions.includes('file')
  const { label } = known
  if (status === 'none' && entry.admitted) return { status, ...admittedOnly, mayFile }
  if (status === 'none') return { status, label, text: accountLimit(claims) ?? known.text, mayFile }
  if (status === 'suspended' && actions.includes('receive-notices')) {
    return { status, label, text: suspendedWithNotices, mayFile }
  }
  if (status !== 'active' || mayFile) return { status, label, text: known.text, mayFile }
  if (entry.held) {
    return { status, label, text: heldTexts[entry.held.reason] ?? heldSomehow, mayFile }
  }
  const isNotified = actions.includes('receive-notices')
  if (actions.includes('apply')) return { status, label, text: withoutFiling.apply, mayFile }
  const text = isNotified ? withoutFiling.notices : withoutFiling.nothing
  return { status, label, text, mayFile }
}

/** Some accounts cannot be linked as they are; that is more use than being told to link. */
function accountLimit(claims: Readonly<Record<string, unknown>>): string | undefined {
  const pacer = claims['pacer'] as { account_type?: string; upgraded?: boolean } | undefined
  if (pacer?.account_type === 'shared') return accountLimits.shared
  if (pacer?.account_type === 'firm') return accountLimits.firm
  return pacer?.upgraded === false ? accountLimits.legacy : undefined
}
