import { checkChosenPassword, ownWordsOf } from '../../accounts/check-new-password.ts'
import { endOtherSignIns } from '../../accounts/end-sign-ins.ts'
import { readUsername, usernameTaken } from '../../accounts/person/username.ts'
import { getSignInStand } from '../../accounts/sign-in-stand.ts'
import { upgradeAccount } from '../../accounts/upgrade-account.ts'
import { tooManyUsernames } from '../../accounts/username-tries.ts'
import type { PersonFacts } from '../../efiling/facts.ts'
import { UnavailableError } from '../../errors.ts'
import { typedIn } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok, refused } from '../../outcome.ts'
import { type Problem, together } from '../../problem.ts'
import { writeInSignIn } from '../ended-sign-in.ts'
import { forgetFailuresBefore } from '../unlock-account.ts'
import { upgradeSecurityPage } from '../upgrade-pages.ts'
import { formOf, type Visit } from '../visit.ts'
import { factsOf } from './notice-step.ts'
import { readFactsAgain, type Taken } from './step.ts'
import { busy, partDone, placeOf, upgradeStep } from './upgrade-step.ts'

const form = { keeps: ['username'] }

/** How one signs in from now on: the last form of an upgrade, and the upgrade itself. */
export const upgradeSecurity = upgradeStep('security', undefined, {
  show: async (visit) => ({ status: 200, page: await render(visit) }),
  async take(visit, fields) {
    const again = async (
      status: number,
      problems: readonly Problem[],
      retryAfterSeconds?: number,
    ): Promise<Taken> => {
      const page = await render(visit, { fields, problems })
      return refused('to-mend', { again: { status, page, retryAfterSeconds } })
    }
    try {
      const facts = await factsOf(visit)
      const read = await readSecurity(visit, facts, fields)
      if (!read.ok) return again(422, read.problems)
      const waitSeconds = await visit.deps.usernameTries.count(facts.account.id)
      if (waitSeconds !== undefined) {
        return again(429, [tooManyUsernames(waitSeconds)], waitSeconds)
      }
      const upgraded = await upgrade(visit, read.value)
      if (!upgraded.ok && upgraded.reason === 'username-taken') {
        return again(422, [{ path: ['username'], message: usernameTaken }])
      }
      // Upgraded by now, in another tab, or not in one's hands any more: what is stored says what follows.
      if (!upgraded.ok) return refused('ended', {})
      const changed = { facts: await readFactsAgain(visit), stand: upgraded.value }
      return partDone(visit, 'security', changed)
    } catch (error) {
      // Too many passwords are looked at: what was stored before is there, and this can be sent again.
      if (!(error instanceof UnavailableError)) throw error
      return again(503, [busy])
    }
  },
})

async function readSecurity({ deps }: Visit, { account }: PersonFacts, fields: Fields) {
  const confirmedEmail = account.isEmailVerified ? (account.email ?? '') : ''
  const words = [...ownWordsOf(account), fields['username']]
  return together({
    username: readUsername(fields, confirmedEmail),
    password: await checkChosenPassword(deps.passwordPolicy, fields['password'] ?? '', words),
  })
}

/**
 * One act: the account is upgraded, whoever else is signed in with it is not any more, and both are on record.
 * @returns the stand of the account that this sign-in goes on at.
 */
async function upgrade(
  visit: Visit,
  chosen: { username: Parameters<typeof upgradeAccount>[1]['username']; password: string },
) {
  const { deps, session } = visit
  const hash = await deps.passwords.hash(chosen.password)
  return writeInSignIn(visit, async (tx, accountId, by) => {
    const about = { accountId, username: chosen.username, hash }
    const upgraded = await upgradeAccount(tx, about, by)
    if (!upgraded.ok) return upgraded
    await forgetFailuresBefore(deps.identifierKey)(tx, chosen.username.usernameCanonical)
    // The session of this browser, if there is one, is the one that this sign-in goes on with.
    await endOtherSignIns(tx, deps, { id: accountId, kept: session?.uid ?? '' }, by)
    return ok(await getSignInStand(tx, accountId))
  })
}

async function render(
  visit: Visit,
  again?: { fields: Fields; problems: readonly Problem[] },
): Promise<string> {
  const { account } = await factsOf(visit)
  return upgradeSecurityPage({
    ...formOf(visit, 'upgrade-security'),
    ...placeOf(visit, account, 'security'),
    oldUsername: account.username,
    typed: again ? typedIn(form, again.fields) : {},
    problems: again?.problems ?? [],
  })
}
