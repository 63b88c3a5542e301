import { type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Context } from 'koa'
import { keyedHash } from '../ids.ts'

/**
 * The synchroniser token of a form: bound to the key, to what identifies the browser's visit (an
 * interaction, a session) and to the one form. Needs no store, and a token of one visit is of no use
 * in another. Source: OWASP ASVS 5.0 3.5.1; NIST SP 800-63B-4 section 5.1.
 */
export function csrfToken(key: KeyObject, visit: string, form: string): string {
  return keyedHash(key, JSON.stringify([visit, form]))
}

/** Whether a POST comes from our own form: the token fits, and the browser says nothing else. */
export function isOwnForm(
  ctx: Context,
  options: {
    key: KeyObject
    visit: string
    form: string
    token: string | undefined
    issuer: string
  },
): boolean {
  if (isForeign(ctx, options.issuer)) return false
  const expected = Buffer.from(csrfToken(options.key, options.visit, options.form))
  const presented = Buffer.from(options.token ?? '')
  return presented.length === expected.length && timingSafeEqual(presented, expected)
}

/** Whether the browser says that a POST comes from somebody else's page. */
export function isForeign(ctx: Context, issuer: string): boolean {
  const site = ctx.get('Sec-Fetch-Site')
  if (site && site !== 'same-origin' && site !== 'none') return true
  const origin = ctx.get('Origin')
  // A page that sends no referrer makes its forms say `Origin: null`.
  return origin !== '' && origin !== 'null' && origin !== issuer
}
