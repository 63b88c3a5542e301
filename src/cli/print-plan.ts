import { type Change, problemText } from '../problem.ts'
import type { LocatedProblem } from './apply-file.ts'
import type { Plan, PlannedItem, PlannedState } from './plan.ts'

/** What was done with a file, or would be: what is not unchanged, then the numbers. */
export function* planLines(
  file: string,
  plan: Plan,
  { isCheck, isWritten }: { readonly isCheck: boolean; readonly isWritten: boolean },
): Generator<string> {
  const isRefused = plan.problems.length > 0 || !(isWritten || isCheck)
  const counts = countsText(plan.items)
  const end = isCheck
    ? `${file}: ${counts} (only checked, nothing is written)`
    : isRefused
      ? `${file}: nothing is written (${counts})`
      : `${file}: ${counts}`
  for (const item of plan.items) yield* itemLines(item, isRefused && !isCheck)
  yield end
}

/** `people.yaml:12:5: accounts.3.username: is missing` */
export function problemLine(file: string, problem: LocatedProblem): string {
  return `${file}:${problem.line}:${problem.column}: ${problemText(problem)}`
}

function countsText(items: readonly PlannedItem[]): string {
  const count = (state: PlannedState) => items.filter((item) => item.state === state).length
  const states: readonly PlannedState[] = ['created', 'changed', 'unchanged', 'refused']
  return states
    .map((state) => [state, count(state)] as const)
    .filter(([state, number]) => number > 0 || state !== 'refused')
    .map(([state, number]) => `${number} ${state}`)
    .join(', ')
}

function itemLines({ kind, id, state, changes, warnings }: PlannedItem, isRefused: boolean) {
  const notes = warnings.map((warning) => `warning   ${kind} ${id}: ${warning}`)
  // With a refusal nothing is done, and a list of what is not done would hide why.
  if (state === 'unchanged' || (isRefused && state !== 'refused')) return notes
  return [`${state.padEnd(10)}${kind} ${id}`, ...changes().map(changeLine), ...notes]
}

function changeLine({ member, from, to }: Change): string {
  if (from === undefined) return `            ${member}: ${to}`
  return `            ${member}: ${from} -> ${to ?? '(taken away)'}`
}
