import type { PersonFacts } from '../../efiling/facts.ts'
import type { Visit } from '../visit.ts'
import { hasSeen, type Remembered, type Situation } from './situation.ts'
import { done, type OwnStep } from './step.ts'

/** A notice that is read and left with one button. */
export function noticeStep(notice: {
  readonly name: string
  readonly remembered: Remembered
  /** What was read, in words that follow "we keep". */
  readonly kept: string
  /** Whether the facts of the person give a reason for it. */
  isAbout(facts: PersonFacts): boolean
  page(visit: Visit, facts: PersonFacts): string | Promise<string>
}): OwnStep {
  const { name, remembered } = notice
  return {
    name,
    async isDue(about) {
      if (!actsForCourts(about) || hasSeen(about, name, remembered)) return false
      const facts = await about.facts()
      return facts !== undefined && notice.isAbout(facts)
    },
    kept: ({ seen }) => (seen?.includes(name) ? notice.kept : undefined),
    async show(visit) {
      return { status: 200, page: await notice.page(visit, await factsOf(visit)) }
    },
    take: (visit) => done(visit, { seen: [...(visit.progress.seen ?? []), name] }),
  }
}

/** Whether the client acts for certain courts; our own page and national software act for no one court. */
export function actsForCourts({ client }: Pick<Situation, 'client'>): boolean {
  return client.kind !== 'portal' && client.kind !== 'national'
}

/** The facts of a person whose step is due: there are some, else it would not be. */
export async function factsOf(visit: Visit): Promise<PersonFacts> {
  const facts = await visit.facts()
  if (!facts) throw new Error('a notice is due to nobody')
  return facts
}
