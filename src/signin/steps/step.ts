import { findFacts, type PersonFacts } from '../../efiling/facts.ts'
import { type Outcome, ok } from '../../outcome.ts'
import type { EnginePrompt, Progress } from '../interaction.ts'
import type { Visit } from '../visit.ts'
import type { Situation } from './situation.ts'

/** The page of a step, with its status. */
export type Shown = {
  readonly status: number
  readonly page: string
  readonly retryAfterSeconds?: number | undefined
}

/** What came of an answer: the person's progress, or the page once more with what is wrong. */
export type Taken = Outcome<
  {
    readonly progress: Progress
    /** Of whoever it is now, where they were read with the answer. */
    readonly facts?: PersonFacts | undefined
  },
  | { readonly reason: 'to-mend'; readonly again: Shown }
  /** The sign-ins of the account ended meanwhile: nothing was taken, and the password is asked for. */
  | { readonly reason: 'ended' }
>

/** One page between a court's request and its answer. A step knows no other step. */
type Pages = {
  readonly name: string
  /** Whether an answer is taken though the step is due no longer; absent means that it is not. */
  isOpen?(visit: Visit): boolean
  show(visit: Visit): Shown | Promise<Shown>
  take(visit: Visit, fields: Readonly<Record<string, string>>): Taken | Promise<Taken>
  /** What of this step need not be done again after a break, in words that follow "we keep". */
  kept?(progress: Progress): string | undefined
  /** What somebody reads who gives up at this step, with the way on; absent: the way on at once. */
  showGivenUp?(visit: Visit, goOnTo: string): Shown | Promise<Shown>
}

/** A step that OpenID Connect knows: the engine has a prompt for it and decides itself when to stop there. */
export type ProtocolStep = Pages & {
  readonly answers: EnginePrompt
  isDue(visit: Visit): boolean | Promise<boolean>
}

/** A step of ours: the engine stops for it as long as the step says that it is due. */
export type OwnStep = Pages & {
  readonly answers?: undefined
  isDue(about: Situation): boolean | Promise<boolean>
}

export type Step = ProtocolStep | OwnStep

export function isOwnStep(step: Step): step is OwnStep {
  return step.answers === undefined
}

/** The sign-in goes on although its account's sign-ins were ended: by its own person, in this very step. */
export function loginAt({ progress: { login } }: Visit, stand: number): Pick<Progress, 'login'> {
  return login ? { login: { ...login, stand } } : {}
}

/** What the account is by now, where a step has changed it. */
export function readFactsAgain({ deps, client, person }: Visit): Promise<PersonFacts | undefined> {
  if (!person) throw new Error('a step is due to nobody')
  const courtIds = client.courts.map(({ id }) => id)
  return findFacts(deps.db, person.accountId, courtIds, person.session?.uid)
}

export function done(visit: Visit, more: Progress): Taken {
  const accountId = visit.person?.accountId
  return ok({ progress: { ...visit.progress, ...(accountId && { accountId }), ...more } })
}
