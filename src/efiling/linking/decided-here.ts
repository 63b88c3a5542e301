import { noRight, type Right } from '../right.ts'
import { linkKinds } from '../right-machine.ts'
import type { RightDecision } from '../right-store.ts'

type Decided = Pick<Right, 'state'> & Pick<RightDecision, 'kind'>

const ofRight: readonly Decided['kind'][] = [
  'grant',
  'change',
  'extend',
  'suspend',
  'reinstate',
  'revoke',
]

/**
 * Whether the court ever decided about the right here, also ahead: by more than a link, what came of one, and an
 * admission, which is another fact. Then no old password undoes it, whatever its holder gave up since (decision 0124).
 * @param history whole, in the order of deciding.
 */
export function wasRightDecided(history: readonly Decided[]): boolean {
  return history.some(
    (row, place) =>
      ofRight.includes(row.kind) ||
      (isOfFile(row) && (hasRight(row) || hasRight(history[place - 1]))),
  )
}

type Admitted = Pick<Right, 'isAdmitted' | 'admittedUntil'> & Pick<RightDecision, 'kind'>

/**
 * Whether the court ever decided here that somebody is admitted, or no longer: that is newer than what the old
 * system says. What came of a link does not count.
 * @param history whole, in the order of deciding.
 */
export function wasAdmissionDecided(history: readonly Admitted[]): boolean {
  return history.some(({ kind, isAdmitted, admittedUntil }, place) => {
    if (kind === 'admit' || kind === 'end-admission') return true
    const before = history[place - 1] ?? noRight
    const isSame = isAdmitted === before.isAdmitted && admittedUntil === before.admittedUntil
    return !isSame && !(linkKinds as readonly string[]).includes(kind)
  })
}

// What was decided elsewhere. Where it says nothing about a right, as it was before, nothing was decided about one.
function isOfFile({ kind }: Decided): boolean {
  return kind === 'apply' || kind === 'migrate'
}

function hasRight(row: Decided | undefined): boolean {
  return row !== undefined && row.state !== 'none' && row.state !== 'pending'
}
