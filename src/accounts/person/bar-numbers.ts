import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import { type Checked, hasProblems, type Problem } from '../../problem.ts'
import { stateNames } from '../../state-names.ts'

/** Under which number somebody is admitted to the bar of a state; what a court asks is that court's own. */
export type BarNumber = {
  /** The postal abbreviation. */
  readonly state: string
  readonly number: string
}

/** So many a form takes. */
export const mostBarNumbers = 10
const pattern = /^[\p{L}\p{N}][\p{L}\p{N} ./-]{0,31}$/u

/** The names of the two fields of a row, from 1. */
export function barFields(row: number): { readonly state: string; readonly number: string } {
  return { state: `barState${row}`, number: `barNumber${row}` }
}

/** The fields of as many rows as a form takes. */
export const barNumberFields: readonly string[] = Array.from(
  { length: mostBarNumbers },
  (_, index) => barFields(index + 1),
).flatMap(({ state, number }) => [state, number])

/** Bar numbers as the fields of a form. */
export function barNumbersTyped(barNumbers: readonly BarNumber[]): Fields {
  return Object.fromEntries(
    barNumbers.flatMap(({ state, number }, index) => {
      const names = barFields(index + 1)
      return [
        [names.state, state],
        [names.number, number],
      ]
    }),
  )
}

/** How many rows a form has: as many as came with it, at least one. */
export function countBarRows(fields: Fields): number {
  let rows = 1
  while (rows < mostBarNumbers && barFields(rows + 1).state in fields) rows += 1
  return rows
}

/** The rows `barState1`, `barNumber1` and so on; an empty one says nothing, and the same one twice once. */
export function readBarNumbers(fields: Fields): Checked<readonly BarNumber[]> {
  const problems: Problem[] = []
  const found = new Map<string, BarNumber>()
  for (let row = 1; row <= countBarRows(fields); row += 1) {
    const names = barFields(row)
    const state = fields[names.state] ?? ''
    const number = (fields[names.number] ?? '').trim().replace(/\s+/g, ' ')
    if (state === '' && number === '') continue
    if (!Object.hasOwn(stateNames, state)) {
      problems.push({ path: [names.state], message: 'Choose the state of this bar number' })
    }
    if (!pattern.test(number)) {
      const message =
        number === ''
          ? 'Enter the bar number, or choose no state beside it'
          : 'Check the bar number: it has at most 32 letters and digits'
      problems.push({ path: [names.number], message })
    }
    found.set(`${state} ${number.toLowerCase()}`, { state, number })
  }
  return problems.length > 0 ? hasProblems(problems) : ok([...found.values()])
}
