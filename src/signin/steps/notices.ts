import type { Client } from '../../clients/client.ts'
import { now } from '../../clock.ts'
import { isLive } from '../../courts/go-live.ts'
import { type CourtFacts, efilingClaim, type Facts } from '../../efiling/facts.ts'
import { mayFile } from '../../efiling/standing.ts'

/** What a person is told between sign-in and court, in this order. */
export const notices = ['legacy-account', 'court-not-live', 'redaction'] as const
export type Notice = (typeof notices)[number]

/** What decides whether a notice is due; our pages and the engine's policy ask with the same. */
export type NoticeSituation = {
  readonly clientKind: Client['kind']
  readonly facts: Facts
  /** `auth_time` of the sign-in, in epoch seconds. */
  readonly signedInAt: number | undefined
  hasSeen(notice: Notice): boolean
}

/** Whether the person has to be told something before going on. */
export function isNoticeDue(notice: Notice, about: NoticeSituation): boolean {
  const { facts, clientKind } = about
  // These act for no one court.
  if (clientKind === 'portal' || clientKind === 'national') return false
  if (about.hasSeen(notice)) return false
  switch (notice) {
    case 'legacy-account':
      return !facts.account.isUpgraded
    case 'court-not-live':
      return facts.courts.length > 0 && facts.courts.every((court) => !isLive(court, now()))
    case 'redaction':
      return filingCourt(facts) !== undefined && facts.redaction?.signedInAt !== about.signedInAt
  }
}

/** The court of the asking client where this person may file. */
export function filingCourt(facts: Facts): CourtFacts | undefined {
  const entries = efilingClaim(facts, now())
  return facts.courts.find((court) => {
    const entry = entries[court.id]
    return entry !== undefined && mayFile(entry)
  })
}
