import { ok } from '../../outcome.ts'
import { registerPath } from '../../paths.ts'
import { askedBy } from '../asked-by.ts'
import { legacyNoticePage, sharedNoticePage } from '../upgrade-pages.ts'
import { formOf } from '../visit.ts'
import { actsForCourts, factsOf } from './notice-step.ts'
import { hasSeen } from './situation.ts'
import { done, type OwnStep } from './step.ts'
import { hasConfirmedEmail } from './upgrade-step.ts'

const name = 'legacy-account'

/**
 * Accounts made before August 11, 2014 can search, and cannot file before an upgrade, which begins here: in
 * the middle of the sign-in that needs it. An account that several people share stays what it is: each of
 * them who files needs one of one's own. Who comes to search alone is not asked.
 */
export const legacyNotice: OwnStep = {
  name,
  async isDue(about) {
    if (about.client.kind === 'national' || hasSeen(about, name, 'per-sign-in')) return false
    const account = (await about.facts())?.account
    if (!account) return false
    // Marked as upgraded or not, it files nowhere: at a court that is said.
    const isOfSeveral = account.type !== 'individual' && actsForCourts(about)
    return account.isUpgraded === false || isOfSeveral
  },
  kept: ({ seen }) =>
    seen?.includes(name) ? 'that you read the notice about your account' : undefined,
  async show(visit) {
    const { account } = await factsOf(visit)
    const form = { ...formOf(visit, name), askedBy: askedBy(visit.client) }
    // The password was proved in this sign-in: an upgrade replaces it.
    const canUpgrade = visit.progress.login !== undefined
    const asksEmail = !hasConfirmedEmail(account)
    const page =
      account.type === 'individual'
        ? legacyNoticePage({ ...form, canUpgrade, asksEmail })
        : sharedNoticePage({
            ...form,
            registerAddress: registerPath(visit.client.id),
            isFirm: account.type === 'firm',
          })
    return { status: 200, page }
  },
  async take(visit, fields) {
    const read = done(visit, { seen: [...(visit.progress.seen ?? []), name] })
    const { account } = await factsOf(visit)
    const wantsUpgrade = fields['do'] === 'upgrade' && account.type === 'individual'
    if (!read.ok || !wantsUpgrade || visit.progress.login === undefined) return read
    return ok({ progress: { ...read.value.progress, isUpgrading: true } })
  },
}
