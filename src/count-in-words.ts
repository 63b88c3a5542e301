/** How many, as it is written: `5,000`. */
export function inDigits(count: number): string {
  return count.toLocaleString('en-US')
}

/** So many of something: `1 account`, `5,000 accounts`. */
export function counted(count: number, what: string): string {
  return `${inDigits(count)} ${what}${count === 1 ? '' : 's'}`
}
