import { Readable } from 'node:stream'
import type { Context } from 'koa'

/** A file that a browser keeps. */
export type FileToKeep = {
  /** With an ending that fits its type. */
  readonly name: string
  readonly type: string
  /** In bytes; undefined where it is made while it is sent. */
  readonly size?: number | undefined
  readonly bytes: AsyncIterable<Buffer>
}

/**
 * Answers with somebody else's file: to be kept and not to be shown, under headers of its own, so that
 * whatever is in it does nothing here. Source: OWASP ASVS 5.0 5.4.1 and 3.2.1.
 */
export function sendDocument(ctx: Context, { name, type, size, bytes }: FileToKeep): void {
  ctx.attachment(name)
  ctx.type = type
  ctx.set('Content-Security-Policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('Cache-Control', 'no-store')
  // No more of it is read than the browser takes.
  ctx.body = Readable.from(bytes)
  if (size !== undefined) ctx.length = size
}
