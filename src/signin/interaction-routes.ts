import Router from '@koa/router'
import type { Context } from 'koa'
import type { ClientDirectory } from '../clients/directory.ts'
import { isOwnForm } from '../http/csrf.ts'
import { formRefusalPage } from '../http/fault-page.ts'
import { readFields } from '../http/form-kit.ts'
import { goOn } from '../http/go-on-page.ts'
import { paths, signInCancelPath, signInPath } from '../paths.ts'
import { type AnsweredFacts, createAnsweredFacts } from './answered-facts.ts'
import { nextStep } from './dispatch.ts'
import { withoutEnded } from './ended-sign-in.ts'
import type { Interaction, Interactions } from './interaction.ts'
import { lostPage } from './lost-page.ts'
import type { Shown, Step } from './steps/step.ts'
import { steps } from './steps/table.ts'
import { addressOf, openVisit, type StepDeps, type Visit } from './visit.ts'

export type InteractionRouteDeps = Omit<StepDeps, 'password'> & {
  readonly directory: ClientDirectory
  readonly interactions: Interactions
  readonly issuer: string
}

/**
 * `/sign-in/{interaction}`: shows the step that is due and takes its answer, as often as one is due;
 * then the engine is entered, once.
 */
export function interactionRoutes(deps: InteractionRouteDeps): Router {
  const router = new Router()
  const { interactions } = deps
  const answered = createAnsweredFacts()

  const giveUp = ({ ctx, interaction, progress }: Visit) =>
    interactions.save(ctx, interaction.uid, { ...progress, hasGivenUp: true })

  router.get(signInPath(':uid'), async (ctx) => {
    const visit = await visitOf(deps, ctx, answered)
    if (!visit) return
    const step = await nextStep(visit)
    if (step) return respond(ctx, await step.show(visit))
    // Signed in in another tab meanwhile: there is nothing left to ask.
    redirect(ctx, interactions.endOf(visit.interaction))
  })

  router.post(signInPath(':uid'), async (ctx, next) => {
    const visit = await visitOf(deps, ctx)
    if (!visit) return
    const due = await nextStep(visit)
    const form = await takeForm(deps, ctx, visit, due)
    if (!form) return
    const { step } = form
    // A page of before (Back, two tabs): what is due now is shown, and nothing is taken.
    if (step !== due && !step.isOpen?.(visit)) {
      return redirect(ctx, addressOf(visit))
    }
    const taken = await step.take(visit, form.fields)
    if (!taken.ok) {
      if (taken.reason === 'ended') return redirect(ctx, addressOf(visit))
      await interactions.extend(ctx, visit.interaction.uid)
      return respond(ctx, taken.again)
    }
    const { facts } = taken.value
    // Whoever gave up, went back and answers after all wants to go on.
    const { hasGivenUp: _, ...progress } = taken.value.progress
    const isSaved = await interactions.save(ctx, visit.interaction.uid, progress)
    // Another answer came first (two clicks, two tabs): the person goes on from there.
    if (!isSaved) return redirect(ctx, addressOf(visit))
    const after = openVisit(visit.deps, ctx, { ...visit, progress, facts }, visit)
    const isDone = !(await nextStep(after))
    const known = await after.facts()
    if (isDone) {
      await interactions.enter(ctx, visit.interaction, known, next)
      return goOnToCourt(ctx)
    }
    if (known) answered.keep(visit.interaction.uid, known)
    redirect(ctx, addressOf(visit))
  })

  router.post(signInCancelPath(':uid'), async (ctx) => {
    const visit = await visitOf(deps, ctx)
    if (!visit) return
    const form = await takeForm(deps, ctx, visit)
    if (!form) return
    const isSaved = await giveUp(visit)
    if (!isSaved) {
      // An answer from another tab came between: giving up is about that one, too.
      const later = await visitOf(deps, ctx)
      if (!later) return
      await giveUp(later)
    }
    const end = interactions.endOf(visit.interaction)
    const shown = await form.step.showGivenUp?.(visit, end)
    return shown ? respond(ctx, shown) : goOn(ctx, end)
  })

  // Asked by tabs that wait at a sign-in page. Without a cookie it costs nothing, with one a single read.
  router.get(paths.signedIn, async (ctx) => {
    const session = await interactions.findSession(ctx)
    ctx.body = { isSignedIn: session !== undefined }
  })

  return router
}

/**
 * The visit; undefined when there is none and the page that says why is rendered.
 * @param answered has what the page before was decided from, where this request decides nothing.
 */
async function visitOf(
  deps: InteractionRouteDeps,
  ctx: Context,
  answered?: AnsweredFacts,
): Promise<Visit | undefined> {
  const found = await deps.interactions.find(ctx, String(ctx['params'].uid))
  if (!found.ok) {
    const page = await lostPage(deps, ctx, found)
    return respond(ctx, { status: 410, page })
  }
  const visit = await openFound(deps, ctx, found.value, answered)
  if (visit) return visit
  const page = await lostPage(deps, ctx, { reason: 'expired' })
  return respond(ctx, { status: 410, page })
}

/** Undefined where the client is there no longer. */
export async function openFound(
  deps: InteractionRouteDeps,
  ctx: Context,
  interaction: Interaction,
  answered?: AnsweredFacts,
): Promise<Visit | undefined> {
  const client = await deps.directory.find(interaction.clientId)
  if (!client) return undefined
  const session = await deps.interactions.findSession(ctx)
  const stepDeps = { ...deps, password: deps.interactions.password }
  const about = { interaction, client, session }
  const visit = openVisit(stepDeps, ctx, about)
  const facts = answered?.take(interaction.uid, visit.person?.accountId)
  return withoutEnded(facts ? openVisit(stepDeps, ctx, { ...about, facts }) : visit)
}

type PostedForm = { step: Step; fields: Readonly<Record<string, string>> }

/** The posted form and whose it is; undefined when it was refused and the refusal is rendered. */
async function takeForm(
  deps: InteractionRouteDeps,
  ctx: Context,
  visit: Visit,
  /** Whose form it is, most times: the others are tried after it. */
  likely?: Step,
): Promise<PostedForm | undefined> {
  const fields = await readFields(ctx)
  if (!fields) return undefined
  const isFormOf = ({ name }: Step) =>
    isOwnForm(ctx, {
      key: deps.csrfKey,
      visit: visit.interaction.uid,
      form: name,
      token: fields['csrf'],
      issuer: deps.issuer,
    })
  const step = likely && isFormOf(likely) ? likely : steps.find(isFormOf)
  if (!step) {
    return respond(ctx, { status: 403, page: formRefusalPage(ctx, 403, 'foreign-form') })
  }
  return { step, fields }
}

function respond(ctx: Context, shown: Shown): undefined {
  ctx.status = shown.status
  if (shown.retryAfterSeconds !== undefined) ctx.set('Retry-After', String(shown.retryAfterSeconds))
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = shown.page
  return undefined
}

/** Where the engine's answer to a form leads away from here, a page goes there by itself. */
function goOnToCourt(ctx: Context): void {
  const to = ctx.response.get('Location')
  if (!to || to.startsWith('/')) return
  ctx.remove('Location')
  goOn(ctx, to)
}

function redirect(ctx: Context, to: string): void {
  ctx.redirect(to)
  ctx.status = 303
}
