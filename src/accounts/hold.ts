/** Why an account is held. Of two holds that began in the same moment the one that stands first here is told. */
export const holdReasons = ['review', 'recovery', 'support', 'holder'] as const
export type HoldReason = (typeof holdReasons)[number]

/** Each reason has a column of its own, and is lifted by itself. */
export const holdColumns = {
  review: 'reviewSince',
  recovery: 'recoverySince',
  support: 'supportHoldSince',
  holder: 'holderHoldSince',
} as const satisfies Readonly<Record<HoldReason, string>>

const sqlColumns: Readonly<Record<HoldReason, string>> = {
  review: 'review_since',
  recovery: 'recovery_since',
  support: 'support_hold_since',
  holder: 'holder_hold_since',
}

/** That an account is held, as every court is told: the hold that began first, in epoch seconds. */
export type Held = { readonly since: number; readonly reason: HoldReason }

export type HoldColumns = {
  readonly [Reason in HoldReason as (typeof holdColumns)[Reason]]?: Date | null
}

/** The holds of a row of `accounts`, the one that began first at the top. */
export function listHolds(row: HoldColumns): { since: Date; reason: HoldReason }[] {
  const holds = holdReasons.flatMap((reason) => {
    const since = row[holdColumns[reason]]
    return since ? [{ since, reason }] : []
  })
  return holds.sort((a, b) => a.since.getTime() - b.since.getTime())
}

/** Whether a row is held, as SQL text, for a SELECT on accounts under that alias. */
export function isHeldSql(alias: string): string {
  return `(${holdReasons.map((reason) => `${alias}.${sqlColumns[reason]} IS NOT NULL`).join(' OR ')})`
}

/** `Held` as a JSON value in SQL; NULL where the account is not held. */
export function heldSql(alias: string): string {
  const columns = holdReasons.map((reason) => `${alias}.${sqlColumns[reason]}`)
  const first = `LEAST(${columns.join(', ')})`
  const reasons = holdReasons.map((reason, index) => `WHEN ${columns[index]} THEN '${reason}'`)
  return `CASE WHEN ${isHeldSql(alias)} THEN json_build_object(
    'since', floor(extract(epoch FROM ${first})), 'reason', CASE ${first} ${reasons.join(' ')} END) END`
}
