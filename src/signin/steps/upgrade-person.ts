import { readBirthDate } from '../../accounts/person/birth-date.ts'
import { readName } from '../../accounts/person/name.ts'
import { findPerson } from '../../accounts/person-store.ts'
import { savePerson } from '../../accounts/save-person.ts'
import { now } from '../../clock.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok, refused } from '../../outcome.ts'
import { type Problem, together } from '../../problem.ts'
import { writeInSignIn } from '../ended-sign-in.ts'
import { upgradePersonPage } from '../upgrade-pages.ts'
import { formOf, type Visit } from '../visit.ts'
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
    const saved = await writeInSignIn(visit, async (tx, accountId, by) => {
      await savePerson(tx, visit.deps.sealing, { accountId, ...read.value }, by)
      return ok()
    })
    return saved.ok ? partDone(visit, 'person') : refused('ended', {})
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
