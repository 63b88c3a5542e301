import type { Context } from 'koa'
import type { Client } from '../clients/client.ts'
import { wayBackTo } from '../clients/way-back.ts'
import { faultPage } from '../http/fault-page.ts'
import { writeFault } from '../http/faults.ts'
import { goOn } from '../http/go-on-page.ts'
import { requestOf } from '../http/request-context.ts'
import { signOutPaths } from '../paths.ts'
import { signOutFault } from './fault-words.ts'
import { signedOutPage, signOutPage, stillSignedInPage } from './pages.ts'

type Asking = { readonly client: Client | undefined }

/** The pages on the way out, as answers. */
export function signOutPages() {
  return {
    question(
      ctx: Context,
      {
        client,
        ...question
      }: Asking & Omit<Parameters<typeof signOutPage>[0], 'nonce' | 'askedBy'>,
    ): void {
      answer(ctx, signOutPage({ ...nonceOf(ctx), ...question, askedBy: wayBackTo(client) }))
    },
    signedOut(ctx: Context, client: Client | undefined): void {
      answer(ctx, signedOutPage({ ...nonceOf(ctx), askedBy: wayBackTo(client) }))
    },
    stillSignedIn(ctx: Context, client: Client | undefined): void {
      const askedBy = wayBackTo(client)
      answer(
        ctx,
        stillSignedInPage({ ...nonceOf(ctx), signOutAddress: signOutPaths.question, askedBy }),
      )
    },
    goOn(ctx: Context, address: string, client: Client | undefined): void {
      const place = wayBackTo(client)?.place ?? 'the court'
      goOn(ctx, address, {
        title: 'You are signed out',
        text: `You are going back to ${place}. If this page does not go on by itself, choose the button.`,
        button: `Go back to ${place}`,
      })
    },
    tooMany(ctx: Context, retryAfterSeconds: number): void {
      const fault = { status: 429, retryAfterSeconds }
      writeFault(ctx, fault, () => faultPage(ctx, fault, signOutFault(fault)))
    },
  }
}

function nonceOf(ctx: Context): { nonce: string } {
  return { nonce: requestOf(ctx).nonce }
}

function answer(ctx: Context, page: string): void {
  // A question that is asked again after a foreign form keeps that answer's status.
  if (ctx.status === 404) ctx.status = 200
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = page
}
