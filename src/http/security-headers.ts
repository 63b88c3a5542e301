import type { Context, Middleware } from 'koa'
import { programPaths } from '../paths.ts'
import { requestOf } from './request-context.ts'

/**
 * Sets the headers of every response before anything answers; what answers may loosen only what it
 * must (`leaveFormsOpen`, its own Cache-Control). Source: OWASP ASVS 5.0 3.4; CSP Level 3.
 */
export function securityHeaders(options: { issuer: string }): Middleware {
  const always = {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(options.issuer.startsWith('https:') && {
      'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
    }),
  }
  const forPages = {
    ...always,
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  }
  const forPrograms = {
    ...always,
    'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
  }
  // What guards a page in a browser says nothing where only programs call.
  const forProgramsOnly = new Set(programPaths)

  return async (ctx, next) => {
    if (forProgramsOnly.has(ctx.path)) ctx.set(forPrograms)
    else {
      ctx.set(forPages)
      ctx.set('Content-Security-Policy', policy(requestOf(ctx).nonce))
    }
    await next()
  }
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join(';')
}

/**
 * Takes `form-action` off this page: its one form goes to a court, whose answer may redirect to
 * addresses that nobody registered with us, and a browser checks these too.
 */
export function leaveFormsOpen(ctx: Context): void {
  const current = ctx.response.get('Content-Security-Policy')
  ctx.set('Content-Security-Policy', current.replace(/form-action [^;]*;?/, ''))
}
