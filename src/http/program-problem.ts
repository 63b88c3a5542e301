import { STATUS_CODES } from 'node:http'
import type { Context } from 'koa'
import { documentPaths, isEnginePath } from '../paths.ts'
import { requestOf } from './request-context.ts'

/**
 * Tells a program what went wrong, in one shape (`application/problem+json`) with the request id. Where
 * a library of OpenID Connect asks, it is the shape that such libraries read, with the same id.
 * @param detail one sentence for whoever writes the program; never a value that was sent.
 * @see https://www.rfc-editor.org/rfc/rfc9457 and RFC 6749 section 5.2
 */
export function writeProblem(ctx: Context, status: number, detail?: string): void {
  const { requestId: request_id } = requestOf(ctx)
  ctx.status = status
  if (isEnginePath(ctx.path) || documentPaths.includes(ctx.path)) {
    ctx.type = 'application/json'
    ctx.body = {
      error: status >= 500 ? 'temporarily_unavailable' : 'invalid_request',
      ...(detail !== undefined && { error_description: detail }),
      request_id,
    }
    return
  }
  ctx.type = 'application/problem+json'
  ctx.body = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...(detail !== undefined && { detail }),
    request_id,
  }
}
