import { type Refused, refused } from '../outcome.ts'

/** What was given as keys or secrets is none; `problem` says what is wrong, and never repeats a value. */
export type Unusable = { readonly reason: 'unusable'; readonly problem: string }

export function unusable(problem: string): Refused<Unusable> {
  return refused('unusable', { problem })
}
