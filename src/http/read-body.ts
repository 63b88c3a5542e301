import coBody from 'co-body'
import type { Context } from 'koa'

/**
 * The body of a request as text, at most `limit` bytes. What is wrong with it is the sender's mistake:
 * thrown with its status, never a fault of ours.
 */
export async function readBody(ctx: Context, limit: number): Promise<string> {
  // No browser compresses a form, and nobody needs to be unpacked for.
  if (!['', 'identity'].includes(ctx.get('Content-Encoding').toLowerCase())) {
    ctx.throw(415, 'a body is not compressed', { expose: true })
  }
  try {
    return await coBody.text(ctx.req, { limit })
  } catch (error) {
    // Its code is one of a socket's, and would look like a store that broke off.
    if ((error as { type?: string }).type === 'request.aborted') {
      ctx.throw(400, 'the body ended early', { expose: true })
    }
    throw error
  }
}
