import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { Day } from '../days.ts'
import type { AccountId } from '../ids.ts'
import type { Sealing } from '../signing/sealed-field.ts'
import type { Transaction } from '../storage/db.ts'
import { sealBirthDate } from './birth-date.ts'
import { accountSaved } from './events.ts'
import { noteNewTwins } from './note-new-twins.ts'
import type { PersonName } from './person/name.ts'
import { personChangedMail } from './person-mails.ts'
import { findPerson, writeFirstBirthDate, writeName } from './person-store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/**
 * Stores what a holder tells of oneself in an upgrade, which may be broken off after it: where another name stood there
 * the holder is told, and an account that is just like another one since is recorded. A day of birth is stored once: from then on it tells two people
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
  const before = await findPerson(tx, accountId)
  await writeName(tx, accountId, name)
  const isBirthDateNew =
    birthDate !== undefined &&
    (await writeFirstBirthDate(tx, accountId, sealBirthDate(sealing, accountId, birthDate)))
  const fields = ['givenName', 'familyName', ...(isBirthDateNew ? ['birthDate'] : [])]
  await recordEvent(tx, accountSaved({ accountId, change: 'changed', fields, by }))
  const holder = await findHolder(tx, accountId)
  const replaced = (['givenName', 'familyName'] as const).filter(
    (field) => before?.[field] && before[field] !== name[field],
  )
  if (replaced.length > 0) await tellHolder(tx, holder, personChangedMail, { fields: replaced })
  // An address that nobody has confirmed says nothing of its holder.
  if (!holder) return
  const { givenName = null, familyName = null } = before ?? {}
  const wasUnborn = isBirthDateNew && { birthDateMark: null }
  await noteNewTwins(tx, accountId, { givenName, familyName, ...wasUnborn }, by)
}
