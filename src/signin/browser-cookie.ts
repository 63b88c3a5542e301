import type { Context } from 'koa'
import { knownBrowserDays } from '../accounts/known-browsers.ts'
import { randomToken } from '../ids.ts'
import type { CookieKeys } from '../signing/cookie-keys.ts'

export type BrowserCookie = {
  /** The random identifier that this browser was given at a sign-in; undefined for a stranger. */
  read(ctx: Context): string | undefined
  /** After a sign-in: the browser keeps its identifier, or is given one. */
  write(ctx: Context, browser: string): void
}

const pattern = /^([\w-]{43})\.([\w-]{43})$/

export function newBrowser(): string {
  return randomToken(32)
}

/**
 * A cookie for nothing but the place in the line: no page and no token is told of it. It is signed so
 * that an invented one costs no question to the database.
 */
export function createBrowserCookie(options: {
  keys: CookieKeys
  isHttps: boolean
}): BrowserCookie {
  const { keys, isHttps } = options
  const name = isHttps ? '__Host-known-browser' : 'cso-known-browser'
  const signed = (browser: string) => `known-browser ${browser}`

  return {
    read(ctx) {
      const [, browser = '', signature = ''] = pattern.exec(ctx.cookies.get(name) ?? '') ?? []
      return browser && keys.verify(signed(browser), signature) ? browser : undefined
    },
    write(ctx, browser) {
      ctx.cookies.set(name, `${browser}.${keys.sign(signed(browser))}`, {
        signed: false,
        httpOnly: true,
        sameSite: 'lax',
        secure: isHttps,
        path: '/',
        maxAge: knownBrowserDays * 24 * 3600 * 1000,
        overwrite: true,
      })
    },
  }
}
