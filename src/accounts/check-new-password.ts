import { ok } from '../outcome.ts'
import { type Checked, hasProblems } from '../problem.ts'
import type { AccountFacts } from './account.ts'
import { type PasswordPolicy, passwordProblemWords } from './password-policy.ts'

/** A new password, typed twice: where no script shows it, nobody else sees a slip. */
export type TypedPassword = { readonly password: string; readonly again: string }

type Owner = Pick<AccountFacts, 'givenName' | 'familyName' | 'username' | 'email' | 'number'>

/**
 * Looks at a new password of an account as it was typed.
 * @param present the one before, where it was typed too.
 * @returns its normal form, as it is to be hashed; or what is wrong, under the fields `password` and `again`.
 * @throws UnavailableError when it cannot be looked at now.
 */
export async function checkNewPassword(
  policy: PasswordPolicy,
  { password, again }: TypedPassword,
  owner: Owner,
  present?: string,
): Promise<Checked<string>> {
  const wrong = (field: keyof TypedPassword, message: string) =>
    hasProblems([{ path: [field], message }])
  if (password.normalize('NFC') !== again.normalize('NFC')) {
    return wrong('again', 'Type the new password the same way twice: these two are different')
  }
  const { givenName, familyName, username, email, number } = owner
  const words = [givenName, familyName, username, email, number]
  const checked = await policy.check(password, { words })
  if (!checked.ok) return wrong('password', passwordProblemWords[checked.reason])
  if (checked.value === present?.normalize('NFC')) {
    return wrong('password', 'Choose another password than the present one')
  }
  return ok(checked.value)
}
