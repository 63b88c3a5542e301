import type { Visit } from '../visit.ts'
import type { Situation } from './situation.ts'
import type { OwnStep, Taken } from './step.ts'
import { done } from './step.ts'

/** The forms of an upgrade, in their order. */
export const upgradeParts = ['person', 'address', 'security'] as const
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
): OwnStep {
  const name = nameOf(part)
  return {
    name,
    isDue: async (about) => !hasPassed(about, part) && (await isUpgrading(about)),
    kept: ({ seen }) => (seen?.includes(name) ? kept : undefined),
    ...pages,
  }
}

/** The form was filled in; the next one is due. */
export function partDone(visit: Visit, part: UpgradePart): Taken {
  return done(visit, { seen: [...(visit.progress.seen ?? []), nameOf(part)] })
}

function hasPassed({ progress }: Situation, part: UpgradePart): boolean {
  return progress.seen?.includes(nameOf(part)) === true
}

async function isUpgrading(about: Situation): Promise<boolean> {
  if (!about.progress.isUpgrading) return false
  const account = (await about.facts())?.account
  return account?.isUpgraded === false && account.type === 'individual'
}
