/** One court's entry in the `efiling` claim, as far as the courts here read it. */
export type EfilingEntry = {
  readonly status: string
  readonly actions: readonly string[]
  readonly role?: string
  readonly filer_id?: string
  readonly since?: string
  readonly redaction_acknowledged_at?: number
}

/**
 * The entry of one court in claims that came from Central Sign-On (ID token, userinfo or
 * introspection). Undefined when they say nothing about this court, which grants nothing.
 */
export function findEntry(
  claims: Readonly<Record<string, unknown>>,
  courtId: string,
): EfilingEntry | undefined {
  const entry = (claims['efiling'] as Record<string, unknown> | undefined)?.[courtId]
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

const words: Readonly<Record<string, { label: string; text: string }>> = {
  'not-live': {
    label: 'Not on NextGen yet',
    text: 'This court does not use Central Sign-On for filing yet. File with your old CM/ECF login here.',
  },
  none: {
    label: 'Not linked',
    text: 'Your PACER account isn’t linked here: you can look, not file; link it or register.',
  },
  pending: {
    label: 'Pending',
    text: 'Your registration waits for this court’s clerk. Until the clerk decides you can look, not file.',
  },
  active: { label: 'Active', text: 'You may file in this court.' },
  suspended: {
    label: 'Suspended',
    text: 'This court has stopped your filing for now. Ask the clerk’s office what has to happen first.',
  },
  revoked: {
    label: 'Revoked',
    text: 'This court has ended your right to file. You can look; ask the clerk’s office about the reason.',
  },
  lapsed: {
    label: 'Lapsed',
    text: 'Your right to file here had an end date, and it has passed. Ask the clerk’s office to renew it.',
  },
}

/** What the claims say about this person at this court. Whatever is unknown grants nothing. */
export function describeStanding(
  claims: Readonly<Record<string, unknown>>,
  courtId: string,
): StandingInWords {
  const entry = findEntry(claims, courtId)
  const known = entry && words[entry.status]
  if (!entry || !known) {
    const text = 'Central Sign-On told this court nothing it understands. You can look, not file.'
    return { status: 'unknown', label: 'Unknown', text, mayFile: false }
  }
  const { status } = entry
  const mayFile = entry.actions.includes('file')
  const text =
    status === 'active' && !mayFile
      ? 'Your account is active here, but without the right to file.'
      : (accountLimit(status, claims) ?? known.text)
  return { status, label: known.label, text, mayFile }
}

/** Some accounts cannot be linked as they are; that is more use than being told to link. */
function accountLimit(
  status: string,
  claims: Readonly<Record<string, unknown>>,
): string | undefined {
  const pacer = claims['pacer'] as { account_type?: string; upgraded?: boolean } | undefined
  if (status !== 'none' || !pacer) return undefined
  if (pacer.account_type === 'shared') {
    return 'A shared account is for searching only. To file, sign in with an account of your own.'
  }
  if (pacer.account_type === 'firm') {
    return 'A firm’s administrative account pays for others; it neither searches nor files.'
  }
  if (pacer.upgraded === false) {
    return 'This is a legacy PACER account. Upgrade it in Manage My Account; then link it or register here.'
  }
  return undefined
}
