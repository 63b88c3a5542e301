import type { KeyObject } from 'node:crypto'
import { type AccountId, keyedHash } from '../../ids.ts'
import type { SweepRule } from '../../jobs/sweep.ts'
import { type AccountState, may } from '../account-state.ts'
import { canonicalEmail, plainEmail } from '../email-address.ts'
import type { Held } from '../hold.ts'

/** The link for a new password holds so long after its mail was sent. Source: OWASP ASVS 5.0 6.4.3, W. */
export const resetMinutes = 30

/** What somebody does not know any more. */
export const recoveryKinds = ['usernames', 'password'] as const
export type RecoveryKind = (typeof recoveryKinds)[number]

/** A question after the way back, as it waits for its answer. */
export type Recovery = {
  readonly kind: RecoveryKind
  readonly typed: string
  /** The application whose sign-in page led here. */
  readonly clientId: string | null
  readonly ip: string | null
  readonly requestId: string | null
}

/** What the way back into an account is decided on. */
export type RecoverableAccount = {
  readonly id: AccountId
  readonly number: string
  readonly username: string
  readonly usernameCanonical: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly email: string | null
  readonly emailCanonical: string | null
  readonly isEmailVerified: boolean
  readonly passwordHash: string | null
  /** The one before, which somebody else knows. */
  readonly disownedPasswordHash: string | null
  readonly state: AccountState
  readonly held: Held | null
}

/**
 * The address that a new password is sent to; undefined where there is none that its holder has confirmed.
 * An account that nobody has confirmed yet is confirmed by the press on that link.
 */
export function mailboxOf(account: RecoverableAccount): string | undefined {
  const isTheirs = account.isEmailVerified || account.state === 'unconfirmed'
  return account.email && isTheirs && may(account, 'be-written-to') ? account.email : undefined
}

/** The account with its mailbox, where a new password can be chosen through that. */
export function isRecoverable(account: RecoverableAccount): boolean {
  return may(account, 'recover') && mailboxOf(account) !== undefined
}

/**
 * What a link for a new password is good for: this account with this mailbox and this password. Any newer
 * one of both makes it void, also of a link whose mail was late.
 */
export function standMark(key: KeyObject, account: RecoverableAccount): string {
  const { id, emailCanonical, passwordHash } = account
  return keyedHash(key, `recovery ${JSON.stringify([id, emailCanonical, passwordHash])}`)
}

/** What a question is counted under: the same name, or the same mailbox, in any spelling and with any tag. */
export function typedMark(key: KeyObject, typed: string): string {
  const plain = plainEmail(canonicalEmail(typed.normalize('NFKC').trim()))
  return keyedHash(key, `recovery typed ${plain}`)
}

/** A question that was not answered for so long is asked again. */
export const recoverySweep: SweepRule = {
  table: 'recoveries',
  key: 'id',
  isOver: `created_at < $1::timestamptz - interval '2 days'`,
}
