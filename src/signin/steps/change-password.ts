import { z } from 'zod'
import { changePassword } from '../../accounts/change-password.ts'
import { checkNewPassword } from '../../accounts/check-new-password.ts'
import { passwordHint, passwordRules } from '../../accounts/password-policy.ts'
import { findPassword, type StoredPasswordRow } from '../../accounts/store.ts'
import { byAccount } from '../../audit/by.ts'
import { UnavailableError } from '../../errors.ts'
import { checkFields, requiredSecret } from '../../http/form-kit.ts'
import { ok, refused } from '../../outcome.ts'
import { askedBy } from '../asked-by.ts'
import { confirmPassword } from '../confirm-password.ts'
import { changePasswordStepPage } from '../pages.ts'
import { refusalAnswer } from '../refusal-answer.ts'
import { type DescribedProblem, describeProblem } from '../sign-in-problem.ts'
import { formOf, originOf, type Visit } from '../visit.ts'
import { factsOf } from './notice-step.ts'
import { done, loginAt, type OwnStep, readFactsAgain, type Shown, type Taken } from './step.ts'

const name = 'change-password'

const twice = z.object({
  password: requiredSecret('Enter the new password'),
  again: requiredSecret('Enter the new password once more'),
})
const withPresent = z.object({
  current: requiredSecret('Enter your present password'),
  ...twice.shape,
})
const secrets = ['current', 'password', 'again']

/**
 * Asks for a new password where one is due, for a reason that its holder was told by mail. What was typed a
 * moment ago is not asked for again; who is signed in from before proves the present password, too. The new
 * one holds at once, whatever becomes of this sign-in, which goes on to the court.
 */
export const changePasswordStep: OwnStep = {
  name,
  async isDue(about) {
    if (about.progress.seen?.includes(name)) return false
    return (await about.facts())?.account.mustChangePassword ?? false
  },
  kept: ({ seen }) => (seen?.includes(name) ? 'your new password' : undefined),
  show: async (visit) => render(visit, 200, asksForPresent(visit, await storedOf(visit))),
  async take(visit, fields) {
    const stored = await storedOf(visit)
    const asksPresent = asksForPresent(visit, stored)
    const again = async (status: number, problem: DescribedProblem) =>
      refused('to-mend', { again: await render(visit, status, asksPresent, problem) })
    const typed = checkFields(asksPresent ? withPresent : twice, fields, secrets)
    if (!typed.ok) return again(422, { ...toMend, problems: typed.problems })
    try {
      return await change(visit, stored, typed.value, again)
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error
      const { retryAfterSeconds } = error
      return again(503, describeProblem({ kind: 'busy', retryAfterSeconds }))
    }
  },
}

const toMend = {
  heading: 'Your password was not changed',
  text: 'Correct what is listed here, and type the passwords again.',
}

type Again = (status: number, problem: DescribedProblem) => Promise<Taken>

async function change(
  visit: Visit,
  stored: StoredPasswordRow,
  { current, ...typed }: z.output<typeof twice> & { current?: string },
  again: Again,
): Promise<Taken> {
  const { deps, ctx, person, client } = visit
  const { account } = await factsOf(visit)
  const checked = await checkNewPassword(deps.passwordPolicy, typed, account, current)
  if (!checked.ok) return again(422, { ...toMend, problems: checked.problems })
  let from = stored.hash ?? ''
  if (current === undefined) {
    const isPresent = (await deps.passwords.verify(checked.value, from)) !== 'mismatch'
    const message = 'Choose a password that is not your present one'
    if (isPresent) return again(422, { ...toMend, problems: [{ path: ['password'], message }] })
  } else {
    const about = { username: account.username, storedAs: from, clientId: client.id }
    const confirmed = await confirmPassword(deps, ctx, about, current)
    if (!confirmed.ok) {
      const { status, problem } = refusalAnswer(confirmed)
      return again(status, describeProblem(problem))
    }
    from = confirmed.value.passwordHash
  }
  const changed = await changePassword(
    deps,
    {
      accountId: account.id,
      from,
      to: checked.value,
      why: 'required',
      endsOthers: true,
      kept: person?.session?.uid,
    },
    byAccount(account.id, originOf(ctx)),
  )
  if (!changed.ok) return again(422, meanwhile)
  const seen = [...(visit.progress.seen ?? []), name]
  const passed = done(visit, { seen, ...loginAt(visit, changed.value) })
  return passed.ok ? ok({ ...passed.value, facts: await readFactsAgain(visit) }) : passed
}

const meanwhile = {
  ...toMend,
  text: 'It was changed in another window meanwhile. If you did that, cancel and sign in again with the new one.',
}

async function storedOf(visit: Visit): Promise<StoredPasswordRow> {
  const { account } = await factsOf(visit)
  return (await findPassword(visit.deps.db, account.id)) ?? { hash: null, changedAt: null }
}

/** Whether the password of now is not the one that was typed in this interaction. */
function asksForPresent({ progress }: Visit, { changedAt }: StoredPasswordRow): boolean {
  const { login } = progress
  return login === undefined || (changedAt !== null && changedAt.getTime() > login.at * 1000)
}

async function render(
  visit: Visit,
  status: number,
  asksPresent: boolean,
  problem?: DescribedProblem,
): Promise<Shown> {
  const { account } = await factsOf(visit)
  const page = changePasswordStepPage({
    ...formOf(visit, name),
    askedBy: askedBy(visit.client),
    username: account.username,
    asksForPresent: asksPresent,
    hint: passwordHint,
    rules: passwordRules,
    problem,
  })
  return { status, page }
}
