/** Longer texts are not compared: the effort grows with the product of their lengths. */
const maximumLength = 128

/**
 * The candidate that was probably meant by a mistyped text: the one with the fewest letters to change,
 * add, leave out or swap. Undefined where none is near: better no hint than a wrong one.
 */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  const text = typed.toLowerCase()
  if (text.length > maximumLength) return undefined
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - text.length) > allowed(candidate)) continue
    const distance = editDistance(text, candidate.toLowerCase())
    if (distance <= allowed(candidate) && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { candidate, distance }
    }
  }
  return best?.candidate
}

/** A third of the letters, one or two: whoever is further off meant something else. */
function allowed(candidate: string): number {
  return Math.min(2, Math.max(1, Math.floor(candidate.length / 3)))
}

/** Two neighbours that were swapped count once (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1
      let least = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + cost)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, beforeLast[column - 2]! + 1)
      }
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}
