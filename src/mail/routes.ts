import Router from '@koa/router'
import { requestOf } from '../http/request-context.ts'
import { paths } from '../paths.ts'
import type { Mailbox } from './mailbox.ts'
import { mailboxPage } from './pages.ts'

/** `/mailbox`: what was sent, to whoever asks. Only where there is no mail server, on this machine. */
export function mailboxRoutes(deps: { mailbox: Mailbox }): Router {
  const router = new Router()
  router.get(paths.mailbox, (ctx) => {
    ctx.type = 'html'
    ctx.body = mailboxPage({ nonce: requestOf(ctx).nonce, mails: deps.mailbox.mails })
  })
  return router
}
