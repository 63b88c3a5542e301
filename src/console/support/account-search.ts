import { accountNumberPattern } from '../../accounts/account.ts'
import { canonicalEmail, plainEmail } from '../../accounts/email-address.ts'
import { type CanonicalUsername, canonicalUsername } from '../../accounts/username.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'

/** What accounts are found by: whatever the typed words can be. */
export type AccountSearch = {
  readonly number: string | null
  /** Also one that its account had once. */
  readonly username: CanonicalUsername | null
  /** Without a tag. */
  readonly email: string | null
  readonly names: readonly { readonly family: string; readonly given: string }[]
}

/** An e-mail address is not longer, and a name is less. */
const longestSearch = 254
const mostWordsOfName = 6

/**
 * Reads what was typed to find an account: its number, its username, its e-mail address, or a name.
 * Of a name the family name has to be whole; of the given names the beginning is enough.
 */
export function readSearch(typed: string): Outcome<AccountSearch, 'empty' | 'too-long'> {
  if (typed.length > longestSearch) return refused('too-long')
  const text = typed.normalize('NFC').trim().replace(/\s+/g, ' ')
  if (text === '') return refused('empty')
  const number = text.replace(/[ -]/g, '')
  return ok({
    number: accountNumberPattern.test(number) ? number : null,
    username: canonicalUsername(text) ?? null,
    email: text.includes('@') ? plainEmail(canonicalEmail(text)) : null,
    names: namesIn(text),
  })
}

/** `Doe, Jane` is one name; of `Jane Quincy Doe` each end may be the family name. */
function namesIn(text: string): AccountSearch['names'] {
  if (!/^[\p{L}\p{M}.,'’ -]+$/u.test(text)) return []
  const [before = '', after] = text.split(',', 2)
  if (after !== undefined) return [{ family: before.trim(), given: after.trim() }]
  const words = text.split(' ')
  if (words.length > mostWordsOfName) return []
  return words.map((_, index) => ({
    family: words.slice(index).join(' '),
    given: words.slice(0, index).join(' '),
  }))
}
