import { now } from '../../clock.ts'
import { clerkLists } from '../../courts/clerk-lists.ts'
import { type CourtFacts, efilingClaim, type PersonFacts } from '../../efiling/facts.ts'
import { mayFile } from '../../efiling/standing.ts'
import { refused } from '../../outcome.ts'
import { courtPath } from '../../paths.ts'
import { redactionNoticePage } from '../pages.ts'
import { formOf, type Visit } from '../visit.ts'
import { actsForCourts, factsOf } from './notice-step.ts'
import { done, type OwnStep } from './step.ts'

/**
 * The filer's responsibility to redact, confirmed once per sign-in.
 * Source: Fed. R. App. P. 25(a)(5), Fed. R. Civ. P. 5.2, Fed. R. Crim. P. 49.1, Fed. R. Bankr. P. 9037.
 */
export const redactionNotice: OwnStep = {
  name: 'redaction',
  async isDue(about) {
    if (!actsForCourts(about) || about.progress.redaction) return false
    const facts = await about.facts()
    if (!facts || facts.redaction?.signedInAt === about.person?.signedInAt) return false
    return filingCourt(facts) !== undefined
  },
  kept: ({ redaction }) =>
    redaction ? 'your confirmation that you redact what you file' : undefined,
  async show(visit) {
    return { status: 200, page: await render(visit, false) }
  },
  async take(visit, fields) {
    const court = filingCourt(await factsOf(visit))
    if (fields['acknowledged'] !== 'yes' || !court) {
      return refused('to-mend', { again: { status: 422, page: await render(visit, true) } })
    }
    return done(visit, { redaction: { courtId: court.id } })
  },
}

async function render(visit: Visit, mustCheck: boolean): Promise<string> {
  const court = filingCourt(await factsOf(visit))
  // Looked up for who stumbles alone: what everybody waits for gains no statement.
  const clerks = mustCheck && court ? await clerkLists(visit.deps.db, [court]) : undefined
  return redactionNoticePage({
    ...formOf(visit, 'redaction'),
    court: { name: court?.name ?? visit.client.name, url: court && courtPath(court.id) },
    clerks,
    mustCheck,
  })
}

/** The court of the asking client where this person may file. */
function filingCourt(facts: PersonFacts): CourtFacts | undefined {
  const entries = efilingClaim(facts, now())
  return facts.courts.find((court) => {
    const entry = entries[court.id]
    return entry !== undefined && mayFile(entry)
  })
}
