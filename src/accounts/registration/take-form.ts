import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import { isForeign, isOwnForm } from '../../http/csrf.ts'
import { formRefusalPage } from '../../http/fault-page.ts'
import { readFields, respond } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { RegistrationBrowser, RegistrationBrowsers } from './browser.ts'
import { renderLost } from './lost.ts'

export type TakeFormDeps = {
  readonly issuer: string
  readonly csrfKey: KeyObject
  readonly browsers: RegistrationBrowsers
}

export type TakenForm = {
  readonly browser: RegistrationBrowser
  readonly fields: Fields
  /** False for the page of another visit of the same browser: nothing is done with it. */
  readonly isOfVisit: boolean
}

/**
 * Reads a form of a registration: sizes before anything, then whose it is.
 * @returns undefined when the form is not taken and the page that says so is rendered.
 */
export async function takeOwnForm(
  { issuer, csrfKey: key, browsers }: TakeFormDeps,
  ctx: Context,
  form: string,
): Promise<TakenForm | undefined> {
  const fields = await readFields(ctx)
  if (!fields) return undefined
  if (isForeign(ctx, issuer)) {
    respond(ctx, 403, formRefusalPage(ctx, 403, 'foreign-form'))
    return undefined
  }
  const browser = browsers.read(ctx)
  if (!browser) {
    renderLost(ctx, 'no-cookie')
    return undefined
  }
  const token = fields['csrf']
  const isOfVisit = isOwnForm(ctx, { key, issuer, visit: browser.id, form, token })
  return { browser, fields, isOfVisit }
}
