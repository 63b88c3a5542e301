import type { KeyObject } from 'node:crypto'
import { queueMail } from '../../mail/queue-mail.ts'
import { refused } from '../../outcome.ts'
import type { Transaction } from '../../storage/db.ts'
import { may } from '../account-state.ts'
import type { AddressCodes, CodeHolder } from '../address-code.ts'
import { lockAddress } from '../email-change-store.ts'
import { isSignInGood, lockSignInStand } from '../sign-in-stand.ts'
import type { HolderFacts } from '../state-mails.ts'
import { takeAddress } from '../take-address.ts'
import { withdrawEmailChange } from '../withdraw-email-change.ts'
import { type AskDeps, sendAgain, startRegistration } from './ask-for-mail.ts'
import { confirmByCode } from './confirm-address.ts'
import { signInCodeMail } from './mails.ts'
import { type Registration, registrationMark } from './registration.ts'
import { findAsked, markConfirmedIn, useRegistration } from './store.ts'

/**
 * The address of an account that is there already, confirmed with the parts of a registration: its row,
 * its limits and its code, and in place of a browser one interaction of one account.
 */
export function createSignInCodes(deps: AskDeps & { readonly key: KeyObject }): AddressCodes {
  const { db, key } = deps
  const markOf = ({ accountId, interaction }: CodeHolder) =>
    registrationMark(key, `sign-in ${interaction} ${accountId}`)
  const openOf = async (holder: CodeHolder): Promise<Registration | undefined> => {
    const asked = await findAsked(db, markOf(holder))
    return asked?.accountId ? undefined : asked
  }
  const tell =
    ({ accountId }: CodeHolder, { username, number }: Pick<HolderFacts, 'username' | 'number'>) =>
    (tx: Transaction, { id, email: to }: Pick<Registration, 'id' | 'email'>) => {
      const facts = { username, number }
      return queueMail(tx, {
        words: signInCodeMail,
        to,
        accountId,
        facts,
        about: { registration: id },
      })
    }

  return {
    find: openOf,

    ask: (holder, { email, account, address }) =>
      startRegistration(
        deps,
        { email, browserMark: markOf(holder), clientId: undefined, address },
        tell(holder, account),
      ),

    async sendAgain(holder, { account, address }) {
      const asked = await openOf(holder)
      if (!asked) return refused('over', {})
      return sendAgain(deps, asked, address, tell(holder, account))
    },

    async confirm(holder, code, by) {
      const asked = await openOf(holder)
      if (!asked) return refused('over', {})
      const { accountId } = holder
      const mark = markOf(holder)
      return confirmByCode(deps, asked, mark, code, async (tx) => {
        const stand = await lockSignInStand(tx, accountId)
        if (!stand || !isSignInGood(stand, holder.stand)) return false
        const before = await lockAddress(tx, accountId)
        if (!before || !may(before, 'be-written-to')) return false
        if (!(await markConfirmedIn(tx, asked.id, mark))) return false
        if (!(await useRegistration(tx, asked.id, mark, accountId))) return false
        // Confirmed in another tab meanwhile: that one is the account's.
        if (before.isEmailVerified) return true
        // Another one was asked for on the account page: the newer wish counts.
        await withdrawEmailChange(tx, accountId, by)
        await takeAddress(tx, { accountId, before, email: asked.email, change: asked.id }, by)
        return true
      })
    },
  }
}
