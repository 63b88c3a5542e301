import type { Context } from 'koa'
import { createOwnCookie } from '../http/own-cookie.ts'
import { randomToken } from '../ids.ts'
import { notesOf } from './request-notes.ts'

export type InteractionCookie = {
  /** The mark that this browser shows; undefined when it shows none. */
  read(ctx: Context): string | undefined
  /** The mark of this browser, given to it now if it has none. */
  ensure(ctx: Context): string
}

/** 128 random bits in base64url. */
const pattern = /^[\w-]{22}$/

/**
 * The one cookie by which a browser is known through all its open interactions: a random value that
 * says nothing, ends with the browser and is never changed while it is there, so that forty opened
 * pages leave one cookie. Source: NIST SP 800-63B-4 section 5.1.1.
 */
export function createInteractionCookie(isHttps: boolean): InteractionCookie {
  const cookie = createOwnCookie('interaction', isHttps)
  const read = (ctx: Context) => {
    const value = cookie.read(ctx)
    return value !== undefined && pattern.test(value) ? value : undefined
  }

  return {
    read,
    ensure(ctx) {
      const notes = notesOf(ctx)
      const known = read(ctx) ?? notes.browserMark
      if (known) return known
      const fresh = randomToken(16)
      notes.browserMark = fresh
      cookie.write(ctx, fresh)
      return fresh
    },
  }
}
