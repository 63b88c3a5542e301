import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import { z } from 'zod'
import type { UsernameRefusal } from '../../accounts/change-username.ts'
import { readUsername, usernameHadBefore, usernameTaken } from '../../accounts/person/username.ts'
import { canonicalUsername } from '../../accounts/username.ts'
import { byAccount } from '../../audit/by.ts'
import type { FormOf, Posted } from '../../http/form-kit.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { refused } from '../../outcome.ts'
import { paths } from '../../paths.ts'
import type { BrowserCookie } from '../../signin/browser-cookie.ts'
import { renameAccount } from '../../signin/rename-account.ts'
import type { Database } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import { findJustNow } from '../just-now.ts'
import type { AfterForm, PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { legacyUsernameContent, usernameContent } from './username-page.ts'

export type UsernameRouteDeps = {
  readonly db: Database
  readonly portal: PortalGate
  /** Keys what is stored by a name. */
  readonly identifierKey: KeyObject
  readonly browserCookie: Pick<BrowserCookie, 'read'>
  readonly formsPerAccount: Pick<WindowCounter, 'count'>
}

const form = {
  name: 'change-username',
  page: paths.changeUsername,
  schema: z.object({ username: z.string().default(''), from: z.string().default('') }),
  keeps: ['username', 'from'],
} satisfies FormOf<z.ZodType>

type Typed = z.output<typeof form.schema>

/** *Change username*: in a sign-in of a moment ago. */
export function usernameRoutes(deps: UsernameRouteDeps): Router {
  const { portal } = deps
  const router = new Router()
  const isFresh = true

  router.get(
    paths.changeUsername,
    portal.page((visit) => show(deps, visit), { isFresh }),
  )
  router.post(
    paths.changeUsername,
    portal.form(form, (visit, posted) => take(deps, visit, posted), { isFresh }),
  )
  return router
}

async function show(
  { db }: UsernameRouteDeps,
  visit: PortalVisit,
  again?: { typed: string; problem: FormTrouble },
): Promise<PortalAnswer> {
  const { account, ctx } = visit
  const { username, type, isUpgraded, email, isEmailVerified } = account
  if (!isUpgraded) return legacyUsernameContent({ username, canUpgrade: type === 'individual' })
  // Anybody can write an address that says so; it is said where it is true.
  const saysSo = !again && ctx.query['changed'] !== undefined
  const justNow = saysSo ? await findJustNow(db, account.id, event) : undefined
  return usernameContent({
    action: paths.changeUsername,
    csrf: visit.tokenFor(form),
    username,
    confirmedEmail: isEmailVerified ? (email ?? undefined) : undefined,
    changedAt: justNow?.recordedAt,
    ...again,
  })
}

async function take(
  deps: UsernameRouteDeps,
  visit: PortalVisit,
  posted: Posted<Typed>,
): Promise<AfterForm> {
  const { account, ctx } = visit
  const typed = posted.ok ? posted.value.username : (posted.typed['username'] ?? '')
  const again = async (status: number, problem: FormTrouble): Promise<AfterForm> => ({
    ...(await show(deps, visit, { typed, problem })),
    status,
  })
  if (!posted.ok) return again(422, { ...notChanged, problems: posted.problems })
  const confirmedEmail = account.isEmailVerified ? (account.email ?? '') : ''
  const to = readUsername(posted.value, confirmedEmail)
  if (!to.ok) return again(422, { ...notChanged, problems: to.problems })
  const tooOften = await countForm(deps.formsPerAccount, visit, form)
  if (tooOften) return again(429, tooOften)
  // What no account can have as its name is the present one of none.
  const from = canonicalUsername(posted.value.from)
  const browser = deps.browserCookie.read(ctx)
  const renamed = from
    ? await renameAccount(
        deps,
        { accountId: account.id, from, to: to.value, browser },
        byAccount(account.id, requestOrigin(ctx)),
      )
    : refused('changed-meanwhile')
  if (renamed.ok) return changed
  // Of two that were sent at once the second one has nothing to do: the page says what it is now.
  const isOver = renamed.reason === 'changed-meanwhile' || renamed.reason === 'same-username'
  if (isOver && (await findJustNow(deps.db, account.id, event))) return changed
  return again(422, refusals[renamed.reason])
}

const event = 'account.username-changed'
const changed = { to: `${paths.changeUsername}?changed` } as const
const notChanged = { heading: 'Your username was not changed' } as const

const wrongUsername = (message: string): FormTrouble => ({
  ...notChanged,
  problems: [{ path: ['username'], message }],
})

const refusals: Readonly<Record<UsernameRefusal, FormTrouble>> = {
  'username-taken': wrongUsername(usernameTaken),
  'had-before': wrongUsername(usernameHadBefore),
  'same-username': wrongUsername('Choose another username: this is the one you have'),
  'changed-meanwhile': {
    ...notChanged,
    text: 'It was changed since this page was opened. If you want another one all the same, send this again.',
  },
  'not-possible': { ...notChanged, help: 'Call the PACER Service Center' },
}
