import type { Context, Middleware } from 'koa'
import type { Log } from '../log.ts'
import type { Outages } from '../outages.ts'
import { writeProblem } from './program-problem.ts'
import { requestOf } from './request-context.ts'

/** What went wrong, in the terms of the answer. */
export type Fault = {
  readonly status: number
  /** Seconds; present when the fault passes by itself. */
  readonly retryAfterSeconds: number | undefined
}

export type FaultOptions = {
  readonly log: Log
  /** Faults of what is away are told there, once a minute. */
  readonly outages: Pick<Outages, 'note'>
  /** Whether a thrown error means that a store or a queue did not answer. */
  isUnavailable(error: unknown): boolean
  /** The page for people; programs get JSON. */
  renderPage(ctx: Context, fault: Fault): string
}

const retryAfterSeconds = 2

/** The answer to a thrown error: its own status if it was meant for the caller, else 503 or 500. */
export function faultOf(error: unknown, isUnavailable: (error: unknown) => boolean): Fault {
  if (isUnavailable(error)) return { status: 503, retryAfterSeconds }
  const { status, expose } = error as { status?: number; expose?: boolean }
  return { status: expose && status ? status : 500, retryAfterSeconds: undefined }
}

/**
 * The one place that turns a thrown error into a response: nothing of it reaches the browser but a
 * plain sentence and the request id; the log has the rest.
 */
export function answerFaults(options: FaultOptions): Middleware {
  return async (ctx, next) => {
    try {
      await next()
      throwCaught(ctx, options)
    } catch (error) {
      const fault = faultOf(error, options.isUnavailable)
      if (fault.status >= 500) logFault(options, ctx, error)
      writeFault(ctx, fault, () => options.renderPage(ctx, fault))
      return
    }
    if (ctx.status === 404 && ctx.body === undefined) {
      const fault: Fault = { status: 404, retryAfterSeconds: undefined }
      writeFault(ctx, fault, () => options.renderPage(ctx, fault))
    }
  }
}

/**
 * The engine catches what is thrown inside it and leaves it with the request. For people it has asked
 * us for the page; programs it has told 500, also where a store is away for a moment.
 */
function throwCaught(ctx: Context, options: FaultOptions): void {
  const caught = requestOf(ctx).fault
  if (caught === undefined) return
  if (ctx.type !== 'text/html') throw caught
  logFault(options, ctx, caught)
}

function logFault(options: FaultOptions, ctx: Context, error: unknown): void {
  const about = { requestId: requestOf(ctx).requestId }
  if (options.isUnavailable(error)) options.outages.note(error, about)
  else options.log.error({ ...about, error }, 'request failed')
}

/**
 * Writes the status, and a page for callers that ask for one; a court's server asks for nothing.
 * @param detail told to programs alone.
 */
export function writeFault(ctx: Context, fault: Fault, page: () => string, detail?: string): void {
  ctx.status = fault.status
  if (fault.retryAfterSeconds !== undefined) ctx.set('Retry-After', String(fault.retryAfterSeconds))
  if (ctx.accepts('json', 'html') === 'html') {
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = page()
    return
  }
  writeProblem(ctx, fault.status, detail)
}
