import { paths } from '../paths.ts'

const validForMilliseconds = 90 * 86_400_000

/**
 * `security.txt`: whom to tell of a weakness. It says for how long it may be believed: ninety days
 * from the moment it was asked for (less than a year, as the RFC recommends).
 * @param contacts addresses to use, the preferred one first: `mailto:`, `https:` or `tel:`.
 * @see https://www.rfc-editor.org/rfc/rfc9116#section-2.5
 */
export function securityText(issuer: string, contacts: readonly string[], at: Date): string {
  const expires = new Date(at.getTime() + validForMilliseconds)
  return [
    ...contacts.map((contact) => `Contact: ${contact}`),
    `Expires: ${expires.toISOString().slice(0, 19)}Z`,
    'Preferred-Languages: en',
    `Canonical: ${issuer}${paths.securityText}`,
    '',
  ].join('\n')
}
