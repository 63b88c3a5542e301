import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import { csrfToken, isOwnForm } from '../../http/csrf.ts'
import { formRefusalPage } from '../../http/fault-page.ts'
import { readFields, respond } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { requestOf } from '../../http/request-context.ts'
import { tokenInLink } from '../../paths.ts'
import type { DeadLink } from './dead-links.ts'
import { deadLinkPage } from './pages.ts'

export type LinkFormDeps = { readonly issuer: string; readonly csrfKey: KeyObject }

/** The link is of no use: it is gone, and was there once or never. */
export function showDead(ctx: Context, link: DeadLink): undefined {
  return respond(ctx, 410, deadLinkPage({ ...link, nonce: requestOf(ctx).nonce }))
}

/** The fields of a form of ours; undefined when it is not taken and the page that says so is rendered. */
export async function readOwn(
  { csrfKey: key, issuer }: LinkFormDeps,
  ctx: Context,
  visit: string,
  form: string,
): Promise<Fields | undefined> {
  const fields = await readFields(ctx)
  if (!fields) return undefined
  if (isOwnForm(ctx, { key, issuer, visit, form, token: fields['csrf'] })) return fields
  return respond(ctx, 403, formRefusalPage(ctx, 403, 'foreign-form'))
}

export function tokenFor({ csrfKey }: LinkFormDeps, token: string, form: string): string {
  return csrfToken(csrfKey, token, form)
}

/** The token in the path. */
export function tokenOf(ctx: Context): string {
  return tokenInLink(ctx.path)
}
