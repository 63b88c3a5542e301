import { callAddress } from '../../courts/office.ts'

/** The partial that shows one value of a change, line by line. */
export const changeTemplates = new URL('./templates/', import.meta.url)

const telephone = /^\(\d{3}\) \d{3}-\d{4}/

/** The lines of a value, each with what a link calls where it is a telephone number. */
export function changeLines(lines: readonly string[]) {
  return lines.map((text) => ({
    text,
    call: telephone.test(text) ? callAddress(text) : undefined,
  }))
}
