import type { Context, Middleware } from 'koa'
import { networkOf } from '../networks.ts'
import {
  enginePaths,
  isAccountPath,
  isRecoverPath,
  isRegisterPath,
  isSignInPath,
  isStaffPath,
  signInIdentifier,
} from '../paths.ts'
import { faultPage } from './fault-page.ts'
import type { Fault } from './faults.ts'
import { writeFault } from './faults.ts'
import { requestOf } from './request-context.ts'

/**
 * Counts opened pages per network; beyond the limit 429 with `Retry-After`. Forms have limits of their
 * own, and what courts' servers call is not counted here: one court is one address, and proves who it is.
 */
export function limitPages(options: {
  counter: { count(key: string): Promise<{ readonly retryAfterSeconds: number | undefined }> }
  /** What a sign-in page will read, begun together with the count: one way to the store for both. */
  prefetchSignIn(ctx: Context, uid: string): void
}): Middleware {
  return async (ctx, next) => {
    // A HEAD stores as much as a GET.
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    if (!isRead || !isLimited(ctx.path)) return next()
    const counted = options.counter.count(networkOf(requestOf(ctx).address))
    const uid = signInIdentifier(ctx.path)
    if (uid) options.prefetchSignIn(ctx, uid)
    const { retryAfterSeconds } = await counted
    if (retryAfterSeconds === undefined) return next()
    const fault: Fault = { status: 429, retryAfterSeconds }
    writeFault(ctx, fault, () => faultPage(ctx, fault))
  }
}

/** The pages that cost a row or a read of somebody's facts. */
function isLimited(path: string): boolean {
  return (
    path === enginePaths.authorization ||
    isAccountPath(path) ||
    isRecoverPath(path) ||
    isRegisterPath(path) ||
    isSignInPath(path) ||
    isStaffPath(path)
  )
}
