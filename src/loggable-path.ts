import { linkStart, resumePath, signInPath } from './paths.ts'

const withIdentifier = new RegExp(`^(${signInPath('')}|${resumePath('')})[^/]+`)
/** The token of a mail's link has 43 characters: anything as long may have one in it. */
const asLongAsToken = /[A-Za-z0-9_-]{43,}/g

/**
 * Interaction identifiers are as good as a cookie for fifteen minutes, and the token of a mail's link is
 * all that it takes: logs see the path without them. Programs that read mails add a dot or a bracket to
 * a link, so nothing is shown of what follows its start; nor what follows `%`, which no path of ours has.
 */
export function loggablePath(path: string): string {
  const start = linkStart(path)
  if (start) return `${start}…`
  const shown = path.replace(withIdentifier, '$1…').replace(asLongAsToken, '…')
  return shown.replace(/%.*/s, '%…')
}
