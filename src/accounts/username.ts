import { type Outcome, ok, refused } from '../outcome.ts'

declare const canonical: unique symbol
/** A username in the one form under which it is unique: NFKC, lower case. */
export type CanonicalUsername = string & { readonly [canonical]: true }

export type UsernameProblem = 'too-long' | 'too-short' | 'not-legacy-length' | 'forbidden-character'

const maximumLength = 64
const characters = /^[A-Za-z0-9._@-]+$/

/**
 * Checks a username that is to be stored. Legacy usernames have exactly 6 characters, upgraded ones
 * 8 to 64; letters and digits of ASCII with `. _ @ -`, so that no two look alike.
 * Source: https://www.alsb.uscourts.gov/nextgen (length); RFC 8265 (one canonical form).
 */
export function checkUsername(
  username: string,
  options: { isUpgraded: boolean },
): Outcome<CanonicalUsername, UsernameProblem> {
  if (username.length > maximumLength) return refused('too-long')
  if (!characters.test(username)) return refused('forbidden-character')
  if (options.isUpgraded && username.length < 8) return refused('too-short')
  if (!options.isUpgraded && username.length !== 6) return refused('not-legacy-length')
  return ok(username.toLowerCase() as CanonicalUsername)
}

/**
 * The canonical form of what somebody typed to sign in; full-width letters and capitals find the
 * same account. Undefined: no account can have this name. The length is capped before the text is
 * normalised, since normalising long runs of combining marks takes seconds.
 */
export function canonicalUsername(typed: string): CanonicalUsername | undefined {
  if (typed.length > 4 * maximumLength) return undefined
  const normalized = typed.normalize('NFKC').trim().toLowerCase()
  if (normalized.length > maximumLength || !characters.test(normalized)) return undefined
  return normalized as CanonicalUsername
}
