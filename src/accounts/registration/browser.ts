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
  }
}
