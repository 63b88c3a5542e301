import type { CourtId } from '../ids.ts'
import type { CourtType } from '../storage/generated/enums.ts'

export type { CourtType }

export type Court = {
  readonly id: CourtId
  readonly name: string
  readonly type: CourtType
  readonly circuit: string | null
  readonly states: readonly string[]
  readonly cmecfHost: string
  readonly loginUrl: string | null
  readonly webUrl: string | null
  readonly pacerCourtId: string | null
  readonly pclCourtId: string | null
  /** The day NextGen took over; null: not known. */
  readonly goLiveOn: Date | null
  /** Seen on NextGen by this day, where the day of go-live is not known. */
  readonly liveBy: Date | null
  readonly goLiveSource: string | null
  readonly isAuxiliary: boolean
}

export const courtTypeLabels: Readonly<Record<CourtType, string>> = {
  appellate: 'Court of Appeals',
  bap: 'Bankruptcy Appellate Panel',
  bankruptcy: 'Bankruptcy Court',
  district: 'District Court',
  national: 'National Court',
}

/** The court as a resource server (RFC 8707): `https://<cmecfHost>/`. Two courts of one clerk's
 * office may share a host, and then one resource. */
export function courtResource(court: Pick<Court, 'cmecfHost'>): string {
  return `https://${court.cmecfHost}/`
}

/** Where the court's own system takes a username and password: its login page, or else its host. */
export function courtLoginAddress(court: Pick<Court, 'cmecfHost' | 'loginUrl'>): string {
  return court.loginUrl ?? courtResource(court)
}
