import { readBirthDate } from '../../accounts/person/birth-date.ts'
import { readName } from '../../accounts/person/name.ts'
import { findPerson } from '../../accounts/person-store.ts'
import { savePerson } from '../../accounts/save-person.ts'
import { byAccount } from '../../audit/by.ts'
import { now } from '../../clock.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok, refused } from '../../outcome.ts'
import { type Problem, together } from '../../problem.ts'
import { inTransaction } from '../../storage/db.ts'
import { upgradePersonPage } from '../upgrade-pages.ts'
import { formOf, originOf, type Visit } from '../visit.ts'
import { factsOf } from './notice-step.ts'
import type { Shown } from './step.ts'
import { partDone, placeOf, upgradeStep } from './upgrade-step.ts'

/** Who it is: the first form of an upgrade. */
export const upgradePerson = upgradeStep('person', 'your name and date of birth', {
  show: async (visit) => ({ status: 200, page: await render(visit) }),
  async take(visit, fields) {
    const { account } = await factsOf(visit)
    const hasBirthDate = (await findPerson(visit.deps.db, account.id))?.hasBirthDate === true
    const read = together({
      name: readName(fields),
      birthDate: hasBirthDate ? ok(undefined) : readBirthDate(fields, now()),
    })
    if (!read.ok) {
      const page = await render(visit, { typed: fields, problems: read.problems })
      const again: Shown = { status: 422, page }
      return refused('to-mend', { again })
    }
    const by = byAccount(account.id, originOf(visit.ctx))
    const about = { accountId: account.id, ...read.value }
    await inTransaction(visit.deps.db, async (tx) => {
      await savePerson(tx, visit.deps.sealing, about, by)
      return ok()
    })
    return partDone(visit, 'person')
  },
})

async function render(
  visit: Visit,
  again?: { typed: Fields; problems: readonly Problem[] },
): Promise<string> {
  const { account } = await factsOf(visit)
  const stored = await findPerson(visit.deps.db, account.id)
  return upgradePersonPage({
    ...formOf(visit, 'upgrade-person'),
    ...placeOf(visit, account, 'person'),
    typed: again?.typed ?? {
      givenName: stored?.givenName ?? '',
      familyName: stored?.familyName ?? '',
    },
    problems: again?.problems ?? [],
    asksBirthDate: stored?.hasBirthDate !== true,
  })
}
