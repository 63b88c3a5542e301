import type { Day } from '../days.ts'
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
  readonly goLiveOn: Day | null
  /** Seen on NextGen by this day, where the day of go-live is not known. */
  readonly liveBy: Day | null
  readonly goLiveSource: string | null
  /** A plan is kept here, which alone decides when the court is live (`go-live.ts`). */
  readonly hasGoLivePlan: boolean
  /** With a plan the moment of its go-live; null: not live, and the moment is not known. */
  readonly liveAt: Date | null
  /** From then until before then nobody files there; both, or neither. */
  readonly filingClosedFrom: Date | null
  readonly filingClosedUntil: Date | null
  /** Accounts of its old system are known here, and can be linked. */
  readonly takesLinks: boolean
  /** The IANA time zone of the clerk's main office: the court's days begin and end at midnight there. */
  readonly timeZone: string
  /** The city of the clerk's main office, for example `Charlotte, NC`; null: not known. */
  readonly seat: string | null
  /** Where the clerk is met and called, the main office first; empty where no source says. */
  readonly clerkOffices: readonly ClerkOffice[]
  /** The day of the source of the offices. */
  readonly clerkOfficesAsOf: Day | null
  readonly isAuxiliary: boolean
}

export type ClerkOffice = {
  /** One line that ends with city, state and ZIP code. */
  readonly address?: string | undefined
  readonly phone?: string | undefined
}

export const courtTypeLabels: Readonly<Record<CourtType, string>> = {
  appellate: 'Court of Appeals',
  bap: 'Bankruptcy Appellate Panel',
  bankruptcy: 'Bankruptcy Court',
  district: 'District Court',
  national: 'National Court',
}

/** Courts of one type, in the order in which lists have them. */
export const courtGroupLabels: Readonly<Record<CourtType, string>> = {
  appellate: 'Courts of appeals',
  bap: 'Bankruptcy appellate panels',
  district: 'District courts',
  bankruptcy: 'Bankruptcy courts',
  national: 'National courts',
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
