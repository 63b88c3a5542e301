import type { KeyObject } from 'node:crypto'
import { type LinkRefusal, useLink } from '../../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import type { CodeRefusal } from '../address-code.ts'
import { codeMark, mostTries, type Registration, registrationPurpose } from './registration.ts'
import { findRegistration, markConfirmedIn, tryCode } from './store.ts'

type Deps = { readonly db: Database; readonly key: KeyObject }

/**
 * Confirms the address with the code of its mail, in the browser that asked for it and in no other.
 * A try counts whatever comes of it.
 * @param mark of the browser that asked.
 * @param confirm what the right code does; false where it does nothing any more.
 */
export async function confirmByCode(
  { db, key }: Deps,
  registration: Registration,
  mark: string,
  code: string,
  confirm: (tx: Transaction) => Promise<boolean>,
): Promise<Outcome<void, CodeRefusal>> {
  const { id } = registration
  const tried = await inTransaction(db, async (tx) => {
    const outcome = await tryCode(tx, id, mark, codeMark(key, id, code))
    const isConfirmed = outcome?.isRight === true && (await confirm(tx))
    return outcome && { ...outcome, isConfirmed }
  })
  if (!tried) return refusalOf(await findRegistration(db, id))
  if (tried.isConfirmed) return ok()
  if (tried.isRight) return refused('over', {})
  const triesLeft = mostTries - tried.codeTries
  return triesLeft > 0 ? refused('wrong', { triesLeft }) : refused('no-more-tries', {})
}

function refusalOf(now: Registration | undefined): Outcome<void, CodeRefusal> {
  if (!now || now.isOver || now.accountId) return refused('over', {})
  if (!now.isSent) return refused('not-sent-yet', {})
  return now.codeTries >= mostTries ? refused('no-more-tries', {}) : refused('code-expired', {})
}

/**
 * Confirms the address with the link of its mail, in whichever browser it was pressed: that browser
 * sees the form.
 */
export async function confirmByLink(
  { db, key }: Deps,
  token: string,
  mark: string,
): Promise<Outcome<void, LinkRefusal>> {
  return inTransaction(db, async (tx) => {
    const used = await useLink(tx, key, registrationPurpose, token)
    if (!used.ok) return used
    const { registration = '' } = used.value.about
    return (await markConfirmedIn(tx, registration, mark)) ? ok() : refused('used')
  })
}
