import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import type { GoLivePlan } from '../../courts/go-live-plan.ts'
import { zoneInWords } from '../../courts/office.ts'
import type { OfficesToAsk } from '../../courts/offices-to-ask.ts'
import type { GoLiveFacts, MomentFacts } from './mails.ts'

/** In code points: within what a fact of a mail may have. */
const longestPiece = 150
const listedOffices = 6

type OfCourt = Pick<GoLiveFacts, 'courtId' | 'court' | 'offices'>

/** What a message says of a court, whoever gets it. */
export function courtFacts(court: Court, known: OfficesToAsk | undefined): OfCourt {
  const offices = known?.offices ?? []
  return {
    courtId: court.id,
    court: court.name,
    offices: offices.slice(0, listedOffices).flatMap(({ name, telephone, hours, timeZone }) => {
      const open = hours && `${hours}, ${zoneInWords(timeZone)}`
      return telephone ? [`${name}: ${telephone}${open ? `, ${open}` : ''}`] : []
    }),
  }
}

/** What a message says of the moment of a go-live and of what is closed around it. */
export function momentFacts(
  court: Court,
  plan: GoLivePlan,
  liveAt: Date,
  at: Date,
): Omit<MomentFacts, keyof GoLiveFacts> {
  const { legacyClosesAt, filingClosed, emergencyWay } = plan
  // What is over is nobody's plan any more.
  const closed = filingClosed && filingClosed.until > at ? filingClosed : null
  const words = (moment: Date) => momentAtCourt(moment, court)
  return {
    liveAt: words(liveAt),
    isLive: liveAt <= at,
    linkUntil: legacyClosesAt && words(legacyClosesAt),
    closedFrom: closed && words(closed.from),
    closedUntil: closed && words(closed.until),
    emergencyWay: closed ? shortPieces(emergencyWay ?? '') : [],
  }
}

function shortPieces(text: string): string[] {
  const piece = new RegExp(`.{1,${longestPiece}}(?=\\s|$)|.{1,${longestPiece}}`, 'gsu')
  return (text.match(piece) ?? []).map((each) => each.trim())
}
