import { accountCourtPath } from '../courts/asking-paths.ts'

/** Everything that a court decided about the holder. */
export function ownDecisionsPath(courtId: string): string {
  return `${accountCourtPath(courtId)}/decisions`
}

/** Where the holder gives up the right at a court. */
export function giveUpPath(courtId: string): string {
  return `${accountCourtPath(courtId)}/give-up`
}
