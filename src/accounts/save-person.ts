import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { Day } from '../days.ts'
import type { AccountId } from '../ids.ts'
import type { Sealing } from '../signing/sealed-field.ts'
import type { Transaction } from '../storage/db.ts'
import { sealBirthDate } from './birth-date.ts'
import { accountSaved } from './events.ts'
import type { PersonName } from './person/name.ts'
import { writeFirstBirthDate, writeName } from './person-store.ts'

/**
 * Stores what a holder tells of oneself. A day of birth is stored once: from then on it tells two people
 * of one name apart, and only the PACER Service Center corrects it.
 */
export async function savePerson(
  tx: Transaction,
  sealing: Sealing,
  about: {
    readonly accountId: AccountId
    readonly name: PersonName
    readonly birthDate: Day | undefined
  },
  by: By,
): Promise<void> {
  const { accountId, name, birthDate } = about
  await writeName(tx, accountId, name)
  const isBirthDateNew =
    birthDate !== undefined &&
    (await writeFirstBirthDate(tx, accountId, sealBirthDate(sealing, accountId, birthDate)))
  const fields = ['givenName', 'familyName', ...(isBirthDateNew ? ['birthDate'] : [])]
  await recordEvent(tx, accountSaved({ accountId, change: 'changed', fields, by }))
}
