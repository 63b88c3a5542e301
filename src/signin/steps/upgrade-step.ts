import type { AccountFacts } from '../../accounts/account.ts'
import type { PersonFacts } from '../../efiling/facts.ts'
import { ok } from '../../outcome.ts'
import type { Problem } from '../../problem.ts'
import type { Visit } from '../visit.ts'
import type { Situation } from './situation.ts'
import type { OwnStep, Taken } from './step.ts'
import { done, loginAt } from './step.ts'

/** The forms of an upgrade, in their order; the first one for an account without a confirmed address. */
export const upgradeParts = ['email', 'person', 'address', 'security'] as const
export type UpgradePart = (typeof upgradeParts)[number]

const nameOf = (part: UpgradePart) => `upgrade-${part}`

/**
 * One form of an upgrade. What it asks is stored at once, so that an upgrade that is broken off, or takes
 * long, begins where it was left.
 */
export function upgradeStep(
  part: UpgradePart,
  kept: string | undefined,
  pages: Pick<OwnStep, 'show' | 'take'>,
  isNeeded: (account: AccountFacts) => boolean = () => true,
): OwnStep {
  const name = nameOf(part)
  return {
    name,
    isDue: async (about) => !hasPassed(about, part) && (await isUpgrading(about, isNeeded)),
    kept: ({ seen }) => (seen?.includes(name) ? kept : undefined),
    ...pages,
  }
}

/**
 * The form was filled in; the next one is due.
 * @param changed the facts of the account, where it is another one by now, and its stand, where the form
 *   ended its sign-ins: this one goes on.
 */
export function partDone(
  visit: Visit,
  part: UpgradePart,
  changed: { readonly facts?: PersonFacts | undefined; readonly stand?: number } = {},
): Taken {
  const { facts, stand } = changed
  const seen = [...(visit.progress.seen ?? []), nameOf(part)]
  const passed = done(visit, { seen, ...(stand !== undefined && loginAt(visit, stand)) })
  return passed.ok && facts ? ok({ ...passed.value, facts }) : passed
}

/** Whether mail about the account reaches its holder, so that a forgotten password is none to worry about. */
export function hasConfirmedEmail({ email, isEmailVerified }: AccountFacts): boolean {
  return email !== null && isEmailVerified
}

/** What was stored before is there, and this can be sent again. */
export const busy: Problem = {
  path: [],
  message: 'Too many people are signing in at the moment. Wait a few seconds, and send this again.',
}

/** Which part of how many a form is, for this holder. */
export function placeOf(visit: Visit, account: AccountFacts, part: UpgradePart) {
  const asksEmail = hasPassed(visit, 'email') || !hasConfirmedEmail(account)
  const asked = upgradeParts.filter((each) => each !== 'email' || asksEmail)
  return { part: asked.indexOf(part) + 1, parts: asked.length }
}

function hasPassed({ progress }: Pick<Situation, 'progress'>, part: UpgradePart): boolean {
  return progress.seen?.includes(nameOf(part)) === true
}

async function isUpgrading(
  about: Situation,
  isNeeded: (account: AccountFacts) => boolean,
): Promise<boolean> {
  if (!about.progress.isUpgrading) return false
  const account = (await about.facts())?.account
  return account?.isUpgraded === false && account.type === 'individual' && isNeeded(account)
}
