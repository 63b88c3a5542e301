import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import { createOwnCookie } from '../../http/own-cookie.ts'
import { randomToken } from '../../ids.ts'
import { registrationMark } from './registration.ts'

/** The browser in which somebody registers. */
export type RegistrationBrowser = {
  /** The random value of its cookie: what the tokens of its forms are bound to. */
  readonly id: string
  /** What rows know it by. */
  readonly mark: string
}

export type RegistrationBrowsers = {
  /** Undefined for one that shows no cookie. */
  read(ctx: Context): RegistrationBrowser | undefined
  /** The same, and one without a cookie is given one. */
  ensure(ctx: Context): RegistrationBrowser
  /**
   * The cookie that counts from the confirmation on: a page that confirms an address draws one, and sends it
   * with the form. One that somebody left in the browser before is of no use behind it, and the same form
   * sent twice, or sent again after its answer was lost, is of the same browser.
   */
  draw(): string
  /** @param drawn what came with the form; anything else is as good as nothing, and drawn anew. */
  drawn(drawn: string | undefined): RegistrationBrowser
  keep(ctx: Context, browser: RegistrationBrowser): void
}

const pattern = /^[\w-]{43}$/

/** A cookie that ends with the browser. It says nothing of who it is, and nothing is kept for it by itself. */
export function createRegistrationBrowsers(options: {
  readonly key: KeyObject
  readonly isHttps: boolean
}): RegistrationBrowsers {
  const cookie = createOwnCookie('registration', options.isHttps)
  const browser = (id: string) => ({ id, mark: registrationMark(options.key, id) })
  const read = (ctx: Context) => {
    const id = cookie.read(ctx)
    return id && pattern.test(id) ? browser(id) : undefined
  }
  return {
    read,
    ensure(ctx) {
      const known = read(ctx)
      if (known) return known
      const id = randomToken()
      cookie.write(ctx, id)
      return browser(id)
    },
    draw: randomToken,
    drawn: (drawn) => browser(drawn && pattern.test(drawn) ? drawn : randomToken()),
    keep: (ctx, { id }) => cookie.write(ctx, id),
  }
}
