import type { Facts } from '../../efiling/facts.ts'
import type { Visit } from '../visit.ts'
import { isNoticeDue, type Notice } from './notices.ts'
import { done, type Step } from './step.ts'

/** Whether this notice is due to the person of the visit. */
export async function isDueHere(visit: Visit, notice: Notice): Promise<boolean> {
  const { person, progress, client } = visit
  if (!person || client.kind === 'portal' || client.kind === 'national') return false
  const facts = await visit.facts()
  if (!facts) return false
  return isNoticeDue(notice, {
    clientKind: client.kind,
    facts,
    signedInAt: person.signedInAt,
    hasSeen: (name) =>
      (progress.seen?.includes(name) ?? false) ||
      (name === 'redaction' && progress.redaction !== undefined) ||
      // After a new proof the session's own notes are of the sign-in before.
      (progress.login === undefined && (person.session?.hasSeen(name) ?? false)),
  })
}

/** A notice that is read and left with one button. */
export function noticeStep(notice: Notice, page: (visit: Visit, facts: Facts) => string): Step {
  return {
    name: notice,
    isDue: (visit) => isDueHere(visit, notice),
    async show(visit) {
      return { status: 200, page: page(visit, await factsOf(visit)) }
    },
    take: (visit) => done(visit, { seen: [...(visit.progress.seen ?? []), notice] }),
  }
}

/** The facts of a person whose step is due: there are some, else it would not be. */
export async function factsOf(visit: Visit): Promise<Facts> {
  const facts = await visit.facts()
  if (!facts) throw new Error('a notice is due to nobody')
  return facts
}
