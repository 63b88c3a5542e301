import type { KeyObject } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Context, Middleware } from 'koa'
import type { z } from 'zod'
import { type AccountFacts, displayName } from '../accounts/account.ts'
import { findFacts } from '../efiling/facts.ts'
import { csrfToken } from '../http/csrf.ts'
import { type FormOf, type Posted, respond, seeOther } from '../http/form-kit.ts'
import type { Freshness, OwnSessionGate } from '../http/own-session.ts'
import { requestOf } from '../http/request-context.ts'
import { type FileToKeep, sendDocument } from '../http/send-document.ts'
import type { TimeOnPage } from '../http/session-warning.ts'
import { signOutFormOf } from '../http/sign-out-form.ts'
import type { PostedFile, UploadForm } from '../http/upload-form.ts'
import type { OwnSession } from '../sessions/own-session.ts'
import { mayGoOn, renderBarred } from '../signin/may-go-on.ts'
import type { Database } from '../storage/db.ts'
import { type PortalContent, portalPage } from './frame.ts'

/** One request to a page under `/account`, of somebody who is signed in and may use the account. */
export type PortalVisit = {
  readonly ctx: Context
  readonly session: OwnSession
  readonly account: AccountFacts
  readonly isStaff: boolean
  /** The time of the session begins again; how long it goes on from now. Asked for a page, not for a form. */
  use(): Promise<TimeOnPage>
  /** The hidden token of a form on this page. */
  tokenFor(form: { readonly name: string }): string
}

/** A page, with its status where that is not 200. */
export type PortalAnswer = PortalContent & { readonly status?: number | undefined }

/** A page, or where the browser is sent on to, where there is nothing to see here now. */
export type AfterPage = PortalAnswer | { readonly to: string }

/** What a browser keeps as a file. It is made while it is sent: a fault in between breaks the answer off. */
export type Download = {
  readonly fileName: string
  /** Its media type. */
  readonly type: string
  readonly text: AsyncIterable<string>
}

/** What comes of a form: a page, where the browser is sent on to with a GET, or a file. */
export type AfterForm = PortalAnswer | { readonly to: string } | { readonly download: Download }

/** What stands before every page under `/account`, and puts it into the frame. */
export type PortalGate = {
  page(
    show: (visit: PortalVisit) => AfterPage | Promise<AfterPage>,
    options?: Freshness,
  ): Middleware
  form<Schema extends z.ZodType>(
    form: FormOf<Schema>,
    take: (visit: PortalVisit, posted: Posted<z.output<Schema>>) => AfterForm | Promise<AfterForm>,
    options?: Freshness,
  ): Middleware
  upload(
    form: UploadForm,
    take: (visit: PortalVisit, posted: PostedFile) => AfterForm | Promise<AfterForm>,
  ): Middleware
  /** A file of somebody's own, for that person to keep; the page where there is none. */
  file(find: (visit: PortalVisit) => Promise<FileToKeep | PortalAnswer>): Middleware
}

export function createPortalGate(deps: {
  readonly db: Database
  readonly csrfKey: KeyObject
  readonly gate: OwnSessionGate<OwnSession>
}): PortalGate {
  const { db, csrfKey, gate } = deps

  const visitOf = async (ctx: Context, session: OwnSession): Promise<PortalVisit | undefined> => {
    const facts = await findFacts(db, session.accountId, [], session.uid)
    if (!facts) return renderBarred(ctx, 'closed')
    if (!mayGoOn(ctx, facts.account)) return undefined
    const { account, isStaff } = facts
    let time: Promise<TimeOnPage> | undefined
    return {
      ctx,
      session,
      account,
      isStaff,
      async use() {
        time ??= session.use(isStaff).then(({ idleSeconds, endsAt }) => ({
          idleMinutes: idleSeconds / 60,
          endsAt,
        }))
        return time
      },
      tokenFor: ({ name }) => csrfToken(csrfKey, session.uid, name),
    }
  }

  const answer = async (
    visit: PortalVisit,
    path: string,
    { status = 200, ...content }: PortalAnswer,
  ) => {
    const { ctx, account, session } = visit
    const page = portalPage({
      ...content,
      nonce: requestOf(ctx).nonce,
      path,
      signedInAs: {
        name: displayName(account),
        username: account.username,
        ...signOutFormOf(csrfKey, session.uid),
      },
      session: await visit.use(),
    })
    respond(ctx, status, page)
  }

  return {
    page: (show, options) =>
      gate.page(async (ctx, session) => {
        const visit = await visitOf(ctx, session)
        if (!visit) return
        const after = await show(visit)
        if ('to' in after) seeOther(ctx, after.to)
        else await answer(visit, ctx.path, after)
      }, options),
    form: (form, take, options) =>
      gate.form(
        form,
        async (ctx, session, posted) => {
          const visit = await visitOf(ctx, session)
          if (!visit) return
          const after = await take(visit, posted)
          if ('to' in after) seeOther(ctx, after.to)
          else if ('download' in after) sendFile(ctx, after.download)
          else await answer(visit, form.page, after)
        },
        options,
      ),
    upload: (form, take) =>
      gate.upload(form, async (ctx, session, posted) => {
        const visit = await visitOf(ctx, session)
        if (!visit) return
        const after = await take(visit, posted)
        if ('to' in after) seeOther(ctx, after.to)
        else if (!('download' in after)) await answer(visit, form.page, after)
      }),
    file: (find) =>
      gate.page(async (ctx, session) => {
        const visit = await visitOf(ctx, session)
        if (!visit) return
        const found = await find(visit)
        if ('bytes' in found) sendDocument(ctx, found)
        else await answer(visit, ctx.path, found)
      }),
  }
}

function sendFile(ctx: Context, { fileName, type, text }: Download): void {
  ctx.attachment(fileName)
  ctx.type = type
  // No more of it is made than the browser takes.
  ctx.body = Readable.from(text)
}
