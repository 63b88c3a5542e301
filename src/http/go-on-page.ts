import type { Context } from 'koa'
import { loadTemplates, renderShell, webAddress } from './page-shell.ts'
import { requestOf } from './request-context.ts'
import { leaveFormsOpen } from './security-headers.ts'

const template = loadTemplates()

/** What the page says to who sees it: without scripts and with automatic refreshing switched off. */
export type GoOnWords = { readonly title: string; readonly text: string; readonly button: string }

const plainWords: GoOnWords = {
  title: 'One moment',
  text: 'This page goes on by itself. If it does not, choose the button.',
  button: 'Continue',
}

/**
 * Answers a form with a page that goes on by itself, where a redirect could end at a court: Chromium
 * and WebKit apply `form-action` to every redirect that follows a form, Firefox to none, and a page
 * starts a navigation of its own. A script replaces this page, so that Back leads to the form; a
 * refresh serves a browser without scripts, and a link whoever has neither.
 * Source: CSP Level 3 section 6.4.1; HTML section 4.2.5.3 (refresh).
 * @param to a path of our own or a whole web address; it may be several kilobytes long.
 * @throws Error for anything else: a script address in a link would run.
 */
export function goOn(ctx: Context, to: string, words: GoOnWords = plainWords): void {
  if (!isOwnPath(to) && webAddress(to) === undefined) {
    throw new Error('a page can go on to a web address only')
  }
  respond(ctx, 200, {
    title: words.title,
    goOnTo: to,
    body: template('go-on', { ...words, to }),
  })
}

/**
 * Sends a response to a court as a form (`response_mode=form_post`) from a page of ours, by itself or
 * with the button. The court's address may redirect to anywhere, and a browser would check each of
 * these redirects against `form-action`: the page has this one form, whose address is registered, and
 * no `form-action`.
 * Source: OAuth 2.0 Form Post Response Mode, section 2.
 * @param fields trusted names; the values are escaped.
 */
export function goOnByForm(
  ctx: Context,
  to: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  if (webAddress(to) === undefined) throw new Error('a form can go to a web address only')
  leaveFormsOpen(ctx)
  const status = 'error' in fields ? 400 : 200
  const inputs = Object.entries(fields).map(([name, value]) => ({ name, value: String(value) }))
  const { nonce } = requestOf(ctx)
  respond(ctx, status, {
    title: plainWords.title,
    body: template('go-on-by-form', { ...plainWords, to, inputs, nonce }),
  })
}

function isOwnPath(to: string): boolean {
  return /^\/(?![/\\])/.test(to)
}

function respond(
  ctx: Context,
  status: number,
  page: { title: string; body: string; goOnTo?: string },
) {
  ctx.status = status
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = renderShell({ ...page, nonce: requestOf(ctx).nonce })
}
