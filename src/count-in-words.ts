/** How many, as it is written: `5,000`. */
export function inDigits(count: number): string {
  return count.toLocaleString('en-US')
}
