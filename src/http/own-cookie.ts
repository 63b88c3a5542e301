import type { Context } from 'koa'

/** A cookie of ours beside the session's: not signed, for this host and every path of it alone. */
export type OwnCookie = {
  read(ctx: Context): string | undefined
  /** Without an end it ends with the browser. */
  write(ctx: Context, value: string, maxAgeSeconds?: number): void
  remove(ctx: Context): void
}

/**
 * `__Host-` keeps what stands below the parent domain from setting it; browsers take it over https
 * only, so that over plain http on loopback it bears another name of ours.
 * Source: RFC 6265bis section 4.1.3.2.
 */
export function createOwnCookie(
  names: { readonly https: `__Host-${string}`; readonly http: `cso-${string}` },
  isHttps: boolean,
): OwnCookie {
  const name = isHttps ? names.https : names.http
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
