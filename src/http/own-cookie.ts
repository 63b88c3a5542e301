import type { Context } from 'koa'

/**
 * Every cookie that is set here; the page on privacy and operate.md name them all. `__Host-` keeps what
 * stands below the parent domain from setting it; browsers take it over https only, so that over plain
 * http on loopback each bears another name of ours (decision 0014).
 * Source: RFC 6265bis section 4.1.3.2.
 */
const names = {
  session: { https: '__Host-session', http: 'cso-session' },
  interaction: { https: '__Host-cso-interaction', http: 'cso-interaction' },
  kept: { https: '__Host-cso-kept', http: 'cso-kept' },
  registration: { https: '__Host-cso-registration', http: 'cso-registration' },
  recovery: { https: '__Host-cso-recovery', http: 'cso-recovery' },
  knownBrowser: { https: '__Host-known-browser', http: 'cso-known-browser' },
} as const

export type CookieKind = keyof typeof names

export const cookieKinds = Object.keys(names) as readonly CookieKind[]

export function cookieName(kind: CookieKind, isHttps: boolean): string {
  return isHttps ? names[kind].https : names[kind].http
}

/** A cookie of ours beside the session's: not signed, for this host and every path of it alone. */
export type OwnCookie = {
  read(ctx: Context): string | undefined
  /** Without an end it ends with the browser. */
  write(ctx: Context, value: string, maxAgeSeconds?: number): void
  remove(ctx: Context): void
}

export function createOwnCookie(kind: Exclude<CookieKind, 'session'>, isHttps: boolean): OwnCookie {
  const name = cookieName(kind, isHttps)
  const options = {
    httpOnly: true,
    sameSite: 'lax',
    secure: isHttps,
    path: '/',
    signed: false,
    overwrite: true,
  } as const
  return {
    read: (ctx) => ctx.cookies.get(name, { signed: false }),
    write(ctx, value, maxAgeSeconds) {
      const maxAge = maxAgeSeconds === undefined ? undefined : maxAgeSeconds * 1000
      ctx.cookies.set(name, value, { ...options, ...(maxAge !== undefined && { maxAge }) })
    },
    remove(ctx) {
      ctx.cookies.set(name, null, options)
    },
  }
}
