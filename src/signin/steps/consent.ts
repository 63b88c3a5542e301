import { consentSentences } from '../consent-words.ts'
import { consentPage } from '../pages.ts'
import { formOf } from '../visit.ts'
import { done, type Step } from './step.ts'

/**
 * Software that is not a court's own asks the person first. In a session that has granted something
 * already the engine knows what is missing, and stops at its own prompt.
 */
export const consent: Step = {
  name: 'consent',
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
}
