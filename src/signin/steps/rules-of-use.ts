import { acceptRules } from '../../accounts/accept-rules.ts'
import { mustAcceptRules, rulesVersion } from '../../accounts/rules-of-use.ts'
import { byAccount } from '../../audit/by.ts'
import { formatDay } from '../../days.ts'
import { refused } from '../../outcome.ts'
import { askedBy } from '../asked-by.ts'
import { rulesOfUseStepPage } from '../pages.ts'
import { formOf, originOf, type Visit } from '../visit.ts'
import { hasSeen } from './situation.ts'
import { done, type OwnStep } from './step.ts'

const name = 'rules-of-use'

/**
 * Asks whoever accepted an older version of the rules of use for the present one. What was accepted is
 * stored at once: it is the holder's word, whatever becomes of this sign-in.
 */
export const rulesOfUse: OwnStep = {
  name,
  async isDue(about) {
    if (hasSeen(about, name, 'per-sign-in')) return false
    const facts = await about.facts()
    return facts !== undefined && mustAcceptRules(facts.account.acceptedRules)
  },
  kept: ({ seen }) => (seen?.includes(name) ? 'that you accepted the rules of use' : undefined),
  show: (visit) => ({ status: 200, page: render(visit, false) }),
  async take(visit, fields) {
    const { person } = visit
    // The version that was read: another one may hold since.
    if (!person || fields['rules'] !== rulesVersion) {
      return refused('to-mend', { again: { status: 422, page: render(visit, true) } })
    }
    const { accountId } = person
    await acceptRules(visit.deps.db, accountId, byAccount(accountId, originOf(visit.ctx)))
    return done(visit, { seen: [...(visit.progress.seen ?? []), name] })
  },
}

function render(visit: Visit, mustCheck: boolean): string {
  return rulesOfUseStepPage({
    ...formOf(visit, name),
    askedBy: askedBy(visit.client),
    version: rulesVersion,
    versionText: formatDay(rulesVersion),
    mustCheck,
  })
}
