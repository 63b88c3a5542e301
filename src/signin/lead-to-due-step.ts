import type { Middleware } from 'koa'
import { resumedUid } from '../paths.ts'
import { nextStep } from './dispatch.ts'
import { type InteractionRouteDeps, openFound } from './interaction-routes.ts'
import { addressOf } from './visit.ts'

/**
 * Stands before the engine, which the last answer enters by itself. Whoever calls the end of an interaction
 * before it is time is led to the step that is due, and has no session: the engine would save one first,
 * and only then ask what is due.
 */
export function leadToDueStep(deps: InteractionRouteDeps): Middleware {
  return async (ctx, next) => {
    const uid = resumedUid(ctx.path)
    const found = uid === undefined ? undefined : await deps.interactions.find(ctx, uid)
    if (!found?.ok || found.value.progress.hasGivenUp) return next()
    const visit = await openFound(deps, ctx, found.value)
    if (!visit || !(await nextStep(visit))) return next()
    ctx.redirect(addressOf(visit))
    ctx.status = 303
  }
}
