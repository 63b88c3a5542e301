import type { GoLiveChangeKind } from '../../courts/go-live-machine.ts'
import { staffCourtPath } from '../court/court-paths.ts'

/** When a court goes live, and everything that belongs to it. */
export function goLivePath(courtId: string): string {
  return `${staffCourtPath(courtId)}/go-live`
}

/** Something that is done with it. */
export function goLiveActPath(courtId: string, act: GoLiveChangeKind): string {
  return `${goLivePath(courtId)}/${act}`
}
