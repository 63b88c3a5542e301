import type { Client } from '../../clients/client.ts'
import type { PersonFacts } from '../../efiling/facts.ts'
import type { AccountId } from '../../ids.ts'
import type { BrowserSession, Progress } from '../interaction.ts'

/**
 * What decides whether a step of ours is due. Our pages ask with it, and the engine's policy asks the
 * same step once more when the interaction comes to its end.
 */
export type Situation = {
  readonly client: Pick<Client, 'id' | 'kind'>
  readonly progress: Progress
  /** The person of this interaction; undefined as long as nobody has proved to be anybody. */
  readonly person: Person | undefined
  /** The facts of the person for the courts of the client. */
  facts(): Promise<PersonFacts | undefined>
}

export type Person = {
  readonly accountId: AccountId
  /** The session that this person has already; a new one begins at the end where there is none. */
  readonly session: Pick<BrowserSession, 'hasSeen'> | undefined
  /** `auth_time`, in epoch seconds. */
  readonly signedInAt: number | undefined
}

/** How long it counts that somebody passed a step: for the sign-in, or for one client of that sign-in. */
export type Remembered = 'per-sign-in' | 'per-client'

/** Whether the person has passed the step, in this interaction or earlier in the same sign-in. */
export function hasSeen(
  { progress, person }: Situation,
  step: string,
  remembered: Remembered,
): boolean {
  if (progress.seen?.includes(step)) return true
  // After a new proof the session's own notes are of the sign-in before.
  if (progress.login !== undefined) return false
  return person?.session?.hasSeen(step, remembered) ?? false
}
