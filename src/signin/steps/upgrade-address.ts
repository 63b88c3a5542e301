import { readPhone } from '../../accounts/person/phone.ts'
import { addressTyped, readPostalAddress } from '../../accounts/person/postal-address.ts'
import { findPerson } from '../../accounts/person-store.ts'
import { saveAddress } from '../../accounts/save-address.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok, refused } from '../../outcome.ts'
import { type Problem, together } from '../../problem.ts'
import { writeInSignIn } from '../ended-sign-in.ts'
import { upgradeAddressPage } from '../upgrade-pages.ts'
import { formOf, type Visit } from '../visit.ts'
import { factsOf } from './notice-step.ts'
import { partDone, placeOf, upgradeStep } from './upgrade-step.ts'

/** Where paper and calls reach the holder: the second form of an upgrade. */
export const upgradeAddress = upgradeStep('address', 'your address and telephone number', {
  show: async (visit) => ({ status: 200, page: await render(visit) }),
  async take(visit, fields) {
    const read = together({ address: readPostalAddress(fields), phone: readPhone(fields) })
    if (!read.ok) {
      const page = await render(visit, { typed: fields, problems: read.problems })
      return refused('to-mend', { again: { status: 422, page } })
    }
    const saved = await writeInSignIn(visit, async (tx, accountId, by) => {
      await saveAddress(tx, { accountId, ...read.value }, by)
      return ok()
    })
    return saved.ok ? partDone(visit, 'address') : refused('ended', {})
  },
})

async function render(
  visit: Visit,
  again?: { typed: Fields; problems: readonly Problem[] },
): Promise<string> {
  const { account } = await factsOf(visit)
  const stored = again ? undefined : await findPerson(visit.deps.db, account.id)
  return upgradeAddressPage({
    ...formOf(visit, 'upgrade-address'),
    ...placeOf(visit, account, 'address'),
    typed: again?.typed ?? { ...addressTyped(stored?.address), phone: stored?.phone ?? '' },
    problems: again?.problems ?? [],
  })
}
