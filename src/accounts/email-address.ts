import type { Fields } from '../http/read-form.ts'
import { ok } from '../outcome.ts'
import { type Checked, wrong } from '../problem.ts'

declare const canonical: unique symbol
/** An address in the one form under which it is found: lower case. */
export type CanonicalEmail = string & { readonly [canonical]: true }

const longest = 254
/** What mail servers take everywhere. Source: RFC 5321 section 4.1.2, without quoted names. */
const pattern =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i

/** The field `email`: an address that mail can go to. */
export function readEmail(
  fields: Fields,
  { whose = 'your' }: { readonly whose?: 'your' | 'the' } = {},
): Checked<string> {
  const email = (fields['email'] ?? '').trim()
  if (email === '') return wrong('email', `Enter ${whose} e-mail address`)
  const isAddress = email.length <= longest && email.lastIndexOf('@') <= 64 && pattern.test(email)
  return isAddress
    ? ok(email)
    : wrong('email', `Check ${whose} e-mail address: write it like name@example.com`)
}

export function canonicalEmail(email: string): CanonicalEmail {
  return email.toLowerCase() as CanonicalEmail
}

/** Without a tag: `jane+courts@example.com` reaches the mailbox of `jane@example.com`. */
export function plainEmail(email: CanonicalEmail): string {
  return email.replace(/\+[^@]*@/, '@')
}

/** `plainEmail` of the stored canonical form, as SQL text that its index has as well. */
export function plainEmailSql(alias: string): string {
  return `regexp_replace(${alias}.email_canonical, '\\+[^@]*@', '@')`
}
