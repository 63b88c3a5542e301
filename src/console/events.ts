import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, CourtId } from '../ids.ts'

/** Somebody of the PACER Service Center looked for accounts: which were shown, and not what was typed. */
export function accountsSearched(about: {
  readonly accounts: readonly AccountId[]
  readonly by: By
}): AuditEvent {
  const { by, accounts } = about
  return { event: 'support.searched', outcome: 'success', by, detail: { accounts } }
}

/** Somebody of the PACER Service Center was shown personal data of an account. */
export function accountLookedAt(about: {
  readonly accountId: AccountId
  readonly shown: 'account' | 'address-proposal'
  readonly by: By
}): AuditEvent {
  const { shown, ...whose } = about
  return { event: 'support.looked', outcome: 'success', ...whose, detail: { shown } }
}

/** Somebody of the PACER Service Center typed what a caller said is the date of birth, and was told whether it is. */
export function birthDateCompared(about: {
  readonly accountId: AccountId
  readonly isSame: boolean
  readonly by: By
}): AuditEvent {
  const { isSame, ...whose } = about
  return { event: 'support.birth-date-compared', outcome: 'success', ...whose, detail: { isSame } }
}

/** Somebody of a court looked for an account by its number and the name of its holder, and was shown who it is. */
export function personFound(about: {
  readonly accountId: AccountId
  readonly courtId: CourtId
  readonly by: By
}): AuditEvent {
  return { event: 'court.person-found', outcome: 'success', ...about }
}

/** Somebody of a court saved a list of the accounts of its old system as a file: which list, and nobody in it. */
export function readinessExported(about: {
  readonly courtId: CourtId
  readonly list: string
  readonly by: By
}): AuditEvent {
  const { list, ...whose } = about
  return { event: 'court.readiness-exported', outcome: 'success', ...whose, detail: { list } }
}

/** Somebody of a court saved the imported accounts as a file: nobody in it is named. */
export function importedExported(about: {
  readonly courtId: CourtId
  readonly by: By
}): AuditEvent {
  return { event: 'court.accounts-exported', outcome: 'success', ...about }
}
