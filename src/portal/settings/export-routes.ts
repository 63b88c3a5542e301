import Router from '@koa/router'
import { z } from 'zod'
import { accountExported } from '../../accounts/events.ts'
import { accountExportedMail } from '../../accounts/mails.ts'
import { findHolder, tellHolder } from '../../accounts/tell-holder.ts'
import { byAccount } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import type { FormOf } from '../../http/form-kit.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { paths } from '../../paths.ts'
import { inTransaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { dayAndTime, inWords } from '../../time-in-words.ts'
import type { AfterForm, PortalGate, PortalVisit } from '../portal-gate.ts'
import { exportContent } from './export-page.ts'
import { type ReadExportDeps, readExport } from './read-export.ts'
import { writeExport } from './write-export.ts'

export type ExportRouteDeps = ReadExportDeps & {
  readonly portal: PortalGate
  /** Files of one account. */
  readonly exportsPerAccount: Pick<WindowCounter, 'count'>
}

/** Each one reads everything that happened to an account; nobody needs more. */
export const exportLimit = { points: 5, seconds: 3600 }

const form = {
  name: 'export',
  page: paths.accountExport,
  schema: z.object({}),
  keeps: [],
} satisfies FormOf<z.ZodType>

const fresh = { isFresh: true }

/** Everything that is kept about a person, as a file for that person. */
export function exportRoutes(deps: ExportRouteDeps): Router {
  const router = new Router()
  router.get(
    paths.accountExport,
    deps.portal.page((visit) => content(visit), fresh),
  )
  router.post(
    paths.accountExport,
    deps.portal.form(form, (visit) => download(deps, visit), fresh),
  )
  return router
}

function content({ tokenFor }: PortalVisit, problem?: { heading: string; text: string }) {
  return exportContent({ action: paths.accountExport, csrf: tokenFor(form), problem })
}

async function download(deps: ExportRouteDeps, visit: PortalVisit): Promise<AfterForm> {
  const { db } = deps
  const { account, ctx, session } = visit
  const { retryAfterSeconds } = await deps.exportsPerAccount.count(account.id)
  if (retryAfterSeconds !== undefined) {
    ctx.set('Retry-After', String(retryAfterSeconds))
    const problem = {
      heading: 'You downloaded it several times',
      text: `No further file was made. Wait ${inWords(retryAfterSeconds)}, then try again.`,
    }
    return { ...content(visit, problem), status: 429 }
  }
  // What is likely to fail comes first.
  const head = await readExport(deps, session)
  const by = byAccount(account.id, requestOrigin(ctx))
  await inTransaction(db, async (tx) => {
    await recordEvent(tx, accountExported({ accountId: account.id, by }))
    const holder = await findHolder(tx, account.id)
    await tellHolder(tx, holder, accountExportedMail, { at: dayAndTime(now()) })
  })
  return {
    download: {
      fileName: `central-sign-on-${account.number}.json`,
      type: 'application/json',
      text: writeExport(deps, account.id, head),
    },
  }
}
