import type { Context } from 'koa'
import { faultPage } from '../http/fault-page.ts'
import { type Fault, faultOf, writeFault } from '../http/faults.ts'
import { isSignOutPath } from '../paths.ts'
import { isStorageFault } from '../storage/db.ts'
import { type RefusedRequest, refusalWords, signOutFault } from './fault-words.ts'

/** The page for what went wrong on the way to a page. */
export function renderFault(ctx: Context, fault: Fault): string {
  return faultPage(ctx, fault, isSignOutPath(ctx.path) ? signOutFault(fault) : {})
}

/** Answers a person whose court's request the authorization server refuses, or fails to answer. */
export function answerRefusal(ctx: Context, refused: RefusedRequest): void {
  const fault = faultOf(refused.cause, isStorageFault)
  writeFault(ctx, fault, () =>
    faultPage(ctx, fault, { words: refusalWords(fault, refused), askedBy: refused.askedBy }),
  )
}
