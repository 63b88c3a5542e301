import type { Progress } from '../interaction.ts'
import type { Visit } from '../visit.ts'

/** The page of a step, with its status. */
export type Shown = {
  readonly status: number
  readonly page: string
  readonly retryAfterSeconds?: number | undefined
}

/** What came of an answer: the person's progress, or the page once more with what is wrong. */
export type Taken =
  | { readonly ok: true; readonly value: Progress }
  | { readonly ok: false; readonly again: Shown }

/** One page between a court's request and its answer. A step knows no other step. */
export type Step = {
  readonly name: string
  isDue(visit: Visit): boolean | Promise<boolean>
  /** Whether an answer is taken though the step is due no longer; absent means that it is not. */
  isOpen?(visit: Visit): boolean
  show(visit: Visit): Shown | Promise<Shown>
  take(visit: Visit, fields: Readonly<Record<string, string>>): Taken | Promise<Taken>
}

export function done(visit: Visit, more: Progress): Taken {
  const accountId = visit.person?.accountId
  return { ok: true, value: { ...visit.progress, ...(accountId && { accountId }), ...more } }
}
