import type { Context } from 'koa'
import { knownBrowserDays } from '../accounts/known-browsers.ts'
import { createOwnCookie } from '../http/own-cookie.ts'
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
  const cookie = createOwnCookie('knownBrowser', isHttps)
  const signed = (browser: string) => `known-browser ${browser}`

  return {
    read(ctx) {
      const [, browser = '', signature = ''] = pattern.exec(cookie.read(ctx) ?? '') ?? []
      return browser && keys.verify(signed(browser), signature) ? browser : undefined
    },
    write(ctx, browser) {
      const value = `${browser}.${keys.sign(signed(browser))}`
      cookie.write(ctx, value, knownBrowserDays * 24 * 3600)
    },
  }
}
