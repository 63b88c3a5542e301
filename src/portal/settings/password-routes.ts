import Router from '@koa/router'
import { z } from 'zod'
import { type ChangePasswordDeps, changePassword } from '../../accounts/change-password.ts'
import { checkNewPassword } from '../../accounts/check-new-password.ts'
import type { PasswordPolicy } from '../../accounts/password-policy.ts'
import { findPassword } from '../../accounts/store.ts'
import { byAccount } from '../../audit/by.ts'
import { portalClientId } from '../../clients/client.ts'
import { UnavailableError } from '../../errors.ts'
import { type FormOf, type Posted, requiredSecret } from '../../http/form-kit.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { paths } from '../../paths.ts'
import { countSessionsOf } from '../../sessions/session-store.ts'
import { type ConfirmDeps, confirmPassword } from '../../signin/confirm-password.ts'
import { refusalAnswer } from '../../signin/refusal-answer.ts'
import { describeProblem, type SignInProblem } from '../../signin/sign-in-problem.ts'
import { dayAndTime } from '../../time-in-words.ts'
import { isJustNow } from '../just-now.ts'
import type { AfterForm, PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { type PasswordPageProblem, passwordContent } from './password-page.ts'

export type PasswordRouteDeps = ChangePasswordDeps &
  ConfirmDeps & {
    readonly portal: PortalGate
    readonly passwordPolicy: PasswordPolicy
  }

const form = {
  name: 'change-password',
  page: paths.changePassword,
  schema: z.object({
    current: requiredSecret('Enter your present password'),
    password: requiredSecret('Enter the new password'),
    again: requiredSecret('Enter the new password once more'),
    elsewhere: z.string().optional(),
    was: z.string().default(''),
  }),
  keeps: [],
  secrets: ['current', 'password', 'again'],
} satisfies FormOf<z.ZodType>

type Typed = z.output<typeof form.schema>

/** *Change password*: with the present one, in a sign-in of a moment ago. */
export function passwordRoutes(deps: PasswordRouteDeps): Router {
  const router = new Router()
  const { portal } = deps
  const isFresh = true

  router.get(
    paths.changePassword,
    portal.page((visit) => show(deps, visit), { isFresh }),
  )
  router.post(
    paths.changePassword,
    portal.form(form, (visit, posted) => take(deps, visit, posted), { isFresh }),
  )
  return router
}

/** @param again what was wrong, where the page is shown because of a problem. */
async function show(
  { db }: PasswordRouteDeps,
  visit: PortalVisit,
  again?: { problem: PasswordPageProblem; endsOthers: boolean },
): Promise<PortalAnswer> {
  const { account, ctx } = visit
  const { hash, changedAt } = (await findPassword(db, account.id)) ?? {}
  // Anybody can write an address that says so; it is said where it is true.
  const isDone = !again && isJustNow(changedAt) && ctx.query['changed'] !== undefined
  return passwordContent({
    action: paths.changePassword,
    csrf: visit.tokenFor(form),
    was: markOf(visit, hash),
    username: account.username,
    endsOthers: again?.endsOthers ?? true,
    isDue: account.mustChangePassword,
    lastChangeAt: changedAt ?? undefined,
    isDone: isDone
      ? { isSignedInElsewhere: (await countSessionsOf(db, account.id)) > 1 }
      : undefined,
    problem: again?.problem,
  })
}

async function take(
  deps: PasswordRouteDeps,
  visit: PortalVisit,
  posted: Posted<Typed>,
): Promise<AfterForm> {
  const endsOthers = !posted.ok || posted.value.elsewhere === 'yes'
  const again = async (status: number, problem: PasswordPageProblem): Promise<AfterForm> => ({
    ...(await show(deps, visit, { problem, endsOthers })),
    status,
  })
  if (!posted.ok) {
    return again(422, { ...notChanged, problems: posted.problems })
  }
  try {
    return await change(deps, visit, { ...posted.value, endsOthers }, again)
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    const { retryAfterSeconds } = error
    return again(503, refusal(visit, { kind: 'busy', retryAfterSeconds }))
  }
}

const notChanged = {
  heading: 'Your password was not changed',
  text: 'Correct what is listed here, and type all three passwords again.',
} as const

async function change(
  deps: PasswordRouteDeps,
  visit: PortalVisit,
  { current, password, again: repeated, was, endsOthers }: Typed & { endsOthers: boolean },
  again: (status: number, problem: PasswordPageProblem) => Promise<AfterForm>,
): Promise<AfterForm> {
  const { account, ctx, isStaff, session } = visit
  const twice = { password, again: repeated }
  const checked = await checkNewPassword(deps.passwordPolicy, twice, account, current)
  if (!checked.ok) return again(422, { ...notChanged, problems: checked.problems })

  const notThisOne = async () => again(422, await whatHappened(deps, visit))
  const { hash } = (await findPassword(deps.db, account.id)) ?? {}
  const storedAs = hash ?? ''
  if (was !== markOf(visit, storedAs)) return notThisOne()
  const about = { username: account.username, storedAs, clientId: portalClientId }
  const confirmed = await confirmPassword(deps, ctx, about, current)
  if (!confirmed.ok) {
    if ('isStale' in confirmed) return notThisOne()
    const { status, problem } = refusalAnswer(confirmed)
    if (problem.kind === 'wrong-credentials' || problem.kind === 'last-free-try') {
      const message = wrongWords[problem.kind]
      return again(422, { ...notChanged, problems: [{ path: ['current'], message }] })
    }
    return again(status, refusal(visit, problem))
  }
  if (endsOthers) await session.renew(isStaff)
  const set = await changePassword(
    deps,
    {
      accountId: account.id,
      from: confirmed.value.passwordHash,
      to: checked.value,
      why: 'changed',
      endsOthers,
      kept: session.uid,
    },
    byAccount(account.id, requestOrigin(ctx)),
  )
  return set.ok ? changed : notThisOne()
}

/**
 * Another form came first. Whether it had the same new password is not compared: that would be a guess at the
 * present one that nobody counts.
 */
async function whatHappened(
  { db }: PasswordRouteDeps,
  { account }: PortalVisit,
): Promise<PasswordPageProblem> {
  const { changedAt } = (await findPassword(db, account.id)) ?? {}
  if (!changedAt || !isJustNow(changedAt)) return outdated
  return {
    heading: `Your password was changed on ${dayAndTime(changedAt)}`,
    text: 'If you have sent this form twice, that was the first time, and all is done: use the password that you chose. If it was changed in another window, what you have typed here was not taken. If it was not you, choose a new password by e-mail now.',
    help: 'If you cannot read messages at your e-mail address, call the PACER Service Center',
  }
}

/** Which password the page was made for: of two that are sent at once the second one is no guess. */
function markOf(visit: PortalVisit, hash: string | null | undefined): string {
  return visit.tokenFor({ name: `password ${hash ?? ''}` })
}

const outdated = {
  ...notChanged,
  text: 'Something about your account was changed since this page was opened. Type all three passwords again.',
}

const changed = { to: `${paths.changePassword}?changed` } as const

const wrongWords = {
  'wrong-credentials':
    'Type your present password again: this is not it. Capital and small letters make a difference',
  'last-free-try':
    'Type your present password again: this is not it. One more wrong one, and the account is paused for 30 seconds',
} as const

/** What stops it beside a wrong password, in the words of the sign-in page. */
function refusal({ ctx }: PortalVisit, problem: SignInProblem): PasswordPageProblem {
  if ('retryAfterSeconds' in problem) ctx.set('Retry-After', String(problem.retryAfterSeconds))
  const { text, help } = describeProblem(problem)
  return { heading: notChanged.heading, text, help }
}
