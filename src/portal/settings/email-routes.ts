import type { KeyObject } from 'node:crypto'
import Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import { askEmailChange } from '../../accounts/ask-email-change.ts'
import { confirmEmailChange, findEmailChangeLink } from '../../accounts/confirm-email-change.ts'
import { readEmail } from '../../accounts/email-address.ts'
import { findOpenEmailChange, isAddressRefused } from '../../accounts/email-change-store.ts'
import { withdrawEmailChange } from '../../accounts/withdraw-email-change.ts'
import { byAccount } from '../../audit/by.ts'
import type { FormOf } from '../../http/form-kit.ts'
import { requestOf, requestOrigin } from '../../http/request-context.ts'
import { networkOf } from '../../networks.ts'
import { confirmEmailPath, paths, tokenInLink } from '../../paths.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { inWords } from '../../time-in-words.ts'
import type { PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { deadEmailLinks } from './dead-email-links.ts'
import {
  confirmEmailContent,
  deadEmailLinkContent,
  type EmailPageProblem,
  emailContent,
} from './email-page.ts'

export type EmailRouteDeps = {
  readonly db: Database
  readonly key: KeyObject
  readonly portal: PortalGate
  /** Mails to one account or address, and from one network. */
  readonly mailsPerName: Pick<WindowCounter, 'count'>
  readonly mailsPerNetwork: Pick<WindowCounter, 'count'>
  /** What an address is counted under. */
  hashOf(email: string): string
}

const change = {
  name: 'email',
  page: paths.accountEmail,
  schema: z.object({ email: z.string().default('') }),
  keeps: ['email'],
} satisfies FormOf<z.ZodType>

const withdrawal = {
  name: 'email-withdrawal',
  page: paths.accountEmail,
  schema: z.object({}),
  keeps: [],
} satisfies FormOf<z.ZodType>

/** Of one link: its token is that of the session, and its page that of the link. */
const confirmationOf = (token: string) =>
  ({
    name: 'email-confirmation',
    page: confirmEmailPath(token),
    schema: z.object({}),
    keeps: [],
  }) satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** The e-mail address of the account: another one is asked for here, and confirmed from its mailbox. */
export function emailRoutes(deps: EmailRouteDeps): Router {
  const { db, key, portal } = deps
  const router = new Router()

  router.get(
    paths.accountEmail,
    portal.page((visit) => show(deps, visit, { done: doneIn(visit.ctx) }), fresh),
  )

  router.post(
    paths.accountEmail,
    portal.form(
      change,
      async (visit, posted) => {
        const typed = posted.ok ? posted.value.email : (posted.typed['email'] ?? '')
        const again = (status: number, problem: EmailPageProblem) =>
          show(deps, visit, { status, typed, problem })
        if (!posted.ok) {
          return again(422, { heading: 'Send it once more', problems: posted.problems })
        }
        const email = readEmail(posted.value)
        if (!email.ok) {
          return again(422, { heading: 'The address cannot be used', problems: email.problems })
        }
        const waitSeconds = await countMail(deps, visit, email.value)
        if (waitSeconds !== undefined) {
          visit.ctx.set('Retry-After', String(waitSeconds))
          return again(429, tooMany(waitSeconds))
        }
        const { id: accountId } = visit.account
        const by = byAccount(accountId, requestOrigin(visit.ctx))
        const asked = await inTransaction(db, (tx) =>
          askEmailChange(tx, { accountId, email: email.value }, by),
        )
        if (asked.ok) return { to: `${paths.accountEmail}?done=asked` }
        return again(422, refusals[asked.reason])
      },
      fresh,
    ),
  )

  router.post(
    paths.accountEmailWithdrawal,
    portal.form(withdrawal, async ({ ctx, account }) => {
      const by = byAccount(account.id, requestOrigin(ctx))
      // Where none waits any more, the page says so by itself.
      await inTransaction(db, (tx) => withdrawEmailChange(tx, account.id, by))
      return { to: `${paths.accountEmail}?done=withdrawn` }
    }),
  )

  router.get(
    confirmEmailPath(':token'),
    portal.page(async (visit) => {
      const token = tokenInLink(visit.ctx.path)
      const found = await findEmailChangeLink({ db, key }, { accountId: visit.account.id, token })
      if (!found.ok) return { ...deadEmailLinkContent(deadEmailLinks[found.reason]), status: 410 }
      const { toEmail, fromEmail } = found.value
      const form = confirmationOf(token)
      const csrf = visit.tokenFor(form)
      return confirmEmailContent({ action: form.page, csrf, toEmail, fromEmail })
    }),
  )

  router.post(confirmEmailPath(':token'), (ctx, next) => {
    const token = tokenInLink(ctx.path)
    const take = portal.form(confirmationOf(token), async ({ account: { id: accountId } }) => {
      const by = byAccount(accountId, requestOrigin(ctx))
      const confirmed = await confirmEmailChange({ db, key }, { accountId, token }, by)
      if (confirmed.ok) return { to: `${paths.accountEmail}?done=changed` }
      return { ...deadEmailLinkContent(deadEmailLinks[confirmed.reason]), status: 410 }
    })
    return take(ctx, next)
  })

  return router
}

const refusals: Readonly<Record<'same-address' | 'not-possible', EmailPageProblem>> = {
  'same-address': {
    heading: 'This is your e-mail address already',
    problems: [{ path: ['email'], message: 'Enter another e-mail address' }],
  },
  'not-possible': {
    heading: 'The address cannot be changed now',
    help: 'Call the PACER Service Center',
  },
}

function tooMany(waitSeconds: number): EmailPageProblem {
  return {
    heading: 'You asked for this several times',
    text: `No further message was sent. Check the e-mail of the new address, and its spam or junk folder. Wait ${inWords(waitSeconds)}, then try again.`,
    help: 'If no message comes, call the PACER Service Center',
  }
}

/** @returns for how many seconds no further mail is sent. */
async function countMail(
  { mailsPerNetwork, mailsPerName, hashOf }: EmailRouteDeps,
  { ctx, account }: PortalVisit,
  email: string,
): Promise<number | undefined> {
  const network = await mailsPerNetwork.count(networkOf(requestOf(ctx).address))
  if (network.retryAfterSeconds !== undefined) return network.retryAfterSeconds
  const ofAccount = await mailsPerName.count(account.id)
  if (ofAccount.retryAfterSeconds !== undefined) return ofAccount.retryAfterSeconds
  return (await mailsPerName.count(hashOf(email))).retryAfterSeconds
}

async function show(
  { db }: EmailRouteDeps,
  visit: PortalVisit,
  state: {
    status?: number
    typed?: string
    problem?: EmailPageProblem
    done?: 'asked' | 'withdrawn' | 'changed' | undefined
  },
): Promise<PortalAnswer> {
  const { account, tokenFor } = visit
  const [open, isRefused] = await Promise.all([
    findOpenEmailChange(db, account.id),
    isAddressRefused(db, account.id),
  ])
  const { status, ...shown } = state
  return {
    ...emailContent({
      ...shown,
      // Anybody can write an address: what it says is shown where it is true.
      done: isTrue(state.done, { isOpen: open !== undefined }) ? state.done : undefined,
      action: paths.accountEmail,
      csrf: tokenFor(change),
      email: account.email,
      isConfirmed: account.isEmailVerified,
      isRefused,
      open,
      withdraw: { action: paths.accountEmailWithdrawal, csrf: tokenFor(withdrawal) },
    }),
    status,
  }
}

function isTrue(
  done: 'asked' | 'withdrawn' | 'changed' | undefined,
  { isOpen }: { isOpen: boolean },
): boolean {
  return done === 'asked' ? isOpen : !isOpen
}

function doneIn(ctx: Context) {
  const { done } = ctx.query
  return done === 'asked' || done === 'withdrawn' || done === 'changed' ? done : undefined
}
