import { displayName } from '../../accounts/account.ts'
import { findFacts } from '../../efiling/facts.ts'
import { ok } from '../../outcome.ts'
import { askedBy } from '../asked-by.ts'
import { selectAccountPage } from '../pages.ts'
import { formOf, type Visit } from '../visit.ts'
import type { ProtocolStep } from './step.ts'

/** Names who is signed in, where the client asks which account it is to be. OpenID Connect Core 3.1.2.1. */
export const selectAccount: ProtocolStep = {
  name: 'select-account',
  answers: 'select_account',
  isDue: ({ interaction, progress, session }) =>
    interaction.prompts.includes('select_account') &&
    session !== undefined &&
    progress.login === undefined &&
    progress.choice === undefined,
  async show(visit) {
    return { status: 200, page: await render(visit) }
  },
  take(visit, fields) {
    const choice = fields['choice'] === 'other' ? 'other' : 'same'
    const accountId = visit.session?.accountId
    return ok({ progress: { ...(accountId && { accountId }), choice } })
  },
}

async function render(visit: Visit): Promise<string> {
  const { session, deps } = visit
  const facts = session && (await findFacts(deps.db, session.accountId, [], undefined))
  return selectAccountPage({
    ...formOf(visit, selectAccount.name),
    askedBy: askedBy(visit.client),
    person: {
      name: facts ? displayName(facts.account) : '',
      username: facts?.account.username ?? '',
    },
  })
}
