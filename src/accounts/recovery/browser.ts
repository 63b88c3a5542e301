import type { Context } from 'koa'
import { createOwnCookie } from '../../http/own-cookie.ts'
import { randomToken } from '../../ids.ts'

export type RecoveryBrowsers = {
  /** The random value of the browser's cookie, which the tokens of its forms are bound to. */
  read(ctx: Context): string | undefined
  /** The same, and one without a cookie is given one. */
  ensure(ctx: Context): string
}

const pattern = /^[\w-]{43}$/

/** A cookie that ends with the browser. It says nothing of who it is, and nothing is kept for it. */
export function createRecoveryBrowsers(isHttps: boolean): RecoveryBrowsers {
  const cookie = createOwnCookie('recovery', isHttps)
  const read = (ctx: Context) => {
    const id = cookie.read(ctx)
    return id && pattern.test(id) ? id : undefined
  }
  return {
    read,
    ensure(ctx) {
      const known = read(ctx)
      if (known) return known
      const id = randomToken()
      cookie.write(ctx, id)
      return id
    },
  }
}
