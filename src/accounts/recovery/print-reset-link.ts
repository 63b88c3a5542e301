import type { KeyObject } from 'node:crypto'
import type { AccountId } from '../../ids.ts'
import { mintLink } from '../../mail/one-use-link.ts'
import { resetPasswordPath } from '../../paths.ts'
import type { Transaction } from '../../storage/db.ts'
import { resetPurpose } from '../set-password.ts'
import { resetMinutes, standMark } from './recovery.ts'
import { findRecoverable } from './store.ts'

/**
 * Makes a link by which the password of an account is chosen, as forgotten ones are: for an operator who
 * hands it over. Whoever uses it confirms the account, since the operator vouches for the address.
 * @returns its path.
 */
export async function printResetLink(
  tx: Transaction,
  key: KeyObject,
  accountId: AccountId,
): Promise<string> {
  const account = await findRecoverable(tx, accountId)
  if (!account) throw new Error(`there is no account ${accountId}`)
  const token = await mintLink(tx, key, {
    purpose: resetPurpose,
    accountId,
    about: { stands: standMark(key, account) },
    lifeMinutes: resetMinutes,
  })
  return resetPasswordPath(token)
}
