import type Router from '@koa/router'
import type { Context } from 'koa'
import { now } from '../../clock.ts'
import { csrfToken } from '../../http/csrf.ts'
import type { WayBack } from '../../http/error-page.ts'
import { respond, seeOther, typedIn } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { requestOf, requestOrigin } from '../../http/request-context.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { paths } from '../../paths.ts'
import { isStorageFault } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { inWords } from '../../time-in-words.ts'
import { displayName } from '../account.ts'
import { stateOf } from '../account-state.ts'
import { stateWords } from '../state-words.ts'
import { findAccount } from '../store.ts'
import type { RegistrationBrowser } from './browser.ts'
import { keptFields, readRegistrationForm } from './form.ts'
import { renderLost } from './lost.ts'
import { accountFormPage, donePage, type PageProblem } from './pages.ts'
import { type RegisterDeps, type RegisterRefusal, registerAccount } from './register-account.ts'
import type { Registration } from './registration.ts'
import { extendRegistration, findConfirmed } from './store.ts'
import { type TakeFormDeps, takeOwnForm } from './take-form.ts'

export type FormRouteDeps = RegisterDeps &
  TakeFormDeps & {
    /** How often the form of one registration is sent: usernames are not tried out with it. */
    readonly formsPerRegistration: Pick<WindowCounter, 'count'>
    /** Where an application is begun; undefined for our own pages and for one that is not known. */
    findWayBack(clientId: string): Promise<WayBack | undefined>
  }

const formName = 'register-account'
const busySeconds = 5

/** From the confirmed address to the account. */
export function addFormRoutes(router: Router, deps: FormRouteDeps): void {
  const show = (
    ctx: Context,
    browser: RegistrationBrowser,
    email: string | undefined,
    about: {
      status?: number
      typed?: Fields
      summary?: PageProblem
      isLikeAnother?: boolean
      isOneMoreBar?: boolean
    } = {},
  ) => {
    const { status = 200, typed = {}, ...shown } = about
    const csrf = csrfToken(deps.csrfKey, browser.id, formName)
    const { nonce } = requestOf(ctx)
    respond(ctx, status, accountFormPage({ nonce, csrf, email, typed, ...shown }))
  }

  router.get(paths.registerForm, async (ctx) => {
    const found = await confirmedIn(deps, ctx)
    if (!found.ok) return renderLost(ctx, found.reason)
    const { browser, confirmed } = found.value
    if (confirmed.accountId) return seeOther(ctx, paths.registerDone)
    show(ctx, browser, confirmed.email)
  })

  router.post(paths.registerForm, async (ctx) => {
    const taken = await takeOwnForm(deps, ctx, formName)
    if (!taken) return
    const { browser, fields } = taken
    const typed = typedIn({ keeps: keptFields }, fields)
    try {
      const found = await confirmedIn(deps, ctx)
      // It may have been confirmed on another device meanwhile: what was typed here is not lost.
      if (!found.ok) {
        return show(ctx, browser, undefined, { typed, ...lostForm[found.reason] })
      }
      const { confirmed } = found.value
      if (confirmed.accountId) return seeOther(ctx, paths.registerDone)
      const again = (about: Parameters<typeof show>[3]) =>
        show(ctx, browser, confirmed.email, { typed, ...about })
      // The page stood open while the address was confirmed anew: each confirmation has its own visit.
      if (!taken.isOfVisit) return again({ status: 403, summary: earlierVisit })
      if (fields['do'] === 'add-bar') {
        await extendRegistration(deps.db, confirmed.id)
        return again({ isOneMoreBar: true })
      }
      const { retryAfterSeconds } = await deps.formsPerRegistration.count(confirmed.id)
      if (retryAfterSeconds !== undefined) {
        ctx.set('Retry-After', String(retryAfterSeconds))
        return again({ status: 429, summary: sentTooOften(retryAfterSeconds) })
      }
      const outcome = await registerAccount(
        deps,
        applicantOf(confirmed, browser, fields),
        requestOrigin(ctx),
      )
      if (outcome.ok) return seeOther(ctx, paths.registerDone)
      // Faster here (two clicks): it leads to the same account.
      if (outcome.reason === 'over') return seeOther(ctx, paths.registerForm)
      await extendRegistration(deps.db, confirmed.id)
      return again({ status: 422, ...refusalShown(outcome, fields) })
    } catch (error) {
      if (!isStorageFault(error)) throw error
      ctx.set('Retry-After', String(busySeconds))
      return show(ctx, browser, undefined, { status: 503, typed, summary: busy })
    }
  })

  router.get(paths.registerDone, async (ctx) => {
    const browser = deps.browsers.read(ctx)
    const used = browser && (await findConfirmed(deps.db, browser.mark))
    const account = used?.accountId && (await findAccount(deps.db, used.accountId))
    if (!used || !account || used.isOver) return renderLost(ctx, 'not-begun')
    const state = stateOf(account)
    const page = donePage({
      nonce: requestOf(ctx).nonce,
      name: displayName(account),
      username: account.username,
      number: account.number,
      review: state === 'in-review' ? stateWords({ state, held: null }) : undefined,
      wayBack: used.clientId ? await deps.findWayBack(used.clientId) : undefined,
    })
    respond(ctx, 200, page)
  })
}

/** The registration whose form this browser may see, also where its account is made; or why there is none. */
async function confirmedIn(
  { db, browsers }: FormRouteDeps,
  ctx: Context,
): Promise<
  Outcome<
    { readonly browser: RegistrationBrowser; readonly confirmed: Registration },
    'over' | 'not-confirmed'
  >
> {
  const browser = browsers.read(ctx)
  const confirmed = browser && (await findConfirmed(db, browser.mark))
  if (!browser || !confirmed) return refused('not-confirmed')
  return confirmed.isOver ? refused('over') : ok({ browser, confirmed })
}

/** What the form says that cannot be taken in this browser, above what was typed. */
const lostForm: Readonly<
  Record<'over' | 'not-confirmed', { readonly status: number; readonly summary: PageProblem }>
> = {
  'not-confirmed': lostAs(
    403,
    'Confirm your address in this browser first',
    'If you pressed the link on another device since, the form is open there. To go on here, enter',
  ),
  over: lostAs(410, 'Too much time has passed', 'To go on, enter'),
}

function lostAs(status: number, heading: string, enter: string) {
  return {
    status,
    summary: {
      heading,
      text: `No account was created here. What you typed is kept, but for your password. ${enter} your e-mail address again in another tab, at ${paths.register}, confirm it in this browser, and send this form again.`,
      help: 'If you need help with the form, call the PACER Service Center',
    },
  }
}

function applicantOf(registration: Registration, { mark }: RegistrationBrowser, fields: Fields) {
  const { email } = registration
  return {
    registration,
    mark,
    form: readRegistrationForm(fields, { at: now(), confirmedEmail: email }),
    ownWords: [email, fields['givenName'], fields['familyName'], fields['username']].flatMap(
      (word) => word ?? [],
    ),
    password: fields['password'] ?? '',
    isSecond: fields['second'] === 'yes',
  }
}

function refusalShown(
  refusal: Exclude<RegisterRefusal, { reason: 'over' }>,
  fields: Fields,
): { summary?: PageProblem; isLikeAnother?: boolean } {
  if (refusal.reason === 'like-another') return { isLikeAnother: true }
  const isPasswordRight = !refusal.problems.some(({ path }) => path[0] === 'password')
  const text =
    fields['password'] && isPasswordRight
      ? 'Everything else is kept. Type your password again: for your safety it is not.'
      : undefined
  return {
    summary: {
      heading: 'Your account is not created yet',
      ...(text && { text }),
      problems: refusal.problems,
    },
  }
}

function sentTooOften(retryAfterSeconds: number): PageProblem {
  return {
    heading: 'The form was sent too often',
    text: `What you typed is kept, but for your password. Wait ${inWords(retryAfterSeconds)}, then send it again.`,
    help: 'If you need help with the form, call the PACER Service Center',
  }
}

const earlierVisit: PageProblem = {
  heading: 'Check this, and send it once more',
  text: 'The page with the form was older than your newest confirmation. No account was created yet. What you typed is kept, but for your password: type it again.',
  help: 'If this comes again, call the PACER Service Center',
}

const busy: PageProblem = {
  heading: 'Central Sign-On is not available for a moment',
  text: 'What you typed is kept, but for your password. Wait a few seconds, type the password again, and send the form once more.',
  help: 'If it happens again, call the PACER Service Center',
}
