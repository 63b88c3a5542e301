import { type Checked, wrong } from '../problem.ts'
import type { AccountFacts } from './account.ts'
import { type PasswordPolicy, passwordProblemWords } from './password-policy.ts'

/** A new password, typed twice: where no script shows it, nobody else sees a slip. */
export type TypedPassword = { readonly password: string; readonly again: string }

type Owner = Pick<AccountFacts, 'givenName' | 'familyName' | 'username' | 'email' | 'number'>

/** What of an account is tried first by whoever guesses its password. */
export function ownWordsOf(owner: Owner): readonly (string | null)[] {
  const { givenName, familyName, username, email, number } = owner
  return [givenName, familyName, username, email, number]
}

/**
 * Looks at a password that somebody chooses.
 * @param words the person's own.
 * @returns its normal form, as it is to be hashed; or what is wrong, under the field `password`.
 * @throws UnavailableError when it cannot be looked at now.
 */
export async function checkChosenPassword(
  policy: PasswordPolicy,
  password: string,
  words: readonly (string | null | undefined)[],
): Promise<Checked<string>> {
  if (password === '') return wrong('password', 'Choose a password')
  const checked = await policy.check(password, { words })
  return checked.ok ? checked : wrong('password', passwordProblemWords[checked.reason])
}

/**
 * Looks at a new password of an account as it was typed.
 * @param present the one before, where it was typed too.
 * @returns as `checkChosenPassword`; what is wrong can be under the field `again`, too.
 * @throws UnavailableError when it cannot be looked at now.
 */
export async function checkNewPassword(
  policy: PasswordPolicy,
  { password, again }: TypedPassword,
  owner: Owner,
  present?: string,
): Promise<Checked<string>> {
  if (password.normalize('NFC') !== again.normalize('NFC')) {
    return wrong('again', 'Type the new password the same way twice: these two are different')
  }
  const checked = await checkChosenPassword(policy, password, ownWordsOf(owner))
  if (checked.ok && checked.value === present?.normalize('NFC')) {
    return wrong('password', 'Choose a password that is not your present one')
  }
  return checked
}
