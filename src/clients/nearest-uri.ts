/**
 * Of the registered addresses the one that a wrong one was most likely meant to be: it begins and ends
 * alike for the longest way. Undefined when none is registered.
 */
export function nearestUri(given: string, registered: readonly string[]): string | undefined {
  let nearest: string | undefined
  let most = -1
  for (const uri of registered) {
    const start = alike(given, uri, (text, index) => text.charCodeAt(index))
    const end = alike(given, uri, (text, index) => text.charCodeAt(text.length - 1 - index))
    // In `/a` and `/a/a` the same letters would count at both ends.
    const both = Math.min(start + end, given.length, uri.length)
    if (both > most) [nearest, most] = [uri, both]
  }
  return nearest
}

function alike(a: string, b: string, at: (text: string, index: number) => number): number {
  const shorter = Math.min(a.length, b.length)
  let count = 0
  while (count < shorter && at(a, count) === at(b, count)) count += 1
  return count
}
