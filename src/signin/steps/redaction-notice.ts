import { redactionNoticePage } from '../pages.ts'
import { formOf, type Visit } from '../visit.ts'
import { factsOf, isDueHere } from './notice-step.ts'
import { filingCourt } from './notices.ts'
import { done, type Step } from './step.ts'

/**
 * The filer's responsibility to redact, confirmed once per sign-in.
 * Source: Fed. R. App. P. 25(a)(5), Fed. R. Civ. P. 5.2, Fed. R. Crim. P. 49.1, Fed. R. Bankr. P. 9037.
 */
export const redactionNotice: Step = {
  name: 'redaction',
  isDue: (visit) => isDueHere(visit, 'redaction'),
  async show(visit) {
    return { status: 200, page: await render(visit, false) }
  },
  async take(visit, fields) {
    const court = filingCourt(await factsOf(visit))
    if (fields['acknowledged'] !== 'yes' || !court) {
      return { ok: false, again: { status: 422, page: await render(visit, true) } }
    }
    return done(visit, { redaction: { courtId: court.id } })
  },
}

async function render(visit: Visit, mustCheck: boolean): Promise<string> {
  const name = filingCourt(await factsOf(visit))?.name ?? visit.client.name
  return redactionNoticePage({ ...formOf(visit, 'redaction'), court: { name }, mustCheck })
}
