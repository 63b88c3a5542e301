import { displayName } from '../../accounts/account.ts'
import { findFacts } from '../../efiling/facts.ts'
import { requestOf } from '../../http/request-context.ts'
import { consentSentences } from '../consent-words.ts'
import { consentPage, deniedPage } from '../pages.ts'
import { formOf } from '../visit.ts'
import { done, type ProtocolStep } from './step.ts'

/**
 * Software that is not a court's own asks the person first. In a session that has granted something
 * already the engine knows what is missing, and stops at its own prompt.
 */
export const consent: ProtocolStep = {
  name: 'consent',
  answers: 'consent',
  isDue: ({ client, interaction, person, progress }) =>
    client.kind === 'vendor' &&
    person !== undefined &&
    !progress.hasConsented &&
    (person.session === undefined ||
      interaction.stoppedBy.name === 'consent' ||
      interaction.prompts.includes('consent')),
  show(visit) {
    const { client, interaction } = visit
    const page = consentPage({
      ...formOf(visit, consent.name),
      client: { name: client.name },
      courts: client.courts.map(({ name }) => ({ name })),
      wants: consentSentences(interaction.wants),
      canStayConnected: interaction.scopes.includes('offline_access'),
    })
    return { status: 200, page }
  },
  take: (visit) => done(visit, { hasConsented: true }),
  async showGivenUp({ ctx, deps, client: { name }, session }, goOnTo) {
    // Who gives up is not signed in by it, and whoever was signed in before still is.
    const facts = session && (await findFacts(deps.db, session.accountId, [], undefined))
    const page = deniedPage({
      nonce: requestOf(ctx).nonce,
      client: { name },
      signedInAs: facts && {
        name: displayName(facts.account),
        username: facts.account.username,
      },
      goOnTo,
    })
    return { status: 200, page }
  },
}
