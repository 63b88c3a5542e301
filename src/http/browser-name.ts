/** As browsers name themselves; the first that fits counts, since most of them claim to be others, too. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bWindows\b/, 'Windows'],
  [/\b(?:iPhone|iPod)\b/, 'an iPhone'],
  [/\biPad\b/, 'an iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'a Chromebook'],
  [/\bMac(?:intosh|_PowerPC)?\b/, 'a Mac'],
  [/\b(?:Linux|X11)\b/, 'Linux'],
]

/** Longer than any browser sends. */
const longestRead = 512

/**
 * A browser in words: `Firefox on Windows`. It is what the browser says of itself, which anybody can make
 * say anything, so that nothing is decided by it.
 * @param userAgent the header `User-Agent`; of others than browsers it tells nothing.
 */
export function browserName(userAgent: string): string {
  const text = userAgent.slice(0, longestRead)
  const find = (names: typeof browsers) => names.find(([pattern]) => pattern.test(text))?.[1]
  const [browser, system] = [find(browsers), find(systems)]
  if (!browser) return system ? `A browser on ${system}` : 'An unknown browser'
  return system ? `${browser} on ${system}` : browser
}
