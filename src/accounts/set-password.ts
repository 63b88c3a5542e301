import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import { voidLinks } from '../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { dayAndTime } from '../time-in-words.ts'
import { type PasswordChange, passwordChanged } from './events.ts'
import { passwordChangedMail } from './mails.ts'
import { forgetBrowsers, storePassword } from './store.ts'
import { findHolder, tellHolder } from './tell-holder.ts'

/** The purpose of the link by which somebody who forgot the password chooses another one. */
export const resetPurpose = 'reset-password'

/** A password that is to be stored. */
export type NewPassword = {
  readonly accountId: AccountId
  /** Its stored form (`Passwords.hash`): it is computed before the transaction begins. */
  readonly hash: string
  /**
   * The stored form of the one that it replaces, where its holder was asked for that; null where there
   * may be none. Absent: whatever is stored.
   */
  readonly from?: string | null | undefined
  readonly why: PasswordChange
}

/**
 * Gives an account another password, and nobody has to choose one any more. The browsers in which somebody
 * signed in with the one before are strangers again where the holder may not have been that somebody, and
 * the holder is told by mail. What else ends with it is the caller's, in the same transaction (`end-sign-ins.ts`).
 * @returns `changed-meanwhile` where another one is stored by now, and then nothing is written.
 */
export async function setPassword(
  tx: Transaction,
  { accountId, hash, from, why }: NewPassword,
  by: By,
): Promise<Outcome<void, 'changed-meanwhile'>> {
  if (!(await storePassword(tx, accountId, { hash, from }))) return refused('changed-meanwhile')
  if (why === 'reset') await forgetBrowsers(tx, accountId)
  // What was asked for while another password was stored changes this one no more.
  await voidLinks(tx, accountId, [resetPurpose])
  await recordEvent(tx, passwordChanged({ by, accountId, why }))
  // The first one is none that was changed, and an upgrade is told as a whole.
  if (why !== 'first' && why !== 'upgraded') {
    const holder = await findHolder(tx, accountId)
    await tellHolder(tx, holder, passwordChangedMail, { at: dayAndTime(now()) })
  }
  return ok()
}
