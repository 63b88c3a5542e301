import { byAccount, type Origin } from '../../audit/by.ts'
import { recordEvents } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import { type AccountId, newAccountId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Checked, type HasProblems, hasProblems, type Problem, wrong } from '../../problem.ts'
import type { Sealing } from '../../signing/sealed-field.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import { allocateNumber } from '../allocate-number.ts'
import { birthDateMark, sealBirthDate } from '../birth-date.ts'
import { checkChosenPassword } from '../check-new-password.ts'
import { accountSaved, rulesAccepted } from '../events.ts'
import type { Passwords } from '../password.ts'
import type { PasswordPolicy } from '../password-policy.ts'
import { usernameTaken } from '../person/username.ts'
import { reviewTwins } from '../review-twins.ts'
import { tellHolder } from '../tell-holder.ts'
import { isSame, type Likeness, listTwins, lockTwins, type Twin } from '../twins.ts'
import type { CanonicalUsername } from '../username.ts'
import { fieldOrder, type RegistrationForm } from './form.ts'
import { twinMail, welcomeMail } from './mails.ts'
import type { Registration } from './registration.ts'
import { insertRegistered, isUsernameTaken, useRegistration } from './store.ts'

export type RegisterDeps = {
  readonly db: Database
  readonly passwords: Pick<Passwords, 'hash'>
  readonly policy: PasswordPolicy
  readonly sealing: Sealing
  /** Wrong passwords that were typed with the username while it was nobody's are no guesses at the account. */
  forgetFailuresBefore(tx: Transaction, username: CanonicalUsername): Promise<void>
}

/** What the form was sent with. */
export type Applicant = {
  readonly registration: Registration
  /** Of the browser that confirmed the address. */
  readonly mark: string
  readonly form: Checked<RegistrationForm>
  /** What of the form is read of the password's strength, whether or not the rest is right. */
  readonly ownWords: readonly string[]
  readonly password: string
  /** It was said that the account is wanted although there is one that is like it. */
  readonly isSecond: boolean
}

export type RegisterRefusal =
  | HasProblems
  /** An account has two of name, date of birth and address; nothing more is said of it. */
  | { readonly reason: 'like-another' }
  /** Somebody else was faster, in this browser, or it is over. */
  | { readonly reason: 'over' }

/** So often another number is tried where two transactions took the same at one moment. */
const mostNumbers = 5

/**
 * Makes the account of a registration, once: number, account, event, hold, mails and the registration's
 * end are one transaction.
 * @throws UnavailableError when the password cannot be looked at or hashed now.
 */
export async function registerAccount(
  deps: RegisterDeps,
  applicant: Applicant,
  origin: Origin,
): Promise<Outcome<AccountId, RegisterRefusal>> {
  const checked = await checkAll(deps, applicant)
  if (!checked.ok) return checked
  const { form, password } = checked.value
  const like: Likeness = {
    ...form.name,
    birthDateMark: birthDateMark(deps.sealing, form.birthDate),
    emailCanonical: applicant.registration.emailCanonical,
  }
  if (needsWord(await listTwins(deps.db, like), applicant)) return refused('like-another', {})
  const passwordHash = await deps.passwords.hash(password)

  for (let attempt = 1; ; attempt += 1) {
    const made = await inTransaction(deps.db, (tx) =>
      make(tx, deps, { ...applicant, form, like, passwordHash }, origin),
    )
    if (made.ok || made.reason === 'over' || made.reason === 'like-another') return made
    if (made.reason === 'username-taken') return wrong('username', usernameTaken)
    if (attempt === mostNumbers) throw new Error('no account number could be had')
  }
}

async function checkAll(
  { db, policy }: RegisterDeps,
  { form, ownWords, password }: Applicant,
): Promise<Checked<{ form: RegistrationForm; password: string }>> {
  const problems = form.ok ? [] : [...form.problems]
  if (form.ok && (await isUsernameTaken(db, form.value.username.usernameCanonical))) {
    problems.push({ path: ['username'], message: usernameTaken })
  }
  const chosen = await checkChosenPassword(policy, password, ownWords)
  if (!chosen.ok) problems.push(...chosen.problems)
  return form.ok && chosen.ok && problems.length === 0
    ? ok({ form: form.value, password: chosen.value })
    : hasProblems(inPageOrder(problems))
}

function inPageOrder(problems: readonly Problem[]): Problem[] {
  const place = ({ path: [field] }: Problem) => fieldOrder.indexOf(String(field))
  return problems.toSorted((one, other) => place(one) - place(other))
}

/** Two things in common are a question to the person, three are one to whoever reviews. */
function needsWord(twins: readonly Twin[], { isSecond }: Pick<Applicant, 'isSecond'>): boolean {
  return twins.length > 0 && !twins.some(isSame) && !isSecond
}

async function make(
  tx: Transaction,
  { sealing, forgetFailuresBefore }: Omit<RegisterDeps, 'db'>,
  applicant: Omit<Applicant, 'form'> & {
    form: RegistrationForm
    like: Likeness
    passwordHash: string
  },
  origin: Origin,
) {
  const { registration, mark, form, like, passwordHash } = applicant
  const { email, emailCanonical } = registration
  const id = newAccountId()
  const by = byAccount(id, origin)
  if (!(await useRegistration(tx, registration.id, mark, id))) return refused('over', {})
  await lockTwins(tx, like)
  const twins = await listTwins(tx, like)
  if (needsWord(twins, applicant)) return refused('like-another', {})
  const number = await allocateNumber(tx)
  const at = now()
  const inserted = await insertRegistered(tx, {
    id,
    number,
    type: 'individual',
    userType: form.userType,
    isUpgraded: true,
    ...form.username,
    passwordHash,
    passwordChangedAt: at,
    ...form.name,
    email,
    emailCanonical,
    isEmailVerified: true,
    ...sealBirthDate(sealing, id, form.birthDate),
    phone: form.phone,
    address: { ...form.address, lines: [...form.address.lines] },
    barNumbers: form.barNumbers.map((each) => ({ ...each })),
    searchStatus: 'active',
    searchUsedAt: at,
    rulesVersion: form.rules,
    rulesAcceptedAt: at,
    createdAt: at,
  })
  if (!inserted.ok) return refused(inserted.reason, {})
  await forgetFailuresBefore(tx, form.username.usernameCanonical)
  await recordEvents(tx, [
    accountSaved({ accountId: id, change: 'registered', fields: [], by }),
    rulesAccepted({ accountId: id, version: form.rules, by }),
  ])
  const { username } = form.username
  await tellHolder(tx, { id, to: email, username, number }, welcomeMail, {})
  const others = twins.filter(isSame).map((twin) => twin.accountId)
  if (others.length > 0) await reviewTwins(tx, { accountId: id, others, words: twinMail }, by)
  return ok(id)
}
