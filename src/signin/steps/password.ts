import { z } from 'zod'
import { displayName } from '../../accounts/account.ts'
import { epochSeconds } from '../../clock.ts'
import { findFacts } from '../../efiling/facts.ts'
import { UnavailableError } from '../../errors.ts'
import { checkFields, requiredSecret, requiredText } from '../../http/form-kit.ts'
import { ok, refused } from '../../outcome.ts'
import { recoverPath, registerPath } from '../../paths.ts'
import { askedBy } from '../asked-by.ts'
import { authenticate } from '../authenticate.ts'
import { type Again, signInPage } from '../pages.ts'
import { refusalAnswer } from '../refusal-answer.ts'
import type { SignInProblem } from '../sign-in-problem.ts'
import { addressOf, formOf, originOf, type Visit } from '../visit.ts'
import { actsForCourts } from './notice-step.ts'
import type { ProtocolStep, Shown } from './step.ts'

const credentials = z.object({
  username: requiredText('Enter your username'),
  password: requiredSecret('Enter your password'),
})

/** Username and password, for whoever has not proved anything yet or has to prove it again. */
export const password: ProtocolStep = {
  name: 'password',
  answers: 'login',
  isDue: ({ person }) => person === undefined,
  // Somebody else may have signed in in another tab since this form was shown. Whoever sends it wants to
  // be whom it names.
  isOpen: ({ progress }) => progress.login === undefined,

  kept: ({ login }) => (login ? 'your username and password' : undefined),

  async show(visit) {
    const username = visit.interaction.loginHint
    return render(visit, 200, { username, ...(visit.hasEnded && { problem: { kind: 'ended' } }) })
  },

  async take(visit, fields) {
    const username = fields['username']?.trim() ?? ''
    const again = async (status: number, problem: SignInProblem) =>
      refused('to-mend', { again: await render(visit, status, { username, problem }) })
    const typed = checkFields(credentials, fields, ['password'])
    if (!typed.ok) return again(422, { kind: 'missing-fields', problems: typed.problems })

    const { browserCookie } = visit.deps
    const { acr, amr } = visit.deps.password
    const by = originOf(visit.ctx)
    try {
      const outcome = await authenticate(visit.deps, typed.value, {
        ...by,
        address: by.ip,
        clientId: visit.client.id,
        browser: browserCookie.read(visit.ctx),
        // What comes next is decided from them.
        factsFor: actsForCourts(visit) ? visit.client.courts.map(({ id }) => id) : undefined,
      })
      if (outcome.ok) {
        const { accountId, browser, facts, signInStand: stand } = outcome.value
        browserCookie.write(visit.ctx, browser)
        const login = { accountId, acr, amr, at: epochSeconds(), stand }
        const { choice } = visit.interaction.progress
        return ok({ progress: { ...(choice && { choice }), accountId, login }, facts })
      }
      const { status, problem } = refusalAnswer(outcome)
      return again(status, problem)
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error
      return again(503, { kind: 'busy', retryAfterSeconds: error.retryAfterSeconds })
    }
  },
}

async function render(
  visit: Visit,
  status: number,
  state: { username?: string | undefined; problem?: SignInProblem },
): Promise<Shown> {
  const { session } = visit
  const again = await againOf(visit)
  const page = signInPage({
    ...formOf(visit, password.name),
    askedBy: askedBy(visit.client),
    again,
    registerAddress: registerPath(visit.client.id),
    // Somebody may sign in in another tab, and this page is needed no more.
    waitsAt: session || again ? undefined : addressOf(visit),
    username: state.username ?? (again?.isSamePerson ? again.username : undefined),
    recoverAddress: recoverPath(visit.client.id),
    problem: state.problem,
  })
  const { problem } = state
  return {
    status,
    page,
    ...(problem && 'retryAfterSeconds' in problem && problem),
  }
}

/** Why somebody who is signed in is asked for a password. */
async function againOf({ interaction, session, deps }: Visit): Promise<Again | undefined> {
  if (!session) return undefined
  const facts = await findFacts(deps.db, session.accountId, [], undefined)
  if (!facts) return undefined
  const { reasons } = interaction.stoppedBy
  const isAboutPerson =
    interaction.progress.choice === 'other' ||
    interaction.stoppedBy.name !== 'login' ||
    reasons.some(
      (reason) =>
        reason === 'subject' ||
        reason === 'id_token_hint' ||
        reason === 'claims_id_token_sub_value',
    )
  return {
    name: displayName(facts.account),
    username: facts.account.username,
    isSamePerson: !isAboutPerson,
    because: isAboutPerson
      ? 'other-person'
      : reasons.includes('max_age')
        ? 'long-ago'
        : 'asked-by-court',
  }
}
